import type { InventoryReport } from '../../lambda/payloads.ts';
import { wrap } from './layout.ts';
import type { View } from './terminal.ts';
import { relative, utcAndRelative } from './times.ts';

type Report = Pick<InventoryReport, 'guard'>;

/** Every sweep reads every key, so that a trail tells of reads each hour. */
const SILENT_MS = 3 * 3_600_000;

const LOOK =
  'Is there a trail of this account in this Region that records management events, reads among them? aws cloudtrail describe-trails';

/** Whether the access guard, where there is one, sees anything. */
export function guardLine({ guard }: Report, view: View): string[] {
  return guard ? wrap(`Access guard: ${toldOf(guard, view)}`, view.columns, '', '  ') : [];
}

function toldOf(
  { latestEventAt, unreadable }: NonNullable<Report['guard']>,
  { paint, now }: View,
): string {
  if (unreadable) return `${paint.yellow('could not be asked.')} ${unreadable}`;
  if (!latestEventAt) return `${paint.yellow('has seen no read yet.')} ${LOOK}`;
  if (now.getTime() - new Date(latestEventAt).getTime() < SILENT_MS) {
    return `latest read ${relative(latestEventAt, now)}`;
  }
  const since = utcAndRelative(latestEventAt, now);
  return `${paint.red('has seen no read')} since ${since}, so nobody would see one. ${LOOK}`;
}
