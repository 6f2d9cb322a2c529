import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cast, DAY, DEV, HOUR, SECRET } from './cast.ts';
import { chapter, pause, say, showMail, showText } from './telling.ts';

const REASON = 'seen in a public repository';
const READS = 3;
/** More than the six hours that a revoked key may live on. */
const SWEEPS = 7;

export async function leak(cast: Cast) {
  const { account, keys } = cast;
  chapter('Day 47: the current key leaks');
  await cast.type(['stage', ...DEV, '--name', 'web, standby'], keys.standby);
  await account.pass(47 * DAY);
  for (let read = 0; read < READS; read += 1) await account.read(SECRET, 'AWSCURRENT');
  await cast.mail();
  say('What would be done, and nothing is changed by asking:');
  await cast.type(['revoke', ...DEV, '--reason', REASON, '--dry-run']);

  chapter('One command');
  const folder = await mkdtemp(join(tmpdir(), 'amplitude-keys-demo-'));
  const report = join(folder, 'incident.md');
  try {
    await cast.type(['revoke', ...DEV, '--reason', REASON, '--report', report]);
    showMail(await cast.mail());
    account.amplitude.revoke(keys.late);
    for (let hour = 0; hour < SWEEPS; hour += 1) await account.pass(HOUR);
    pause();
    say('A person pressed Revoke; six hours later the sweep closes the incident:');
    showMail(await cast.mail());

    chapter('The incident report, as it was written at once');
    const text = await readFile(report, 'utf8');
    cast.printed.push(text);
    showText(text);
  } finally {
    await rm(folder, { recursive: true });
  }
}
