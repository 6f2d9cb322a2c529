import type { PrincipalReads } from '../../lambda/payloads.ts';
import { wrap } from './layout.ts';
import type { ReadersPageReport } from './readers-page.ts';
import { within } from './readers-table.ts';
import type { View } from './terminal.ts';
import { utc } from './times.ts';

/** How risky its uses were, where the usage record tells, and whether it is denied the keys. */
export function danger(
  principal: string,
  reads: PrincipalReads | undefined,
  { quarantined = [] }: ReadersPageReport,
  { paint }: View,
): string[] {
  const isDenied = quarantined.some((one) => one.principal === principal);
  return [
    ...(reads?.risk === undefined ? [] : [`risk ${reads.risk}`]),
    ...(isDenied ? [paint.red('QUARANTINED')] : []),
  ];
}

/** What a risk beside a reader means, where there is any. */
export function riskLegend({ keys }: ReadersPageReport, { columns, paint }: View): string[] {
  const known = keys.flatMap(({ grants, ungranted }) => [
    ...grants.map(({ reads }) => reads),
    ...ungranted,
  ]);
  if (known.every((reads) => reads?.risk === undefined)) return [];
  return wrap('risk: the highest of its uses, from 0 to 100', columns).map(paint.dim);
}

export function quarantineNotes(
  { quarantined = [], quarantinesUnreadable, environment, account }: ReadersPageReport,
  { paint }: View,
): string[] {
  if (quarantinesUnreadable) {
    return [`${paint.yellow('Not known')} who is quarantined. ${quarantinesUnreadable}`];
  }
  if (quarantined.length === 0) return [];
  const all = quarantined.map(
    ({ id, principal, until }) => `${within(account, principal)} until ${utc(until)} (${id})`,
  );
  return [
    `${paint.red('Quarantined:')} ${all.join('; ')}. Why: npx keyctl quarantine list --env ${environment}`,
  ];
}
