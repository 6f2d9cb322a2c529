import { HOUR } from '../domain/key-state.ts';
import { type History, type HistoryHour, PERIOD } from '../domain/readers/history.ts';
import { NOBODY_KNOWN } from './cloudtrail-event.ts';
import { before } from './history-periods.ts';
import { type Cells, dateIn, numberIn, type Query } from './insights.ts';
import { MOST_ROWS } from './insights-queries.ts';

/** Of which secret a row is; undefined of what is no row. */
export type Subject = (cells: Cells) => string | undefined;

/**
 * What a query of hours found. It answers the latest hours first, so that too many rows cost the
 * earliest hours; a query that failed may lack any.
 */
export function hoursOf(query: Query, now: Date, subject: Subject): History['hours'] {
  if (query.fault) return undefined;
  const rows = query.rows.flatMap((cells) => rowOf(cells, subject));
  return { since: isCut(query) ? wholeSince(rows, now) : before(now, PERIOD.lately), rows };
}

/** The queries whose faults count: too many hours are no fault, but told. */
export const otherThanCut = (hours: Query, others: readonly Query[]) =>
  isCut(hours) ? others : [...others, hours];

/** In a sentence that follows others, empty where nothing was cut. */
export const toldOfCut = (query: Query, hours: History['hours']) =>
  isCut(query) && hours
    ? ` Reads by hour are known since ${hours.since.toISOString()} only: there are more than ${MOST_ROWS} rows of them.`
    : '';

const isCut = ({ fault, rows }: Query) => fault === undefined && rows.length >= MOST_ROWS;

/** A part of the earliest hour may be among what was cut off. */
function wholeSince(rows: readonly HistoryHour[], now: Date): Date {
  const times = rows.map(({ hour }) => hour.getTime());
  const first = times.reduce((one, other) => Math.min(one, other), now.getTime());
  return new Date(first + HOUR);
}

function rowOf(cells: Cells, subject: Subject): HistoryHour[] {
  const { principal = NOBODY_KNOWN, hour: text, reads } = cells;
  const [secretId, hour] = [subject(cells), dateIn(`${text}:00:00Z`)];
  return secretId && hour ? [{ secretId, principal, hour, reads: numberIn(reads) }] : [];
}
