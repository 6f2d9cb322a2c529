import { stackName } from '../../lambda/contract.ts';
import type {
  InventoryReport,
  KeyReport,
  StagedReport,
  VersionReport,
} from '../../lambda/payloads.ts';
import { cmkLine } from './cmk-line.ts';
import { guardLine } from './guard-line.ts';
import { keyNotes } from './key-notes.ts';
import { type Row, table, wrap } from './layout.ts';
import { inOrder } from './state-order.ts';
import type { View } from './terminal.ts';
import { timeline } from './timeline.ts';
import { relative, utc } from './times.ts';

export interface StatusReport extends InventoryReport {
  readonly account: string;
  readonly region: string;
  /** Where the configuration has one that sends with one of the keys. */
  readonly relay?: { readonly key: string };
  /** Keys of the configuration that have no secret yet. */
  readonly notDeployed: readonly string[];
  /** Secrets of the environment that the configuration doesn't name. */
  readonly notConfigured: readonly string[];
}

/** The whole environment on one page. */
export function statusPage(report: StatusReport, view: View): string[] {
  const { environment, account, region, at } = report;
  const { bold } = view.paint;
  const title = `${bold(environment)}, account ${account}, Region ${region}, ${utc(at)}`;
  return [
    ...wrap(title, view.columns),
    ...cmkLine(report, view),
    ...guardLine(report, view),
    ...relayLine(report, view),
    ...report.keys.flatMap((key) => ['', ...keySection(key, view)]),
    ...environmentNotes(report, view),
  ];
}

function relayLine({ environment, relay }: StatusReport, { columns }: View): string[] {
  if (!relay) return [];
  const told = `Relay (sends with key ${relay.key}): npx keyctl relay status --env ${environment}`;
  return wrap(told, columns, '', '  ');
}

function keySection(key: KeyReport, view: View): string[] {
  const { columns, paint } = view;
  const locked = key.lockedDown ? paint.red(', LOCKED DOWN') : '';
  const title = `${paint.bold(key.key)}  ${key.kind} key, ${key.audience}, owner ${key.owner}${locked}`;
  const rows = [
    ...inOrder(key.versions).map((version) => versionRow(version, view)),
    ...key.staged.map((staged) => stagedRow(staged, view)),
  ];
  const unreadable = key.stagedUnreadable
    ? wrap(`${paint.red('Staged keys unreadable:')} ${key.stagedUnreadable}`, columns, '  ', '  ')
    : [];
  return [
    ...wrap(title, columns, '', '  '),
    ...table(['STATE', 'KEY', 'NAME', 'ADDED', 'READABLE UNTIL'], rows, view),
    ...unreadable,
    ...timelineBetweenBlanks(key, view),
    ...keyNotes(key, view).flatMap((note) => wrap(note, columns, '  ', '  ')),
  ];
}

function versionRow(version: VersionReport, { paint, now }: View): Row {
  const { state, content, labels, fingerprint, name = '', createdAt, retainedUntil } = version;
  const added = createdAt ? relative(createdAt, now) : '';
  // A finishSecret that died before the move leaves a deadline on the current key; it means nothing.
  const until = retainedUntil && state !== 'current' ? dayAndRelative(retainedUntil, now) : '';
  const coloured = state === 'current' ? paint.green(state) : state;
  return {
    cells: [coloured, fingerprint ?? `(${content})`, name, added, until],
    note: [...labels].sort().join(', '),
  };
}

const stagedRow = ({ fingerprint, name, stagedAt }: StagedReport, { paint, now }: View): Row => ({
  cells: [paint.cyan('staged'), fingerprint, name, stagedAt ? relative(stagedAt, now) : '', ''],
});

const dayAndRelative = (time: string, now: Date) => `${time.slice(0, 10)}, ${relative(time, now)}`;

function timelineBetweenBlanks(key: KeyReport, view: View): string[] {
  const lines = timeline(key, view);
  return lines.length > 0 ? ['', ...lines, ''] : [];
}

function environmentNotes(report: StatusReport, { columns, paint }: View): string[] {
  const { environment, unreadable, subscriptions, notDeployed, notConfigured } = report;
  const unconfirmed = subscriptions.filter(({ confirmed }) => !confirmed);
  const notes = [
    ...unreadable.map(({ key, error }) => `${paint.red('Unreadable:')} ${key}. ${error.message}`),
    ...notDeployed.map(
      (key) =>
        `${paint.yellow('Not deployed:')} key ${key} has no secret yet: npx cdk deploy ${stackName(environment)}`,
    ),
    ...notConfigured.map(
      (key) =>
        `${paint.yellow('Not configured:')} ${key} has a secret but is not in the configuration; nothing deletes it.`,
    ),
    ...unconfirmed.map(
      ({ endpoint }) =>
        `${paint.yellow('Unconfirmed:')} ${endpoint} gets no notice until the mail from AWS is confirmed.`,
    ),
  ];
  return notes.flatMap((note) => ['', ...wrap(note, columns, '', '  ')]);
}
