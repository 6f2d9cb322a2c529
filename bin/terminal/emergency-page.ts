import type { EmergencyReport, KeyIdentity, PlanStep, Truth } from '../../lambda/payloads.ts';
import { table, wrap } from './layout.ts';
import type { View } from './terminal.ts';
import { utc } from './times.ts';

/** What was done in an emergency, or would be: the truth first, what is left for a person last. */
export function emergencyPage(report: EmergencyReport, view: View): string[] {
  return [...doneInEmergency(report, view), ...leftForAPerson(report, view)];
}

/** All but what is left for a person. */
export function doneInEmergency(report: EmergencyReport, view: View): string[] {
  const { columns, paint } = view;
  return [
    ...truthLines(report.truth, view),
    '',
    ...wrap(`${paint.bold(titleOf(report))}, ${whenOf(report)}`, columns),
    ...wrap(`Reason: ${report.reason}`, columns, '', '  '),
    ...keys(report, view),
    '',
    paint.bold(report.dryRun ? 'Plan' : 'Done'),
    ...steps(report, view),
    ...containment(report, view),
  ];
}

export function truthLines({ text, revoked }: Truth, { columns, paint }: View): string[] {
  const colour = revoked === 'yes' ? paint.green : paint.red;
  return wrap(text, columns).map(colour);
}

const NOUN = {
  revoke: 'Revocation',
  rollback: 'Rollback',
  lockdown: 'Lockdown',
  unlock: 'Unlocking',
} as const;

/** `Revocation of prod/server`, `Lockdown of prod` */
const titleOf = ({ action, environment, key }: EmergencyReport) =>
  `${NOUN[action]} of ${key === undefined ? environment : `${environment}/${key}`}`;

const whenOf = ({ dryRun, at, tookMs }: EmergencyReport) =>
  dryRun
    ? `a dry run at ${utc(at)}: nothing was changed`
    : `declared ${utc(at)}, took ${durationOf(tookMs)}`;

const durationOf = (milliseconds: number) =>
  milliseconds < 1_000 ? `${milliseconds} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;

function keys({ action, leaked, next }: EmergencyReport, view: View): string[] {
  const wrong = action === 'rollback' ? 'wrong' : 'leaked';
  const rows = [
    ...(leaked ? [{ cells: [view.paint.red(wrong), ...identity(leaked)] }] : []),
    ...(next ? [{ cells: [view.paint.green('next'), ...identity(next)] }] : []),
  ];
  return rows.length === 0 ? [] : ['', ...table(['', 'KEY', 'NAME'], rows, view)];
}

/** A value that can't be read has no fingerprint. */
const identity = ({ fingerprint, name = '', versionId = '' }: KeyIdentity) => [
  fingerprint ?? `version ${versionId}`,
  name,
];

function steps({ plan, dryRun, action }: EmergencyReport, view: View): string[] {
  const none = action === 'revoke' ? 'Nothing: all is done already.' : 'Nothing.';
  if (plan.length === 0) return [`  ${none}`];
  return plan.flatMap((step, at) => stepLines(step, dryRun ? `${at + 1}.` : stateOf(step), view));
}

function stateOf({ doneAt, failed }: PlanStep): string {
  if (failed !== undefined) return 'FAILED';
  return doneAt === undefined ? 'not reached' : doneAt.slice(11, 19);
}

function stepLines({ what, doneAt, failed, later }: PlanStep, state: string, view: View): string[] {
  const { columns, paint } = view;
  const colour = failed === undefined ? (doneAt ? paint.green : paint.dim) : paint.red;
  return [
    ...wrap(`${colour(state)}  ${what}`, columns, '  ', '  '),
    ...[failed ?? later ?? []].flat().flatMap((why) => wrap(why, columns, '    ', '  ')),
  ];
}

function containment({ contained }: EmergencyReport, { columns, paint }: View): string[] {
  if (!contained) return [];
  const word = contained.contained ? paint.green('Contained.') : paint.red('NOT contained.');
  return ['', ...wrap(`${word} ${contained.proof}`, columns, '', '  ')];
}

export function leftForAPerson({ left }: EmergencyReport, { columns, paint }: View): string[] {
  if (left.length === 0) return [];
  return [
    '',
    paint.bold('Left for you'),
    ...left.flatMap((one, at) => wrap(`${at + 1}. ${one}`, columns, '  ', '   ')),
  ];
}
