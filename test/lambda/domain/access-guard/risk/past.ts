import { addressRanges } from '../../../../../lambda/adapters/address-ranges.ts';
import { recordedCall } from '../../../../../lambda/adapters/cloudtrail-event.ts';
import type { GuardRules } from '../../../../../lambda/contract.ts';
import { placeOf } from '../../../../../lambda/domain/access-guard/place.ts';
import type { Baseline, Countries } from '../../../../../lambda/domain/access-guard/risk/ports.ts';
import {
  type Use,
  useOf,
  type Weighing,
} from '../../../../../lambda/domain/access-guard/risk/use.ts';
import type { Case } from '../../../../../lambda/domain/access-guard/rules.ts';
import { subjectOf } from '../../../../../lambda/domain/access-guard/subject.ts';
import type { KeyReport } from '../../../../../lambda/payloads.ts';
import type { CloudTrailRecord } from '../../../../aws/recorded/cloudtrail.ts';
import { GUARD_RULES } from '../../../guard-rules.ts';

/** 2026-11-24, at whose beginning the records are made. */
export const TODAY = 20_781;
export const NOW = new Date('2026-11-24T23:59:00Z');

const CMK = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** Addresses of 198.51.100.0/24 are in France, of 203.0.113.0/24 in Brazil, others nowhere. */
export const COUNTRIES: Countries = {
  countryOf: (address) =>
    address.startsWith('198.51.100.') ? 'FR' : address.startsWith('203.0.113.') ? 'BR' : undefined,
  builtAt: new Date('2026-11-01T00:00:00Z'),
};
const NO_COUNTRIES: Countries = { countryOf: () => undefined, missing: 'no database was supplied' };

export const weighingBy = (
  rules: Partial<GuardRules> = {},
  countries: Countries = NO_COUNTRIES,
): Weighing => ({
  rules: { ...GUARD_RULES, ...rules },
  place: placeOf('dev', CMK),
  ranges: addressRanges,
  countries,
  now: NOW,
});

/** Days before today on which a trait was seen. */
export type Past = Readonly<Record<string, readonly number[]>>;

export const DAYS = [1, 2, 3, 4, 5, 6, 7];

/** @param reads of each of the last days, yesterday's first */
export function baselineOf(
  past: Past = {},
  reads: readonly number[] = DAYS.map(() => 5),
  more: { readonly today?: number; readonly steps?: readonly string[] } = {},
): Baseline {
  const { today = 1, steps = [] } = more;
  return {
    traits: new Map(
      Object.entries(past).map(([trait, days]) => [trait, days.map((ago) => TODAY - ago)]),
    ),
    reads: new Map([
      [TODAY, today],
      ...reads.map((count, index): [number, number] => [TODAY - 1 - index, count]),
    ]),
    steps,
  };
}

/** What a consumer behind the NAT gateway 192.0.2.10 does, who reads `web` at midnight. */
export const USUAL: Past = {
  'place 192.0.2.0/24': DAYS,
  'address 192.0.2.10': DAYS,
  'agent aws-sdk-js': DAYS,
  'hour 0': DAYS,
  'key web': DAYS,
};
export const IN_VPC: Past = {
  'place vpce-0a1b2c3d4e5f6a7b8': DAYS,
  'agent aws-sdk-js': DAYS,
  'hour 0': DAYS,
  'key web': DAYS,
};

export function caseOf(record: CloudTrailRecord, consumers?: readonly string[]): Case {
  const call = recordedCall(record);
  if (!call) throw new Error('That is no record.');
  const subject = subjectOf(call, placeOf('dev', CMK), NOW);
  if (typeof subject === 'string') throw new Error(`That is of no concern: ${subject}`);
  const granted = consumers ?? [call.principal];
  const report = { consumers: granted.map((principal) => ({ principal })) } as unknown as KeyReport;
  const key = 'secretId' in subject ? subject.secretId.replace('amplitude/dev/', '') : undefined;
  return key === undefined ? { call, subject } : { call, subject, key, report };
}

/** A granted principal's, unless told otherwise. */
export const useIn = (
  record: CloudTrailRecord,
  baseline: Baseline = baselineOf(USUAL),
  weighing: Weighing = weighingBy(),
  consumers?: readonly string[],
): Use => useOf(caseOf(record, consumers), baseline, weighing);
