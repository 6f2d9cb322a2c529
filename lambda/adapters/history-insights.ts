import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ReadHistory, Timer } from '../domain/ports.ts';
import {
  type History,
  type HistoryQuestion,
  type HistoryRow,
  PERIOD,
} from '../domain/readers/history.ts';
import { NOBODY_KNOWN } from './cloudtrail-event.ts';
import { type Cells, costOf, dateIn, faultOf, numberIn, Query, runQueries } from './insights.ts';
import { readHistoryQuery } from './insights-queries.ts';

/** 90 days take longer than a leak's 72 hours. */
const MOST_MS = 40_000;

/** The log group that a trail delivers to: three queries, however many keys and reads there are. */
export function insightsHistory(
  client: CloudWatchLogsClient,
  logGroupName: string,
  timer: Timer,
): ReadHistory {
  return {
    async of({ environment, now }) {
      const text = readHistoryQuery(environment);
      const over = (period: number) =>
        new Query(client, { logGroupName, from: before(now, period), to: now }, text);
      const [lately, month, all] = [over(PERIOD.lately), over(PERIOD.month), over(PERIOD.all)];
      await runQueries([lately, month, all], timer, MOST_MS);
      const since = sinceOf({ lately, month, all }, now);
      return {
        rows: merged({ lately, month, all }),
        ...(since ? { since } : {}),
        source: sourceOf(logGroupName, now, [lately, month, all]),
      };
    },
  };
}

type Queries = Readonly<Record<keyof typeof PERIOD, Query>>;

const before = (now: Date, period: number) => new Date(now.getTime() - period);

/** The longest period whose query, and those of the shorter ones, found all. */
function sinceOf(queries: Queries, now: Date): Date | undefined {
  const periods = ['lately', 'month', 'all'] as const;
  const failed = periods.findIndex((name) => faultOf(queries[name]) !== undefined);
  const longest = failed < 0 ? 'all' : periods[failed - 1];
  return longest && before(now, PERIOD[longest]);
}

function sourceOf(
  logGroupName: string,
  now: HistoryQuestion['now'],
  queries: readonly Query[],
): History['source'] {
  const faults = new Set(queries.flatMap((query) => faultOf(query) ?? []));
  const [failure] = faults;
  const covers = `CloudTrail's log group ${logGroupName} from ${before(now, PERIOD.all).toISOString()} to ${now.toISOString()}, as far as its trail delivers to it and its retention goes; it lags by about 5 minutes on average.`;
  return {
    kind: 'logs-insights',
    covers: [covers, ...faults].join(' '),
    complete: faults.size === 0,
    ...(failure ? { failure } : {}),
    ...costOf(queries),
  };
}

/** A query that failed may lack what a shorter period has. */
function merged({ lately, month, all }: Queries): HistoryRow[] {
  const rows = [
    ...lately.rows.flatMap((cells) => rowOf(cells, 'lately') ?? []),
    ...month.rows.flatMap((cells) => rowOf(cells, 'month') ?? []),
    ...all.rows.flatMap((cells) => rowOf(cells, 'all') ?? []),
  ];
  const alike = Map.groupBy(rows, ({ secretId, principal, refused }) =>
    JSON.stringify([secretId, principal, refused]),
  );
  return [...alike.values()].map((same) => same.reduce(together));
}

/** Errors of several kinds are one row each. */
function together(one: HistoryRow, other: HistoryRow): HistoryRow {
  return {
    ...one,
    first: one.first < other.first ? one.first : other.first,
    last: one.last > other.last ? one.last : other.last,
    in72Hours: one.in72Hours + other.in72Hours,
    in30Days: one.in30Days + other.in30Days,
  };
}

/** A row without a time is of no event of CloudTrail's. */
function rowOf(cells: Cells, period: keyof typeof PERIOD): HistoryRow | undefined {
  const { secretId, principal = NOBODY_KNOWN, errorCode } = cells;
  const [first, last] = [dateIn(cells.first), dateIn(cells.last)];
  if (!secretId || !first || !last) return undefined;
  return {
    secretId,
    principal,
    refused: Boolean(errorCode),
    first,
    last,
    in72Hours: period === 'lately' ? numberIn(cells.reads) : 0,
    in30Days: period === 'month' ? numberIn(cells.reads) : 0,
  };
}
