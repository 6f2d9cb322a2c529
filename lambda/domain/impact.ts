import type { ActivityReport, AssessReport, ReaderReport } from '../payloads.ts';
import type { ActionRow, Activity, ActivityQuestion, ReaderRow, TraceRow } from './activity.ts';
import { keyless } from './keyless.ts';

/** So many of a reader's sessions, addresses and user agents are told. */
const A_FEW = 5;

export type Impact = Pick<
  AssessReport,
  'reads' | 'first' | 'last' | 'byHour' | 'readers' | 'activity'
>;

type Place = Pick<ActivityQuestion, 'secret' | 'stagedPath'>;

/** Who used the key and what was done around it; the principals in `known` are no strangers. */
export function impactOf(
  place: Place,
  { readers, hours, traces, actions }: Omit<Activity, 'source'>,
  known: readonly string[],
): Impact {
  const firsts = readers.map(({ first }) => first.toISOString()).sort();
  const lasts = readers.map(({ last }) => last.toISOString()).sort();
  const [first] = firsts;
  const last = lasts.at(-1);
  return {
    reads: readers.reduce((sum, { reads }) => sum + reads, 0),
    ...(first ? { first } : {}),
    ...(last ? { last } : {}),
    byHour: hours
      .map(({ hour, reads }) => ({ hour: hour.toISOString(), reads }))
      .sort((one, other) => one.hour.localeCompare(other.hour)),
    readers: readers.map((row) => readerReport(row, traces, known)).sort(strangersFirst),
    activity: activityReports(place, actions),
  };
}

function readerReport(
  { principal, reads, byVersionId, first, last }: ReaderRow,
  traces: readonly TraceRow[],
  known: readonly string[],
): ReaderReport {
  const theirs = traces.filter((trace) => trace.principal === principal);
  return {
    principal,
    sessions: few(theirs.map(({ session }) => session)),
    from: few(theirs.flatMap(({ address, vpcEndpoint }) => [vpcEndpoint, address])),
    userAgents: few(theirs.map(({ userAgent }) => userAgent)),
    reads,
    byVersionId,
    first: first.toISOString(),
    last: last.toISOString(),
    known: known.includes(principal),
  };
}

/** Whoever reads may call himself and his program what he likes. */
const few = (texts: readonly (string | undefined)[]) =>
  [...new Set(texts.filter((text) => text !== undefined).map(keyless))].slice(0, A_FEW);

const strangersFirst = (one: ReaderReport, other: ReaderReport) =>
  Number(one.known) - Number(other.known) || other.reads - one.reads;

/** The latest first; calls that are told alike are counted together. */
function activityReports(place: Place, actions: readonly ActionRow[]): ActivityReport[] {
  const reports = actions.map((action) => activityReport(place, action));
  const alike = Map.groupBy(reports, ({ event, principal }) => JSON.stringify([event, principal]));
  return [...alike.values()]
    .map((same) => same.reduce(together))
    .sort((one, other) => other.last.localeCompare(one.last));
}

const activityReport = (place: Place, action: ActionRow): ActivityReport => ({
  event: `${action.name}${objectOf(place, action)}${action.error ? ` (${action.error})` : ''}`,
  principal: action.principal,
  count: action.count,
  last: action.last.toISOString(),
});

const together = (one: ActivityReport, other: ActivityReport): ActivityReport => ({
  ...one,
  count: one.count + other.count,
  last: one.last > other.last ? one.last : other.last,
});

/** What was decrypted: the CMK is that of all keys of the environment. */
function objectOf({ secret, stagedPath }: Place, { name, decrypted = {} }: ActionRow): string {
  if (name !== 'Decrypt') return '';
  const { secretArn, parameterArn } = decrypted;
  if (secretArn === secret.arn) return ' of this secret';
  if (parameterArn?.includes(`${stagedPath}/`)) return ' of a staged key';
  return secretArn || parameterArn ? ' of another secret or parameter' : ' without a context';
}
