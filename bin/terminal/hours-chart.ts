import type { AssessReport } from '../../lambda/payloads.ts';
import { counted } from './history-page.ts';
import { wrap } from './layout.ts';
import { utc } from './times.ts';

export type Reads = Pick<AssessReport, 'at' | 'hours' | 'byHour'>;

const HOUR_MS = 3_600_000;
const INDENT = '  ';
/** Wide enough for three days by the hour. */
const LONGEST = 78;
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const NONE = '·';

/** Reads by hour on one line, earliest first; a bar is several hours where there is little room. */
export function hoursChart(report: Reads, columns: number): string[] {
  const { each, sums } = sumsOf(report, Math.min(columns, LONGEST) - INDENT.length);
  const most = Math.max(...sums);
  const start = firstHour(report);
  const busiest = utc(new Date(start + sums.indexOf(most) * each * HOUR_MS));
  const bars = sums.map((sum) => bar(sum, most));
  const scale = `${utc(new Date(start))} to now, a bar is ${counted(each, 'hour')}; most: ${counted(most, 'read')} from ${busiest} on`;
  return [INDENT + bars.join(''), ...wrap(scale, columns, INDENT)];
}

/** Reads in so many hours each, so that they fit into `width` bars. */
export function sumsOf(report: Reads, width: number) {
  const count = Math.floor((new Date(report.at).getTime() - firstHour(report)) / HOUR_MS) + 1;
  const each = Math.ceil(count / width);
  const sums = Array.from({ length: Math.ceil(count / each) }, () => 0);
  for (const { hour, reads } of report.byHour) {
    const after = Math.floor((new Date(hour).getTime() - firstHour(report)) / HOUR_MS / each);
    const at = Math.min(Math.max(after, 0), sums.length - 1);
    sums[at] = (sums[at] ?? 0) + reads;
  }
  return { each, sums };
}

/** The hour in which the time asked about begins. */
export const firstHour = ({ at, hours }: Reads) =>
  Math.floor(new Date(at).getTime() / HOUR_MS - hours) * HOUR_MS;

/** As high as its share of `most`. */
export const bar = (sum: number, most: number) =>
  sum === 0 ? NONE : BARS[Math.ceil((sum / most) * BARS.length) - 1];
