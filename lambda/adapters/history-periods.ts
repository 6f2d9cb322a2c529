import { type HistoryRow, highest, PERIOD } from '../domain/readers/history.ts';
import { NOBODY_KNOWN } from './cloudtrail-event.ts';
import { type Cells, dateIn, faultOf, numberIn, type Query } from './insights.ts';

/** One question, asked of each period. */
export type Periods = Readonly<Record<keyof typeof PERIOD, Query>>;

/** Of which secret a row is, and whether AWS refused; undefined of what is no row. */
export type Meaning = (cells: Cells) => Pick<HistoryRow, 'secretId' | 'refused'> | undefined;

export const before = (now: Date, period: number) => new Date(now.getTime() - period);

export const periodsOf = (ask: (period: number) => Query): Periods => ({
  lately: ask(PERIOD.lately),
  month: ask(PERIOD.month),
  all: ask(PERIOD.all),
});

/** The longest period whose query, and those of the shorter ones, found all. */
export function sinceOf(queries: Periods, now: Date): Date | undefined {
  const periods = ['lately', 'month', 'all'] as const;
  const failed = periods.findIndex((name) => faultOf(queries[name]) !== undefined);
  const longest = failed < 0 ? 'all' : periods[failed - 1];
  return longest && before(now, PERIOD[longest]);
}

/** A query that failed may lack what a shorter period has. */
export function rowsOf({ lately, month, all }: Periods, meaning: Meaning): HistoryRow[] {
  const rows = [
    ...lately.rows.flatMap((cells) => rowOf(cells, 'lately', meaning) ?? []),
    ...month.rows.flatMap((cells) => rowOf(cells, 'month', meaning) ?? []),
    ...all.rows.flatMap((cells) => rowOf(cells, 'all', meaning) ?? []),
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
    ...riskOf(highest(one.risk, other.risk)),
  };
}

const riskOf = (risk: number | undefined) => (risk === undefined ? {} : { risk });

/** A row without a time is of no event of CloudTrail's. */
function rowOf(
  cells: Cells,
  period: keyof typeof PERIOD,
  meaning: Meaning,
): HistoryRow | undefined {
  const { principal = NOBODY_KNOWN } = cells;
  const [meant, first, last] = [meaning(cells), dateIn(cells.first), dateIn(cells.last)];
  if (!meant || !first || !last) return undefined;
  return {
    ...meant,
    principal,
    first,
    last,
    in72Hours: period === 'lately' ? numberIn(cells.reads) : 0,
    in30Days: period === 'month' ? numberIn(cells.reads) : 0,
    ...riskOf(riskIn(cells.highestRisk)),
  };
}

/** How AWS writes the highest of whole numbers isn't documented. */
function riskIn(text: string | undefined): number | undefined {
  const risk = Number(text || Number.NaN);
  return Number.isInteger(risk) && risk >= 0 && risk <= 100 ? risk : undefined;
}
