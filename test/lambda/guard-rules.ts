import type { GuardRules } from '../../lambda/contract.ts';

/** As of `accessGuard: {}`. */
export const GUARD_RULES: GuardRules = {
  allowedRanges: [],
  deniedRanges: [],
  mostReads: 100,
  withinMinutes: 5,
  requireMfa: true,
  ownRanges: [],
  learningDays: 7,
  weights: { device: 30, location: 25, behaviour: 45 },
  notifyAt: 40,
  quarantineAt: 70,
  answer: 'observe',
  quarantineHours: 24,
  mostQuarantinesAnHour: 5,
};
