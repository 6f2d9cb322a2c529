import type { GuardRules } from '../../../contract.ts';
import { addressOf } from '../call.ts';
import { type Grant, grantOf } from '../grant.ts';
import type { Place } from '../place.ts';
import type { AddressRanges } from '../ports.ts';
import type { Case } from '../rules.ts';
import type { Baseline, Countries } from './ports.ts';
import { dayOf, type Traits, traitsOf } from './traits.ts';
import { daysOfReads, type Familiarity, familiarityOf, hasAnyOf, isRoaming } from './usual.ts';

export interface Weighing {
  readonly rules: GuardRules;
  readonly place: Place;
  readonly ranges: AddressRanges;
  readonly countries: Countries;
  readonly now: Date;
}

/** A read or a sign-in beside what its principal did before: what the factors are told by. */
export interface Use {
  readonly case: Case;
  readonly baseline: Baseline;
  readonly day: number;
  readonly traits: Traits;
  /** Absent of a sign-in. */
  readonly grant?: Grant;
  readonly isLearning: boolean;
  /** Its principal comes from anywhere. */
  readonly roams: boolean;
  /** Of where it came from; absent: AWS doesn't tell. */
  readonly place?: Familiarity;
  /** Absent: nobody knows, or of none of its principal's countries. */
  readonly country?: Familiarity;
}

export function useOf(found: Case, baseline: Baseline, weighing: Weighing): Use {
  const { call, subject, report } = found;
  const day = dayOf(call.at);
  const traits = traitsOf(found, weighing);
  const grant = subject.of === 'read' ? grantOf(call, report) : undefined;
  const isNew = daysOfReads(baseline, day) < weighing.rules.learningDays;
  const known = (trait: string) => familiarityOf(baseline, trait, day);
  const hasCountry = traits.country !== undefined && hasAnyOf(baseline, 'country', day);
  return {
    case: found,
    baseline,
    day,
    traits,
    ...(grant ? { grant } : {}),
    isLearning: isNew && grant?.is !== 'none',
    roams: isRoaming(baseline, day),
    ...(isOurs(found, weighing)
      ? { place: 'usual' as const }
      : traits.place === undefined
        ? {}
        : { place: known(traits.place) }),
    ...(hasCountry ? { country: known(traits.country ?? '') } : {}),
  };
}

/** Within the operator's own ranges, which need no learning. */
export function isOurs({ call }: Case, { ranges, rules }: Weighing): boolean {
  const address = addressOf(call);
  return address !== undefined && ranges.isWithin(address, rules.ownRanges) === true;
}
