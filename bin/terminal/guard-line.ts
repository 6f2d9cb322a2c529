import type { InventoryReport } from '../../lambda/payloads.ts';
import { wrap } from './layout.ts';
import type { View } from './terminal.ts';
import { relative, utcAndRelative } from './times.ts';

type Report = Pick<InventoryReport, 'guard' | 'environment'>;
type Guard = NonNullable<Report['guard']>;

/** Every sweep reads every key, so that a trail tells of reads each hour. */
const SILENT_MS = 3 * 3_600_000;

const LOOK =
  'Every sweep makes some: is there a trail of this account in this Region that records management events, reads among them? aws cloudtrail describe-trails';

const ANSWER: Readonly<Record<string, string>> = {
  observe: ' (only observes)',
  quarantine: ' (quarantines)',
};

/** Whether the access guard, where there is one, sees anything, and what it does about it. */
export function guardLine({ guard, environment }: Report, view: View): string[] {
  if (!guard) return [];
  const { answer = '', quarantined = 0 } = guard;
  const title = `Access guard${ANSWER[answer] ?? ''}`;
  return [
    ...wrap(`${title}: ${toldOf(guard, view)}`, view.columns, '', '  '),
    ...(quarantined > 0 ? quarantinedLine(quarantined, environment, view) : []),
  ];
}

function quarantinedLine(count: number, environment: string, { columns, paint }: View): string[] {
  const told = paint.red(count === 1 ? '1 quarantine' : `${count} quarantines`);
  return wrap(`${told}: npx keyctl quarantine list --env ${environment}`, columns, '  ', '  ');
}

function toldOf({ latestReadAt, unreadable }: Guard, { paint, now }: View): string {
  if (unreadable) return `${paint.yellow('could not be asked.')} ${unreadable}`;
  if (!latestReadAt) return `${paint.yellow('has seen no read yet.')} ${LOOK}`;
  if (now.getTime() - new Date(latestReadAt).getTime() < SILENT_MS) {
    return `latest read ${relative(latestReadAt, now)}`;
  }
  const since = utcAndRelative(latestReadAt, now);
  return `${paint.red('has seen no read')} since ${since}, so nobody would see one. ${LOOK}`;
}
