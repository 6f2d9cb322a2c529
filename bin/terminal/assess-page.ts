import type { AssessReport, KeyIdentity, RiskLevel } from '../../lambda/payloads.ts';
import { truthLines } from './emergency-page.ts';
import { counted } from './history-page.ts';
import { hoursChart } from './hours-chart.ts';
import { wrap } from './layout.ts';
import { activityTable, readersTable } from './readers-table.ts';
import type { View } from './terminal.ts';
import { utc } from './times.ts';

/** Who used a key, as far as AWS can tell: the truth first. */
export const assessPage = (report: AssessReport, account: string, view: View): string[] => [
  ...truthLines(report.truth, view),
  '',
  ...impact(report, account, view),
];

/** The same without the truth, for a page that has told it. */
export function impact(report: AssessReport, account: string, view: View): string[] {
  const { environment, key, hours, at, leaked } = report;
  const { columns, paint } = view;
  const title = `${paint.bold(`Who used ${environment}/${key}`)}, ${namesOf(leaked)}, in the ${counted(hours, 'hour')} to ${utc(at)}`;
  return [
    ...wrap(title, columns),
    '',
    ...risk(report, view),
    '',
    ...reads(report, account, view),
    ...activity(report, account, view),
    '',
    ...sourceLines(report, view),
    '',
    paint.bold("What AWS can't see"),
    ...report.blind.flatMap((one) => wrap(`- ${one}`, columns, '  ', '  ')),
  ];
}

/** `key 3f2a9c01b7de "Web 2026-11"` */
export function namesOf({ fingerprint, name, versionId }: KeyIdentity): string {
  const called = name ? ` "${name}"` : '';
  return fingerprint ? `key ${fingerprint}${called}` : `version ${versionId}${called}`;
}

function risk({ risk: { level, reasons } }: AssessReport, { columns, paint }: View): string[] {
  return [
    `Risk: ${colourOf(level, paint)(level.toUpperCase())}`,
    ...reasons.flatMap((reason) => wrap(`- ${reason}`, columns, '  ', '  ')),
  ];
}

function colourOf(level: RiskLevel, paint: View['paint']) {
  if (level === 'low') return paint.green;
  return level === 'high' ? paint.red : paint.yellow;
}

function reads(report: AssessReport, account: string, view: View): string[] {
  const { first, last, readers, byHour } = report;
  const { columns, paint } = view;
  if (report.reads === 0) return wrap(`${paint.bold('Reads:')} none found.`, columns);
  const unknown = readers.filter(({ known }) => !known).length;
  const times = first && last ? `, first ${utc(first)}, last ${utc(last)}` : '';
  const by = `${counted(readers.length, 'reader')}, ${unknown === 0 ? 'all known' : paint.red(`${unknown} unknown`)}`;
  return [
    ...wrap(`${paint.bold('Reads:')} ${report.reads} by ${by}${times}`, columns, '', '  '),
    '',
    ...readersTable(readers, account, view),
    ...(byHour.length > 0 ? ['', paint.bold('By hour'), ...hoursChart(report, columns)] : []),
  ];
}

function activity(report: AssessReport, account: string, view: View): string[] {
  if (report.activity.length === 0) return [];
  const title = view.paint.bold('What else was done to it');
  return ['', title, ...activityTable(report.activity, account, view)];
}

function sourceLines({ source }: AssessReport, { columns, paint }: View): string[] {
  const bound = source.complete
    ? ''
    : ` ${paint.yellow('It stopped at its bound: there may be more.')}`;
  return wrap(`${paint.bold('Source:')} ${sourceOf(source)}${bound}`, columns, '', '  ');
}

const SOURCE: Readonly<Record<AssessReport['source']['kind'], string>> = {
  'logs-insights': 'CloudWatch Logs Insights',
  'lookup-events': 'CloudTrail LookupEvents',
  'usage-record': 'usage record of the access guard',
};

/** Where the answer comes from, and what asking cost. */
export function sourceOf(source: AssessReport['source']): string {
  const { kind, covers, calls, bytesScanned, priceUsd } = source;
  const scanned =
    bytesScanned === undefined ? '' : `, ${(bytesScanned / 1e9).toFixed(3)} GB scanned`;
  const price = priceUsd === undefined ? '' : ` for about $${priceUsd.toFixed(4)}`;
  return `${SOURCE[kind]}, ${counted(calls, 'call')}${scanned}${price}. ${covers}`;
}
