import { fingerprintOf } from '../../lambda/domain/secret-value.ts';
import { eventually } from '../aws/local/eventually.ts';
import { type Cast, DAY, DEV, HOUR } from './cast.ts';
import { chapter, pause, say, showMail, showTable } from './telling.ts';

/** Days before the due date; a sweep looks on each. */
const LOOKS = [21, 14, 7, 3, 1, 0, -1, -2];

/** `promoted`: by how much the clock was ahead when the current key was promoted. */
export async function late(cast: Cast, promoted: number) {
  const { account, keys } = cast;
  chapter('90 days pass with nothing staged: reminders, overdue, and a late key');
  const rows: string[][] = [];
  for (const left of LOOKS) {
    await account.pass(promoted + (90 - left) * DAY + HOUR / 2 - account.clock.offset());
    for (const { Subject = '' } of await cast.mail()) rows.push([String(90 - left), Subject]);
  }
  showTable(['DAY', 'MESSAGE'], rows);

  pause();
  say('On day 92 somebody finds the time:');
  await cast.type(['stage', ...DEV, '--name', 'web, late'], keys.late);
  await account.pass(HOUR);
  await eventually(async () => {
    const { output } = await account.keyctl(['status', ...DEV, '--json']);
    const [current] = JSON.parse(output).keys[0].versions.filter(isCurrent);
    return current.fingerprint === fingerprintOf(keys.late);
  });
  pause();
  say('The next sweep clears what was left over and starts the rotation:');
  showMail(await cast.mail());
  await account.pass(HOUR);
  await cast.type(['status', ...DEV]);
  await cast.type(['history', '--env', 'dev']);
}

const isCurrent = ({ state }: { readonly state: string }) => state === 'current';
