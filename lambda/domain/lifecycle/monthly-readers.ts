import type { KeyReadersReport } from '../../payloads.ts';
import type { KeyFacts } from '../key-facts.ts';
import { DAY } from '../key-state.ts';
import { keyless } from '../keyless.ts';
import type { History } from '../readers/history.ts';
import {
  type JudgedReaders,
  judgeReaders,
  KEY_UNUSED_DAYS,
  type UngrantedReader,
} from '../readers/judge-readers.ts';
import { keyReaders } from '../readers/key-readers.ts';
import { type KeyNotice, plan, type SweepPlan } from './action.ts';
import { formatMark, markIn, note } from './notes.ts';
import { command, keyOf } from './notices.ts';
import type { Sighting } from './sighting.ts';

/** Who read all keys of the environment, and after how many days a grant counts as unused. */
export interface RecentReaders {
  readonly history: History;
  readonly unusedAfterDays: number;
}

const EVERY_DAYS = 30;
/** A source that knew nothing is asked once more so many days later, before a person is told. */
const AGAIN_DAYS = 1;
/** Readers told of one key; the rest is told by keyctl. */
const MOST_TOLD = 10;

type Outcome = 'asked' | 'failed' | 'failed-again';

/**
 * One asking answers all keys, so that a key that was never asked about waits for the others: at
 * most one in 30 days.
 */
export function isTimeToAsk(keys: readonly KeyFacts[], now: Date): boolean {
  const marks = keys.map(({ secret }) => markIn(secret.tags, note.readers));
  return (
    keys.length > 0 && (marks.some((mark) => mark && isDue(mark, now)) || !marks.some(Boolean))
  );
}

function isDue({ id, at }: { readonly id: string; readonly at: Date }, now: Date): boolean {
  const days = id === ('failed' satisfies Outcome) ? AGAIN_DAYS : EVERY_DAYS;
  return now.getTime() - at.getTime() >= days * DAY;
}

/** Tells once a month which grants and keys nobody uses, and who reads without a grant. */
export function planReaders(sighting: Sighting): SweepPlan {
  const { facts, readers, now } = sighting;
  const mark = markIn(facts.secret.tags, note.readers);
  if (!readers || (mark && !isDue(mark, now))) return plan();
  const report = keyReaders(facts, readers.history);
  const outcome = outcomeOf(readers, report, mark?.id);
  const judged = judgeReaders(report, now, readers.unusedAfterDays);
  const notices = outcome === 'asked' ? noticesOf(sighting, judged) : [];
  return plan({
    notices: outcome === 'failed-again' ? [unanswered(sighting, readers)] : notices,
    told: [{ do: 'remember', tag: note.readers, value: formatMark({ id: outcome, at: now }) }],
  });
}

/** A log group that has no read of a key, not even this worker's, isn't the one to ask. */
function outcomeOf(
  { history: { since, source } }: RecentReaders,
  report: KeyReadersReport,
  before: string | undefined,
): Outcome {
  if (source.kind === 'lookup-events' ? since : report.since) return 'asked';
  return before === ('failed' satisfies Outcome) ? 'failed-again' : 'failed';
}

const unanswered = (sighting: Sighting, { history }: RecentReaders): KeyNotice => ({
  kind: 'readers',
  subject: `Readers of Amplitude environment ${sighting.facts.managed.environment} are not known`,
  happened: `The sweep couldn't find out who reads the keys of ${sighting.facts.managed.environment}: ${whyNot(history)}`,
  todo: `Mend that; the sweep asks again in ${EVERY_DAYS} days, and this now: npx keyctl readers --env ${sighting.facts.managed.environment}`,
  ofAll: true,
});

const whyNot = ({ since, source }: History) =>
  since
    ? `not even this worker's hourly reads are in it: ${keyless(source.covers)}`
    : keyless(source.covers);

function noticesOf(sighting: Sighting, judged: JudgedReaders): KeyNotice[] {
  const details = [...grantLines(judged), ...keyLines(judged), ...strangerLines(judged)];
  if (details.length === 0) return [];
  const key = keyOf(sighting);
  return [
    {
      kind: 'readers',
      subject: `Readers of Amplitude key ${key} are worth a look`,
      happened: `Who reads ${key}, and to whom it is granted:`,
      details,
      todo: `See more, and the change to lib/environments.ts: ${command(sighting, 'readers')}`,
    },
  ];
}

const grantLines = ({ grants }: JudgedReaders) =>
  grants
    .filter(({ state }) => state !== 'used' && state !== 'unknown')
    .map(({ principal, why }) => `Granted to ${principal}: ${why}.`);

const keyLines = ({ keyUnused }: JudgedReaders) =>
  keyUnused === 'yes' ? [`Nobody but this worker read the key for ${KEY_UNUSED_DAYS} days.`] : [];

/** Whoever may have read by a grant that can't be matched is not told of. */
function strangerLines({ ungranted }: JudgedReaders): string[] {
  const strangers = ungranted.filter(
    ({ maybeBy, in30Days, refusedIn30Days }) =>
      maybeBy.length === 0 && in30Days + refusedIn30Days > 0,
  );
  const more = strangers.length - MOST_TOLD;
  return [
    ...strangers.slice(0, MOST_TOLD).map(strangerLine),
    ...(more > 0 ? [`And ${more} more without a grant.`] : []),
  ];
}

function strangerLine({
  principal,
  in30Days,
  refusedIn30Days,
  last,
  lastRefused,
}: UngrantedReader) {
  const latest = [last, lastRefused]
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  return `Without a grant: ${principal}, in 30 days ${in30Days} ${in30Days === 1 ? 'read' : 'reads'} and ${refusedIn30Days} that AWS refused, the last at ${latest}.`;
}
