import type { KeyReaders } from '../operator/reclaim.ts';
import { counted } from './history-page.ts';
import { bar, firstHour, type Reads, sumsOf } from './hours-chart.ts';
import { wrap } from './layout.ts';
import { within } from './readers-table.ts';
import type { View } from './terminal.ts';
import { utc } from './times.ts';

const HOURS = 72;
const HOUR_MS = 3_600_000;
const INDENT = '  ';
/** With the hour under way and the one in which the 72 begin. */
const MOST_BARS = HOURS + 1;
/** A bar of more than three hours says little: then a reader's bars go below its name. */
const FEWEST_BARS = Math.ceil(MOST_BARS / 3);
const UNKNOWN = '?';

interface Asked {
  readonly account: string;
  readonly at: string;
}

interface Line {
  readonly who: string;
  readonly reads: Reads;
}

/** A line for each who read the key in 72 hours, bars on one scale; what isn't known is no zero. */
export function readersHours(key: KeyReaders, { account, at }: Asked, view: View): string[] {
  const known = [...key.grants.map(({ reads }) => reads), ...key.ungranted];
  const lines = known.flatMap((reader): Line[] => {
    if (!reader?.hours || reader.hours.length === 0) return [];
    const who = within(account, reader.principal);
    return [{ who, reads: { at, hours: HOURS, byHour: reader.hours } }];
  });
  return lines.length > 0 ? ['', ...chart(distinct(lines), at, key.hoursSince, view)] : [];
}

/** Several grants may be of one principal. */
const distinct = (lines: readonly Line[]) => [
  ...new Map(lines.map((line) => [line.who, line])).values(),
];

function chart(
  lines: readonly Line[],
  at: string,
  since: string | undefined,
  { columns, paint }: View,
): string[] {
  const name = Math.max(...lines.map(({ who }) => who.length));
  const beside = columns - name - 2 * INDENT.length;
  const isBeside = beside >= FEWEST_BARS;
  const width = Math.min(isBeside ? beside : columns - 2 * INDENT.length, MOST_BARS);
  const charts = lines.map(({ who, reads }) => ({ who, ...sumsOf(reads, width) }));
  const most = Math.max(...charts.flatMap(({ sums }) => sums));
  const each = charts[0]?.each ?? 1;
  const begin = firstHour({ at, hours: HOURS, byHour: [] });
  const from = since ? new Date(since).getTime() : Number.POSITIVE_INFINITY;
  const isKnown = (index: number) => {
    const start = Math.max(begin + index * each * HOUR_MS, Date.parse(at) - HOURS * HOUR_MS);
    return from <= start;
  };
  const bars = (sums: readonly number[]) =>
    sums.map((sum, index) => (sum > 0 || isKnown(index) ? bar(sum, most) : UNKNOWN)).join('');
  const scale = `Reads by hour, ${utc(new Date(begin))} to now, a bar is ${counted(each, 'hour')}; the highest: ${counted(most, 'read')}`;
  const unknown = isKnown(0) ? '' : `; ${UNKNOWN} isn't known`;
  return [
    ...wrap(scale + unknown, columns, INDENT).map(paint.dim),
    ...charts.flatMap(({ who, sums }) =>
      isBeside
        ? [`${INDENT}${who.padEnd(name)}${INDENT}${bars(sums)}`]
        : [INDENT + who, INDENT + INDENT + bars(sums)],
    ),
  ];
}
