import type { AssessReport } from '../../lambda/payloads.ts';
import { counted } from './history-page.ts';
import { wrap } from './layout.ts';
import { utc } from './times.ts';

type Reads = Pick<AssessReport, 'at' | 'hours' | 'byHour'>;

const HOUR_MS = 3_600_000;
const INDENT = '  ';
/** Wide enough for three days by the hour. */
const LONGEST = 78;
const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const NONE = '·';

/** Reads by hour on one line, earliest first; a bar is several hours where there is little room. */
export function hoursChart(report: Reads, columns: number): string[] {
  const { each, sums } = barsOf(report, Math.min(columns, LONGEST) - INDENT.length);
  const most = Math.max(...sums);
  const start = firstHour(report);
  const busiest = utc(new Date(start + sums.indexOf(most) * each * HOUR_MS));
  const bars = sums.map((sum) => (sum === 0 ? NONE : bar(sum / most)));
  const scale = `${utc(new Date(start))} to now, a bar is ${counted(each, 'hour')}; most: ${counted(most, 'read')} from ${busiest} on`;
  return [INDENT + bars.join(''), ...wrap(scale, columns, INDENT)];
}

function barsOf(report: Reads, width: number) {
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
const firstHour = ({ at, hours }: Reads) =>
  Math.floor(new Date(at).getTime() / HOUR_MS - hours) * HOUR_MS;

const bar = (share: number) => BARS[Math.ceil(share * BARS.length) - 1];
