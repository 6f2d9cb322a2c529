import { ALL_PARTS, functionName, nounsOf } from '../../lambda/contract.ts';
import { fingerprintOf } from '../../lambda/domain/secret-value.ts';
import { isLocalAwsInstalled } from '../aws/local/start.ts';
import { Cast } from './cast.ts';
import { late } from './late.ts';
import { leak } from './leak.ts';
import { LocalAccount } from './local-account.ts';
import { relay } from './relay.ts';
import { retire } from './retire.ts';
import { deploy, handIn, rotate } from './rotate.ts';
import { stranger } from './stranger.ts';
import { chapter, say, seconds, width } from './telling.ts';

async function play(cast: Cast) {
  await deploy(cast);
  await handIn(cast);
  await rotate(cast);
  await stranger(cast);
  const promoted = cast.account.clock.offset();
  await retire(cast);
  await late(cast, promoted);
  await leak(cast);
  await relay(cast);
  await proveNoLeak(cast);
}

async function proveNoLeak({ account, keys, printed }: Cast) {
  chapter('Was a key printed anywhere?');
  const logs = await Promise.all(
    nounsOf(ALL_PARTS).map((noun) => account.logLines(functionName('dev', noun))),
  );
  const usage = await account.usageLines();
  const lines = [...printed, ...logs.flat(), ...usage].flatMap((text) => text.split('\n'));
  const values = Object.values(keys);
  const leaks = lines.filter((line) => values.some((key) => line.includes(key)));
  say(
    `${leaks.length} of ${lines.length} lines of output, messages and logs hold one of the keys.`,
  );
  if (leaks.length > 0) throw new Error('a key was printed');
  const { inUse, next, late } = keys;
  say(`They are named by fingerprint: ${[inUse, next, late].map(fingerprintOf).join(', ')}.`);
}

if (!isLocalAwsInstalled()) {
  say('The demo needs the local AWS: install Python 3.10 or later with venv, then run it again.');
  process.exit(1);
}
const begun = Date.now();
const account = await LocalAccount.open(width);
try {
  await play(new Cast(account));
  say(`All of it took ${seconds(Date.now() - begun)}.\n`);
} finally {
  await account.close();
}
