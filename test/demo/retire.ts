import { type Cast, DAY, DEV, HOUR, SECRET } from './cast.ts';
import { chapter, pause, say, showMail, showTable } from './telling.ts';

/** Amplitude says that a revoked key may work for six hours: seven sweeps see more than that. */
const SWEEPS = 7;

export async function retire(cast: Cast) {
  const { account, keys } = cast;
  chapter('30 days pass: the replaced key is taken from its readers');
  await account.pass(HOUR);
  await account.pass(30 * DAY - 2 * HOUR);
  await account.read(SECRET, 'AWSPREVIOUS');
  await account.pass(2 * HOUR);
  showMail(await cast.mail());
  const rows = Object.entries(await account.labels(SECRET));
  showTable(
    ['VERSION', 'LABELS'],
    rows.map(([id, labels]) => [id.slice(0, 8), labels.toSorted().join(' ')]),
  );
  pause();
  say('Amplitude still accepts it, since nobody has pressed Revoke yet:');
  await cast.type(['verify', ...DEV]);

  chapter('A person presses Revoke; it is retired once Amplitude has rejected it for six hours');
  account.amplitude.revoke(keys.inUse);
  for (let hour = 0; hour < SWEEPS; hour += 1) await account.pass(HOUR);
  showMail(await cast.mail());
  await cast.type(['status', ...DEV]);
}
