import { table } from '../../bin/terminal/layout.ts';
import type { View } from '../../bin/terminal/terminal.ts';
import { type Bar, isMet, type Row, ratioOf, type Unit } from './measurement.ts';

const HEAD = ['', 'MEASURED', 'FLOOR OR PEER', '', 'RATIO', 'BAR', ''];

/** The table of one part. */
export function page(about: string, rows: readonly Row[], view: View): string[] {
  const numbers = rows.map(({ measured, peer, unit }) => ({
    measured: told(measured, unit),
    peer: peer ? digits(peer.measured) : '',
  }));
  const widest = (column: 'measured' | 'peer') =>
    Math.max(...numbers.map((row) => row[column].length));
  const cells = rows.map((row, at) => {
    const { measured = '', peer = '' } = numbers[at] ?? {};
    const aligned = [measured.padStart(widest('measured')), peer.padStart(widest('peer'))] as const;
    return { cells: cellsOf(row, aligned, view.paint) };
  });
  return [view.paint.bold(about), ...table(HEAD, cells, view), ''];
}

function cellsOf(
  row: Row,
  [measured, peerMeasured]: readonly [string, string],
  paint: View['paint'],
): string[] {
  const { what, unit, peer, bar } = row;
  return [
    what,
    measured,
    peer?.what ?? '',
    peerMeasured,
    ratioTold(row),
    bar ? barTold(bar, unit) : '',
    mark(isMet(row), paint),
  ];
}

function mark(met: boolean | undefined, paint: View['paint']): string {
  if (met === undefined) return '';
  return met ? paint.green('✓') : paint.red('✗ missed');
}

function ratioTold(row: Row): string {
  const ratio = ratioOf(row);
  if (ratio === undefined) return '';
  if (row.bar && 'timesFaster' in row.bar) return `${(1 / ratio).toFixed(2)}× faster`;
  return ratio < 0.005 ? '< 0.01' : ratio.toFixed(2);
}

function barTold(bar: Bar, unit: Unit): string {
  if ('most' in bar) return `≤ ${told(bar.most, unit)}`;
  return 'ratio' in bar ? `≤ ${bar.ratio.toFixed(2)}` : `≥ ${bar.timesFaster}×`;
}

const told = (measured: number, unit: Unit) => `${digits(measured)} ${unit}`;

/** Three digits that tell something; what is counted is told in full. */
function digits(measured: number): string {
  const decimals = Number.isInteger(measured) || measured >= 100 ? 0 : measured >= 1 ? 1 : 2;
  return measured.toLocaleString('en-US', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}
