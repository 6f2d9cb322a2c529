import { eventually } from '../aws/local/eventually.ts';
import { type CloudTrailRecord, envelope } from '../aws/recorded/cloudtrail.ts';
import { type Cast, DAY, SECRET } from './cast.ts';
import { verdicts } from './evaluator.ts';
import type { Mail } from './mailbox.ts';
import { assume, type Reader, recordOf, type Whence } from './reader.ts';
import { chapter, pause, say, showMail, showTable } from './telling.ts';

/** A consumer as it is every day, and the hourly sweep. */
const TASK: Whence = { role: 'backend', session: 'task-1', address: '192.0.2.10' };
const SWEEP: Whence = {
  role: 'AmplitudeKeys-dev-lifecycle',
  session: 'amplitude-dev-lifecycle',
  address: '192.0.2.77',
};
/** The consumer's role in other hands, and one who has taken credentials along. */
const BUILD: Whence = {
  role: 'backend',
  session: 'build-7',
  address: '203.0.113.50',
  agent: 'Boto3/1.40.61 md/Botocore#1.40.61 ua/2.1 os/linux#6.8.0',
};
const INTERN: Whence = {
  role: 'intern',
  session: 'laptop',
  address: '198.51.100.23',
  agent: 'curl/8.14.1',
};

/** So many days of a consumer have to be known before anything of it can be unusual. */
const LEARNING = 7;
const LIST = ['quarantine', 'list', '--env', 'dev'];

export async function stranger(cast: Cast) {
  const { account } = cast;
  chapter('Two strangers read the key, and the access guard denies it to them');
  say("No CloudTrail feeds EventBridge here: records go in by hand, a consumer's week first.");
  const now = account.now();
  const week = Array.from({ length: LEARNING }, (_, at) => daysBefore(now, LEARNING - at));
  await feed(
    cast,
    week.map((day) => recordOf(TASK, day)),
  );
  const readers = await Promise.all([TASK, BUILD, INTERN].map((one) => assume(account, one)));
  const before = await verdicts(account, readers);
  const lines = await feed(
    cast,
    [SWEEP, ...readers].map((one) => recordOf(one, account.now())),
  );
  showTable(
    ['ROLE', 'FROM', 'VERDICT', 'RISK', 'ANSWER'],
    lines.slice(LEARNING).map(rowOf).toSorted(),
  );
  showMail(await mailOf(cast));
  await cast.type(LIST);
  await tellAccess(cast, readers, before);
  await release(cast, readers);
}

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * DAY);

/** Answers the whole usage record once these are in it, by time. */
async function feed({ account, printed }: Cast, records: readonly CloudTrailRecord[]) {
  const before = (await account.usageLines()).length;
  await account.feed(records.map(envelope));
  const lines = await eventually(async () => {
    const found = await account.usageLines();
    return found.length >= before + records.length && found;
  });
  printed.push(...lines);
  return lines;
}

function rowOf(line: string): string[] {
  const { principal, ip_address: from, verdict, risk, answer = '' } = JSON.parse(line);
  const role = principal.replace(/.*:role\/(AmplitudeKeys-dev-)?/, '');
  return [role, from, verdict, risk === undefined ? '' : String(risk), answer];
}

/** Messages about one batch come within moments of each other. */
const QUIET_MS = 1_000;

async function mailOf(cast: Cast): Promise<Mail[]> {
  const mail: Mail[] = [];
  let latest = Number.POSITIVE_INFINITY;
  await eventually(async () => {
    const more = await cast.mail();
    mail.push(...more);
    if (more.length > 0) latest = performance.now();
    return performance.now() - latest > QUIET_MS;
  });
  return mail;
}

/** An evaluator of this project's tests, and the local AWS by what it knows of denies. */
async function tellAccess({ account }: Cast, readers: readonly Reader[], before: string[]) {
  pause();
  say("What the secret's policy and tags say of each, by the policy evaluator of the tests");
  say('(the local AWS has no IAM; each has a policy of its own that allows all reads):');
  const now = await verdicts(account, readers);
  showTable(
    ['SESSION', 'DENIED BEFORE BY', 'DENIED NOW BY'],
    readers.map((reader, at) => [nameOf(reader), before[at] ?? '', now[at] ?? '']),
  );
  pause();
  say('By this policy the intern could not have read at all: its record is made up.');
  say("The consumer's role could, and what else runs under it still can:");
  for (const reader of readers) say(`  ${nameOf(reader)} tries again: ${await outcomeOf(reader)}`);
}

const nameOf = ({ role, session }: Reader) => `${role}/${session}`;

const outcomeOf = (reader: Reader) =>
  reader.read(SECRET).then(
    () => 'the local AWS answers the key',
    ({ name }: Error) => `the local AWS answers ${name}`,
  );

async function release(cast: Cast, readers: readonly Reader[]) {
  const { account } = cast;
  pause();
  say('The build server turns out to be ours:');
  const { output } = await account.keyctl([...LIST, '--json']);
  const { quarantines } = JSON.parse(output) as {
    quarantines: { id: string; principal: string }[];
  };
  const [ours] = quarantines.filter(({ principal }) => principal.endsWith('/backend'));
  const reason = ['--reason', 'our new build server'];
  await cast.type(['quarantine', 'release', ours?.id ?? '', '--env', 'dev', ...reason]);
  const now = await verdicts(account, readers);
  showTable(
    ['SESSION', 'DENIED NOW BY'],
    readers.map((reader, at) => [nameOf(reader), now[at] ?? '']),
  );
  showMail(await mailOf(cast));
}
