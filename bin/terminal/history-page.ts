import type { History } from '../operator/history.ts';
import type { TrailLine } from '../operator/trail-line.ts';
import { csv } from './csv.ts';
import { type Row, table, wrap } from './layout.ts';
import type { View } from './terminal.ts';
import { utc } from './times.ts';

export interface HistoryReport extends History {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly logGroup: string;
  /** When the trail was read. */
  readonly at: string;
  /** Lines before it were not asked for; null: all there are. */
  readonly from: string | null;
  readonly key?: string;
}

const HEAD = ['TIME (UTC)', 'KEY', 'TRANSITION', 'FINGERPRINT', 'NAME', 'BY'];

/** The audit trail for a person to read, newest last. */
export function historyPage(report: HistoryReport, view: View): string[] {
  const { environment, account, region, lines } = report;
  const title = `${view.paint.bold(`Audit trail of ${environment}`)}, account ${account}, Region ${region}`;
  const rows = lines.map(rowOf);
  return [
    ...wrap(title + scopeOf(report), view.columns),
    '',
    ...(lines.length > 0
      ? table(HEAD, rows, view, (row) => narrow(row, view))
      : wrap(emptyOf(report), view.columns, '  ')),
    ...countsOf(report, view).flatMap((note) => ['', ...wrap(note, view.columns, '', '  ')]),
  ];
}

const emptyOf = (report: HistoryReport) =>
  `No transition is written down${scopeOf(report)}. The hourly sweep writes a line for what it finds staged or promoted, so that the first ones come within the hour.`;

function scopeOf({ key, from }: HistoryReport): string {
  return (key === undefined ? '' : `, key ${key}`) + (from === null ? '' : `, since ${utc(from)}`);
}

function rowOf({ at, key, transition, fingerprint = '', name = '', by, detail }: TrailLine): Row {
  return {
    cells: [utc(at).replace(' UTC', ''), key, transition, fingerprint, name, by],
    ...(detail ? { note: detail } : {}),
  };
}

function narrow({ cells, note = '' }: Row, { columns, paint }: View): string[] {
  const [at = '', key = '', transition = '', fingerprint = '', name = '', by = ''] = cells;
  const which = [fingerprint, name && `"${name}"`].filter(Boolean).join(' ');
  return [
    ...wrap(`${at}  ${key} ${paint.bold(transition)}`, columns, '  ', '  '),
    ...wrap(which ? `${which}, by ${by}` : `by ${by}`, columns, '    ', '  '),
    ...(note ? wrap(note, columns, '    ', '  ').map(paint.dim) : []),
  ];
}

function countsOf({ lines, repeated, malformed, logGroup }: HistoryReport, { paint }: View) {
  const again = repeated > 0 ? `; ${counted(repeated, 'repeated line')} left out` : '';
  return [
    ...(lines.length > 0 ? [`${counted(lines.length, 'transition')}${again}.`] : []),
    ...(malformed > 0
      ? [
          `${paint.yellow('Not readable:')} ${counted(malformed, 'line')} of log group ${logGroup}, which no function of this version writes. Look there for what wrote it.`,
        ]
      : []),
  ];
}

export const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

const FIELDS = [
  'at',
  'environment',
  'key',
  'transition',
  'by',
  'versionId',
  'fingerprint',
  'name',
  'detail',
] as const satisfies readonly (keyof TrailLine)[];

/** The same for a spreadsheet: every field of every line. */
export const historyCsv = ({ lines }: History): string[] =>
  csv([FIELDS, ...lines.map((line) => FIELDS.map((field) => line[field] ?? ''))]);
