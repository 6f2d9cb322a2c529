import type { EmergencyReport } from '../../lambda/payloads.ts';
import type { Aftermath } from '../operator/aftermath.ts';
import type { Written } from '../operator/incident-file.ts';
import type { Problem } from '../operator/problem.ts';
import { impact } from './assess-page.ts';
import { doneInEmergency, leftForAPerson } from './emergency-page.ts';
import { wrap } from './layout.ts';
import type { View } from './terminal.ts';

export interface Revoked extends Aftermath {
  readonly report: EmergencyReport;
  readonly account: string;
  readonly written?: Written;
}

/** What a revocation did, who had used the key, what Amplitude says, and what is left. */
export function revokePage(revoked: Revoked, view: View): string[] {
  const { report, assessment, account, written } = revoked;
  return [
    ...doneInEmergency(report, view),
    ...verdict(revoked, view),
    ...(assessment ? ['', ...impact(assessment, account, view)] : notAssessed(revoked, view)),
    ...(written ? ['', ...writtenLines(written, view)] : []),
    ...leftForAPerson(report, view),
  ];
}

/** Amplitude may take hours; who goes on asking is said, not waited for. */
function verdict({ check, notChecked }: Revoked, { columns, paint }: View): string[] {
  if (notChecked) return problem('Amplitude could not be asked', notChecked, { columns, paint });
  if (!check) return [];
  const colour = { rejected: paint.green, accepted: paint.red, unknown: paint.yellow };
  const text = `${paint.bold('Amplitude on the leaked key:')} ${colour[check.verdict](check.verdict)}. ${check.explanation}. Proof of the end is the hourly sweep's: it asks until Amplitude rejects the key; npx keyctl status tells how far that is.`;
  return ['', ...wrap(text, columns, '', '  ')];
}

function notAssessed({ report, notAssessed: why }: Revoked, view: View): string[] {
  if (!why) return [];
  const again = `npx keyctl assess --env ${report.environment} --key ${report.key} --version ${report.leaked?.versionId ?? 'previous'}`;
  return problem('Not assessed', { ...why, message: `${why.message} Later: ${again}` }, view);
}

function problem(
  what: string,
  { message }: Problem,
  { columns, paint }: Pick<View, 'columns' | 'paint'>,
) {
  return ['', ...wrap(`${paint.yellow(`${what}:`)} ${message}`, columns, '', '  ')];
}

/** Where the report is, or why it is nowhere. */
export function writtenLines(written: Written, { columns, paint }: View): string[] {
  const text =
    'file' in written
      ? `${paint.bold('Report:')} ${written.file}`
      : `${paint.red('Report not written:')} ${written.problem.message}`;
  return wrap(text, columns, '', '  ');
}
