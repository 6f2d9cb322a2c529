import type { ActivityReport, ReaderReport } from '../../lambda/payloads.ts';
import { counted } from './history-page.ts';
import { type Row, table, wrap } from './layout.ts';
import type { View } from './terminal.ts';
import { utc } from './times.ts';

const HEAD = ['READER', 'READS', 'FIRST (UTC)', 'LAST (UTC)', ''];

/** Who read a key: the unknown first, then whoever read most. */
export function readersTable(
  readers: readonly ReaderReport[],
  account: string,
  view: View,
): string[] {
  const rows = [...readers].sort(unknownFirst).map((reader) => rowOf(reader, account, view));
  return table(HEAD, rows, view, (row) => narrowReader(row, view));
}

export const unknownFirst = (a: ReaderReport, b: ReaderReport) =>
  Number(a.known) - Number(b.known) || b.reads - a.reads;

function rowOf(reader: ReaderReport, account: string, { paint }: View): Row {
  const known = reader.known ? 'known' : paint.red('UNKNOWN');
  const { principal, reads, first, last } = reader;
  return {
    cells: [within(account, principal), String(reads), minute(first), minute(last), known],
    note: traitsOf(reader),
  };
}

/** How it read: from where, as which sessions, with what. */
export function traitsOf({ from, sessions, userAgents, byVersionId }: ReaderReport): string {
  const parts = [
    from.length > 0 ? `from ${from.join(', ')}` : '',
    sessions.length > 0 ? `sessions ${sessions.join(', ')}` : '',
    userAgents.length > 0 ? `with ${userAgents.join(', ')}` : '',
    byVersionId > 0 ? `${counted(byVersionId, 'read')} by version id` : '',
  ];
  return parts.filter(Boolean).join('; ');
}

function narrowReader({ cells, note = '' }: Row, { columns, paint }: View): string[] {
  const [reader = '', reads = '', first = '', last = '', known = ''] = cells;
  return [
    ...wrap(`${reader}, ${known}`, columns, '  ', '  '),
    ...wrap(`${counted(Number(reads), 'read')}, ${first} to ${last} UTC`, columns, '    ', '  '),
    ...(note ? wrap(note, columns, '    ', '  ').map(paint.dim) : []),
  ];
}

/** What else was done, latest first. */
export function activityTable(
  activity: readonly ActivityReport[],
  account: string,
  view: View,
): string[] {
  const rows = [...activity]
    .sort((a, b) => b.last.localeCompare(a.last))
    .map(({ event, principal, count, last }) => ({
      cells: [event, within(account, principal), String(count), minute(last)],
    }));
  return table(['EVENT', 'BY', 'TIMES', 'LAST (UTC)'], rows, view, (row) =>
    narrowActivity(row, view),
  );
}

function narrowActivity({ cells }: Row, { columns }: View): string[] {
  const [event = '', by = '', times = '', last = ''] = cells;
  return [
    ...wrap(`${event} by ${by}`, columns, '  ', '  '),
    ...wrap(`${counted(Number(times), 'time')}, last ${last} UTC`, columns, '    ', '  '),
  ];
}

/** Whoever is of another account stands out by the whole ARN. */
export function within(account: string, principal: string): string {
  const own = /^arn:[\w-]+:(?:iam|sts)::(\d+):(.+)$/.exec(principal);
  return own?.[1] === account ? (own[2] ?? principal) : principal;
}

export const minute = (time: string) => utc(time).replace(' UTC', '');
