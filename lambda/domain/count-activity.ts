import type {
  ActionRow,
  Activity,
  ActivityQuestion,
  HourRow,
  ReaderRow,
  TraceRow,
  TrailEvent,
} from './activity.ts';
import { HOUR } from './key-state.ts';
import { isAction, isWantedRead } from './trail-event.ts';

/** Counts what queries of the log group would count. */
export function countActivity(
  question: ActivityQuestion,
  events: readonly TrailEvent[],
): Omit<Activity, 'source'> {
  const reads = events.filter((event) => isWantedRead(question, event));
  const actions = events.filter((event) => isAction(question, event));
  return {
    readers: readerRows(reads),
    hours: hourRows(reads),
    traces: distinct(reads.map(traceOf)),
    actions: actionRows(actions),
  };
}

function readerRows(reads: readonly TrailEvent[]): ReaderRow[] {
  const byPrincipal = Map.groupBy(reads, ({ principal }) => principal);
  return [...byPrincipal].map(([principal, theirs]) => ({
    principal,
    reads: theirs.length,
    byVersionId: theirs.filter(({ versionId }) => versionId).length,
    ...spanOf(theirs),
  }));
}

function hourRows(reads: readonly TrailEvent[]): HourRow[] {
  const byHour = Map.groupBy(reads, ({ at }) => Math.floor(at.getTime() / HOUR) * HOUR);
  return [...byHour].map(([hour, theirs]) => ({ hour: new Date(hour), reads: theirs.length }));
}

function actionRows(events: readonly TrailEvent[]): ActionRow[] {
  const alike = Map.groupBy(events, (event) => JSON.stringify(kindOf(event)));
  return [...alike].map(([kind, theirs]) => {
    const { last } = spanOf(theirs);
    return { ...(JSON.parse(kind) as ReturnType<typeof kindOf>), count: theirs.length, last };
  });
}

const kindOf = ({ name, principal, error, decrypted }: TrailEvent) => ({
  name,
  principal,
  ...(error ? { error } : {}),
  ...(decrypted ? { decrypted } : {}),
});

const traceOf = ({
  principal,
  session,
  address,
  vpcEndpoint,
  userAgent,
}: TrailEvent): TraceRow => ({
  principal,
  ...(session ? { session } : {}),
  ...(address ? { address } : {}),
  ...(vpcEndpoint ? { vpcEndpoint } : {}),
  ...(userAgent ? { userAgent } : {}),
});

const distinct = (traces: readonly TraceRow[]) => [
  ...new Map(traces.map((trace) => [JSON.stringify(trace), trace])).values(),
];

function spanOf(events: readonly TrailEvent[]): { readonly first: Date; readonly last: Date } {
  const times = events.map(({ at }) => at.getTime());
  return { first: new Date(Math.min(...times)), last: new Date(Math.max(...times)) };
}
