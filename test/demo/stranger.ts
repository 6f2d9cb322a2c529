import { eventually } from '../aws/local/eventually.ts';
import { type CloudTrailRecord, envelope, read, role } from '../aws/recorded/cloudtrail.ts';
import type { Cast } from './cast.ts';
import type { Mail } from './mailbox.ts';
import { chapter, say, showMail, showTable } from './telling.ts';

/** A consumer, the hourly sweep, and one who has taken credentials along. */
const READERS = [
  { by: role('backend'), from: '192.0.2.10' },
  { by: role('AmplitudeKeys-dev-lifecycle', 'amplitude-dev-lifecycle'), from: '192.0.2.77' },
  { by: role('intern', 'laptop'), from: '198.51.100.23', with: 'curl/8.14.1' },
];

/** One, whatever the reasons. */
const NOTICES = 1;

export async function stranger(cast: Cast) {
  const { account } = cast;
  chapter('A stranger reads the key, and the access guard says so');
  say('No CloudTrail feeds EventBridge here: three of its records go in by hand.');
  const at = new Date(Date.now() + account.clock.offset());
  await account.feed(READERS.map((call) => envelope(ofAccount(read({ ...call, at })))));
  const lines = await eventually(async () => {
    const found = await account.usageLines();
    return found.length >= READERS.length && found;
  });
  cast.printed.push(...lines);
  showTable(['ROLE', 'FROM', 'VERDICT', 'REASONS'], lines.map(rowOf).toSorted());
  const mail: Mail[] = [];
  await eventually(async () => mail.push(...(await cast.mail())) >= NOTICES);
  showMail(mail);
}

/** The record as it would be of the local AWS's account. */
const ofAccount = (record: CloudTrailRecord): CloudTrailRecord =>
  JSON.parse(JSON.stringify(record).replaceAll('111122223333', '000000000000'));

function rowOf(line: string): string[] {
  const { principal, ip_address: from, verdict, reasons } = JSON.parse(line);
  return [
    principal.replace(/.*:role\/(AmplitudeKeys-dev-)?/, ''),
    from,
    verdict,
    reasons.join(', '),
  ];
}
