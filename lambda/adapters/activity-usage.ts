import { secretName } from '../contract.ts';
import type {
  ActionRow,
  Activity,
  ActivityQuestion,
  ReaderRow,
  TraceRow,
} from '../domain/activity.ts';
import type { ActivityLog, Timer } from '../domain/ports.ts';
import { hourRow } from './activity-insights.ts';
import { given, NOBODY_KNOWN } from './cloudtrail-event.ts';
import {
  type Cells,
  costOf,
  costOfBoth,
  dateIn,
  faultOf,
  numberIn,
  Query,
  runQueries,
} from './insights.ts';
import { refusalsOf, usesOf } from './usage-queries.ts';
import { type AskedRecord, MOST_MS, recordedHours, recordedSince, told } from './usage-window.ts';

/** CloudTrail, for what the usage record doesn't have. */
export interface Besides {
  /** All but the reads of secrets, of which an account may have very many. */
  readonly others: ActivityLog;
  /** For a time of which the record hasn't all. */
  readonly all: ActivityLog;
}

/**
 * The access guard's usage record: five queries, whatever the volume, for reads of a version and
 * refused reads. It has no reads of staged keys and no decrypts, and the rest by other words.
 */
export function usageActivity(record: AskedRecord, timer: Timer, besides: Besides): ActivityLog {
  return {
    async about(question) {
      const uses = await activityIn(record, timer, question);
      if (uses.source.complete) return joined(question, uses, await besides.others.about(question));
      const all = await besides.all.about(question);
      // Neither may have seen all: whichever saw more is nearer to it
      if (all.source.complete || readsIn(all) >= readsIn(uses)) return explained(all, uses);
      const actions = all.actions.filter(({ name }) => name !== 'GetSecretValue');
      const others = { ...all, readers: [], hours: [], traces: [], actions };
      return joined(question, uses, others);
    },
  };
}

const readsIn = ({ readers }: Activity) => readers.reduce((sum, { reads }) => sum + reads, 0);

/** Their rows are of different calls. */
function joined({ wanted }: ActivityQuestion, uses: Activity, others: Activity): Activity {
  const covers = `${uses.source.covers} For all but reads: ${others.source.covers}`;
  return {
    readers: [...uses.readers, ...others.readers],
    hours: [...uses.hours, ...others.hours],
    traces: [...uses.traces, ...others.traces],
    actions: [...uses.actions, ...others.actions],
    source: {
      kind: 'usage-record',
      covers,
      complete: uses.source.complete && others.source.complete,
      ...costOfBoth(uses.source, others.source),
    },
    hasAllReads: (wanted.of === 'version' ? uses : others).source.complete,
  };
}

function explained(all: Activity, { source }: Activity): Activity {
  const covers = `${all.source.covers} Asked since the usage record hasn't all of that time: ${source.covers}`;
  return { ...all, source: { ...all.source, covers, ...costOfBoth(all.source, source) } };
}

async function activityIn(
  record: AskedRecord,
  timer: Timer,
  { secret, wanted, from, to }: ActivityQuestion,
): Promise<Activity> {
  const { client, logGroupName, environment } = record;
  const key = secret.name.slice(secretName(environment, '').length);
  const query = (text: string) => new Query(client, { logGroupName, from, to }, text);
  const texts = wanted.of === 'version' ? usesOf(key, wanted) : undefined;
  const readers = texts && query(texts.readers);
  const hours = texts && query(texts.hours);
  const traces = texts && query(texts.traces);
  const refusals = query(refusalsOf(key));
  const recorded = recordedHours(record, from, to);
  const queries = [readers, hours, traces, refusals, recorded].filter((one) => one !== undefined);
  await runQueries(queries, timer, MOST_MS);
  const since = recordedSince(recorded, from, to);
  const isWhole = since !== undefined && since <= from;
  return {
    readers: readerRows(readers?.rows ?? []),
    hours: (hours?.rows ?? []).flatMap(hourRow),
    traces: (traces?.rows ?? []).map(traceRow),
    actions: refusals.rows.flatMap(refusalRow),
    source: {
      kind: 'usage-record',
      covers: told(record, { from, to, since }, queries),
      complete: isWhole && !queries.some(faultOf),
      ...costOf(queries),
    },
  };
}

/** A row is of one version id as its reader named it, or of none named. */
function readerRows(rows: readonly Cells[]): ReaderRow[] {
  const read = rows.flatMap(({ principal = NOBODY_KNOWN, version, ...cells }) => {
    const [first, last] = [dateIn(cells.first), dateIn(cells.last)];
    if (!first || !last) return [];
    const reads = numberIn(cells.reads);
    return [{ principal, reads, byVersionId: version ? reads : 0, first, last }];
  });
  return [...Map.groupBy(read, ({ principal }) => principal).values()].map((same) =>
    same.reduce(together),
  );
}

const together = (one: ReaderRow, other: ReaderRow): ReaderRow => ({
  ...one,
  reads: one.reads + other.reads,
  byVersionId: one.byVersionId + other.byVersionId,
  first: one.first < other.first ? one.first : other.first,
  last: one.last > other.last ? one.last : other.last,
});

function traceRow({ principal = NOBODY_KNOWN, session, ...cells }: Cells): TraceRow {
  const { ip_address: address, vpc_endpoint: vpcEndpoint, user_agent: userAgent } = cells;
  return { principal, ...given({ session, address, vpcEndpoint, userAgent }) };
}

/** The record tells refused from failed, and no more of an error. */
function refusalRow({ call: name, principal = NOBODY_KNOWN, ...cells }: Cells): ActionRow[] {
  const last = dateIn(cells.last);
  if (!name || !last) return [];
  return [
    { name, principal, ...given({ error: cells.outcome }), count: numberIn(cells.calls), last },
  ];
}
