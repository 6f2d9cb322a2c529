import { randomBytes } from 'node:crypto';
import { functionName, secretName } from '../../lambda/contract.ts';
import { fingerprintOf } from '../../lambda/domain/secret-value.ts';
import { isLocalAwsInstalled } from '../aws/local/start.ts';
import { LocalAccount } from './local-account.ts';
import { chapter, say, sayHowLong, seconds, showCommand, showTable, width } from './telling.ts';

const SECRET = secretName('dev', 'web');
const ROTATION = functionName('dev', 'rotation');
const DEV = ['--env', 'dev', '--key', 'web'];
const generateKey = () => randomBytes(16).toString('hex');

async function tell(account: LocalAccount) {
  const inUse = generateKey();
  const next = generateKey();
  const stolen = generateKey();
  account.amplitude.generate(inUse);
  account.amplitude.generate(next);

  chapter('Deploy the stack to a local AWS');
  await sayHowLong('cdk bootstrap', account.bootstrap());
  await sayHowLong('cdk deploy AmplitudeKeys-dev', account.deploy('AmplitudeKeys-dev'));

  chapter('Hand in the key that is in use today');
  await type(account, ['stage', ...DEV, '--name', 'web, in use'], inUse);
  await type(account, ['rotate', ...DEV]);

  chapter('A key that Amplitude rejects is not taken');
  await type(account, ['stage', ...DEV, '--name', 'web, revoked'], stolen);

  chapter('Rotate: the next key becomes current, the replaced one is retained');
  await type(account, ['stage', ...DEV, '--name', 'web, next'], next);
  const before = await account.labels(SECRET);
  const seen = (await account.logLines(ROTATION)).length;
  await type(account, ['rotate', ...DEV]);
  const steps = (await account.logLines(ROTATION)).slice(seen);
  showTable(['STEP', 'WHAT IT DOES', 'TOOK'], stepsIn(steps));
  showTable(
    ['VERSION', 'LABELS BEFORE', 'LABELS AFTER'],
    changes(before, await account.labels(SECRET)),
  );

  chapter('How it stands');
  await type(account, ['status', ...DEV]);
  await type(account, ['verify', ...DEV]);
  await type(account, ['which', '--env', 'dev'], inUse);

  chapter('Was a key printed anywhere?');
  const lines = [
    ...printed,
    ...(await account.logLines(ROTATION)),
    ...(await account.logLines(functionName('dev', 'inspect'))),
  ].flatMap((text) => text.split('\n'));
  const leaks = lines.filter((line) => [inUse, next, stolen].some((key) => line.includes(key)));
  say(`${leaks.length} of ${lines.length} lines of output and logs hold one of the three keys.`);
  if (leaks.length > 0) throw new Error('a key was printed');
  say(`They are named by fingerprint: ${fingerprintOf(inUse)}, ${fingerprintOf(next)}.`);
}

const printed: string[] = [];

async function type(account: LocalAccount, args: readonly string[], key?: string) {
  const { output } = await account.keyctl(args, key);
  printed.push(output);
  const words = args.map((word) => (word.includes(' ') ? `'${word}'` : word)).join(' ');
  showCommand(`npx keyctl ${words}`, output);
}

const DOES: Record<string, string> = {
  createSecret: 'takes the staged key, asks Amplitude, puts it as AWSPENDING',
  setSecret: 'nothing: a person generated the key at Amplitude',
  testSecret: 'asks Amplitude once more about the pending key',
  finishSecret: 'labels the current key, moves AWSCURRENT, cleans up, notifies',
};

/** From the function's own log: a line begins each step, one ends it with its duration. */
function stepsIn(lines: readonly string[]): string[][] {
  const rows: string[][] = [];
  let step = '';
  for (const { message, metadata } of lines.flatMap(parsed)) {
    if (message === 'Step begins') step = metadata.step;
    if (message === 'Done') rows.push([step, DOES[step] ?? '', `${metadata.duration_ms} ms`]);
  }
  return rows;
}

function parsed(line: string) {
  return line.startsWith('{"timestamp"') ? [JSON.parse(line)] : [];
}

function changes(before: Record<string, string[]>, after: Record<string, string[]>): string[][] {
  const versions = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const told = (labels?: string[]) => labels?.toSorted().join(' ') ?? '–';
  return versions.map((id) => [id.slice(0, 8), told(before[id]), told(after[id])]);
}

if (!isLocalAwsInstalled()) {
  say('The demo needs the local AWS: install Python 3.10 or later with venv, then run it again.');
  process.exit(1);
}
const begun = Date.now();
const account = await LocalAccount.open(width);
try {
  await tell(account);
  say(`All of it took ${seconds(Date.now() - begun)}.\n`);
} finally {
  await account.close();
}
