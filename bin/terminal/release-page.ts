import type { ReleaseReport } from '../../lambda/payloads.ts';
import { wrap } from './layout.ts';
import { deniedWords } from './quarantines-page.ts';
import { within } from './readers-table.ts';
import type { View } from './terminal.ts';
import { utc } from './times.ts';

/** The guard learns nothing of a release, it only doesn't begin the same one anew before its end. */
const againAfter = (until: string) =>
  `The same quarantine doesn't begin again before ${utc(until)}. For afterwards: a reader of yours belongs in the consumers of its keys, a place of yours in the ownRanges of accessGuard.`;

/** Who may read again, and what of it is left to the sweep. */
export function releasePage(report: ReleaseReport, account: string, view: View): string[] {
  const { environment, at, reason, released } = report;
  const { columns, paint } = view;
  const title = `${paint.bold(`Quarantine ${released.id} of ${environment}`)}, ended ${utc(at)}`;
  const words = deniedWords(released).join(', ');
  return [
    ...wrap(title, columns),
    ...wrap(`Reason: ${reason}`, columns, '', '  '),
    ...wrap(
      `${paint.green('Released:')} ${within(account, released.principal)}, as far as it is granted a key. ${noLonger(report)}: ${words}`,
      columns,
      '',
      '  ',
    ),
    ...leftLines(report, view),
    '',
    ...wrap(againAfter(released.until), columns),
  ];
}

const noLonger = ({ left, stillDeniedBy = [] }: ReleaseReport) =>
  left.length + stillDeniedBy.length > 0
    ? 'No longer denied, but for what follows'
    : 'No longer denied';

function leftLines({ left, stillDeniedBy = [], untold = [] }: ReleaseReport, view: View): string[] {
  const { yellow } = view.paint;
  const by = stillDeniedBy.map((id) => `by quarantine ${id}`);
  return [
    ...listed(`${yellow('Still denied')}, until the hourly sweep takes it off:`, left, view),
    ...listed(`${yellow('Some of it is still denied')}:`, by, view),
    ...listed(`${yellow('Not told')}, which the same command does again:`, untold, view),
  ];
}

function listed(title: string, items: readonly string[], { columns }: View): string[] {
  if (items.length === 0) return [];
  return [
    '',
    ...wrap(title, columns),
    ...items.flatMap((one) => wrap(`- ${one}`, columns, '  ', '  ')),
  ];
}
