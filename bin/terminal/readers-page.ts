import { stackName } from '../../lambda/contract.ts';
import { covers } from '../../lambda/domain/readers/judge-readers.ts';
import type { PrincipalReads, ReadersReport } from '../../lambda/payloads.ts';
import type { Grant, KeyReaders, Proposal } from '../operator/reclaim.ts';
import { sourceOf } from './assess-page.ts';
import { type Row, table, wrap } from './layout.ts';
import { readersHours } from './readers-hours.ts';
import { danger, quarantineNotes, riskLegend } from './readers-risk.ts';
import { minute, within } from './readers-table.ts';
import type { View } from './terminal.ts';
import { utc } from './times.ts';

export interface ReadersPageReport extends Omit<ReadersReport, 'keys'> {
  readonly account: string;
  readonly region: string;
  readonly unusedDays: number;
  readonly keys: readonly KeyReaders[];
  /** Keys of the configuration that have no secret yet. */
  readonly notDeployed: readonly string[];
}

/** Who reads every key, by which grant, and what may be taken back. */
export function readersPage(report: ReadersPageReport, view: View): string[] {
  const { environment, account, region, at, source } = report;
  const { columns, paint } = view;
  const title = `${paint.bold(`Readers of ${environment}`)}, account ${account}, Region ${region}, the 90 days to ${utc(at)}`;
  return [
    ...wrap(title, columns),
    ...riskLegend(report, view),
    ...report.keys.flatMap((key) => ['', ...keySection(key, report, view)]),
    ...proposals(report, view),
    ...notes(report, view),
    '',
    ...wrap(`${paint.bold('Source:')} ${sourceOf(source)}`, columns, '', '  '),
  ];
}

const GRANTS = ['GRANTED TO', 'PURPOSE', 'UNTIL', 'LAST READ (UTC)', '72 H', '30 D', ''];
const OTHERS = [
  'WITHOUT A GRANT',
  'LAST READ (UTC)',
  '72 H',
  '30 D',
  'REFUSED',
  'LAST REFUSED',
  '',
];

function keySection(key: KeyReaders, report: ReadersPageReport, view: View): string[] {
  const { columns, paint } = view;
  const grants = key.grants.map((grant) => grantRow(grant, key, report, view));
  const others = key.ungranted.map((reader) => otherRow(reader, key, report, view));
  const unused = key.keyUnused === 'yes' ? paint.yellow('nobody read it for 90 days') : '';
  const known = key.since ? `reads known since ${utc(key.since)}` : paint.yellow('no reads known');
  return [
    ...wrap([paint.bold(key.key), known, unused].filter(Boolean).join(', '), columns, '', '  '),
    ...(grants.length > 0
      ? table(GRANTS, grants, view, (row) => narrowGrant(row, view))
      : wrap('Granted to nobody.', columns, '  ')),
    ...(others.length > 0
      ? ['', ...table(OTHERS, others, view, (row) => narrowOther(row, view))]
      : []),
    ...readersHours(key, report, view),
  ];
}

function grantRow(grant: Grant, key: KeyReaders, report: ReadersPageReport, view: View): Row {
  const { paint } = view;
  const { principal, purpose = '', expires, reads, state, why, isHidden } = grant;
  const until = expires ? expires.slice(0, 10) : 'no end';
  const coloured = { used: paint.green, unknown: paint.dim }[state as string] ?? paint.yellow;
  const counts = isHidden ? ['?', '?'] : countsOf(reads, key, report);
  const last = reads?.last ? minute(reads.last) : isHidden ? '?' : 'never seen';
  return {
    cells: [
      within(report.account, principal),
      purpose,
      until,
      last,
      ...counts,
      [coloured(state), ...danger(principal, reads, report, view)].join(', '),
    ],
    ...(why ? { note: why } : {}),
  };
}

function otherRow(
  reader: KeyReaders['ungranted'][number],
  key: KeyReaders,
  report: ReadersPageReport,
  view: View,
): Row {
  const { paint } = view;
  const { principal, last, lastRefused, refusedIn30Days, maybeBy } = reader;
  const isMaybe = maybeBy.length > 0;
  return {
    cells: [
      within(report.account, principal),
      last ? minute(last) : 'never seen',
      ...countsOf(reader, key, report),
      atLeast(refusedIn30Days, 30, key, report),
      lastRefused ? minute(lastRefused) : '',
      [
        isMaybe ? paint.dim('maybe granted') : paint.red('NO GRANT'),
        ...danger(principal, reader, report, view),
      ].join(', '),
    ],
    ...(isMaybe ? { note: `maybe by ${maybeBy.join(', ')}` } : {}),
  };
}

function narrowGrant({ cells, note = '' }: Row, { columns, paint }: View): string[] {
  const [who = '', purpose = '', until = '', last = '', lately = '', month = '', state = ''] =
    cells;
  const reads = `last read ${last}, ${lately} in 72 hours, ${month} in 30 days; until ${until}`;
  return [
    ...wrap([`${who}, ${state}`, purpose].filter(Boolean).join(': '), columns, '  ', '  '),
    ...wrap(reads, columns, '    ', '  '),
    ...(note ? wrap(note, columns, '    ', '  ').map(paint.dim) : []),
  ];
}

function narrowOther({ cells, note = '' }: Row, { columns, paint }: View): string[] {
  const [who = '', last = '', lately = '', month = '', refused = '', lastRefused = '', state = ''] =
    cells;
  const reads = `last read ${last}, ${lately} in 72 hours, ${month} in 30 days`;
  const denied = lastRefused ? `; ${refused} refused in 30 days, the last ${lastRefused}` : '';
  return [
    ...wrap(`${who}, ${state}`, columns, '  ', '  '),
    ...wrap(reads + denied, columns, '    ', '  '),
    ...(note ? wrap(note, columns, '    ', '  ').map(paint.dim) : []),
  ];
}

const countsOf = (
  reads: PrincipalReads | undefined,
  key: KeyReaders,
  report: ReadersPageReport,
) => [
  atLeast(reads?.in72Hours ?? 0, 3, key, report),
  atLeast(reads?.in30Days ?? 0, 30, key, report),
];

/** `12+`: not all of the period is known. */
const atLeast = (count: number, days: number, { since }: KeyReaders, { at }: ReadersPageReport) =>
  `${count}${covers(since, new Date(at), days) ? '' : '+'}`;

function proposals({ keys, environment }: ReadersPageReport, view: View): string[] {
  const all = keys.flatMap((key) => key.proposals);
  if (all.length === 0) return [];
  const then = `Then deploy: npx cdk deploy ${stackName(environment)}`;
  return [
    '',
    view.paint.bold('To take back'),
    ...all.flatMap((proposal) => [...proposalLines(proposal, view), '']),
    ...wrap(then, view.columns, '  ', '  '),
  ];
}

/** The lines to remove stay as they are, whatever the width, so that they can be found. */
function proposalLines({ text, change }: Proposal, { columns, paint }: View): string[] {
  return [
    ...wrap(text, columns, '  ', '  '),
    ...(change
      ? [
          ...wrap(`${change.file}, in ${change.at}:`, columns, '  ', '  ').map(paint.dim),
          ...change.remove.map((line) => paint.red(`-${line}`)),
        ]
      : []),
  ];
}

function notes(report: ReadersPageReport, view: View): string[] {
  const { unreadable, notDeployed, environment } = report;
  const { columns, paint } = view;
  const lines = [
    ...quarantineNotes(report, view),
    ...unreadable.map(({ key, error }) => `${paint.red('Unreadable:')} ${key}. ${error.message}`),
    ...notDeployed.map(
      (key) =>
        `${paint.yellow('Not deployed:')} key ${key} has no secret yet: npx cdk deploy ${stackName(environment)}`,
    ),
  ];
  return lines.flatMap((line) => ['', ...wrap(line, columns, '', '  ')]);
}
