import type { Records } from './records.ts';

/** What is sent and written down in all when nothing fails: judged against this, not against itself. */

const RETIREMENT_MAIL = {
  'Amplitude key dev/web rotated': 1,
  'Revoke Amplitude key first of dev/web': 1,
  'Amplitude key first of dev/web is retired': 1,
};
const RETIREMENT_TRAIL = {
  'promoted first': 1,
  'staged second': 1,
  'promoted second': 1,
  'retained first': 1,
  'awaiting-revocation first': 1,
  'retired first': 1,
};

const records = (
  mail: Readonly<Record<string, number>>,
  trail: Readonly<Record<string, number>>,
): Records => ({ mail: new Map(Object.entries(mail)), trail: new Map(Object.entries(trail)) });

export const ROTATED = records(RETIREMENT_MAIL, RETIREMENT_TRAIL);

export const SECRET_KEY_ROTATED = records(RETIREMENT_MAIL, {
  ...RETIREMENT_TRAIL,
  'promoted fourth': 1,
});

export const ROTATED_LATE = records(
  { ...RETIREMENT_MAIL, 'Overdue: stage the next Amplitude key of dev/web': 1 },
  RETIREMENT_TRAIL,
);

/** An emergency's own message takes the place of `rotated`. */
export const REVOKED = records(
  {
    ...RETIREMENT_MAIL,
    'EMERGENCY: revoke Amplitude key second of dev/web now': 1,
    'Amplitude key second of dev/web is retired': 1,
  },
  {
    ...RETIREMENT_TRAIL,
    'staged third': 1,
    'compromised second': 1,
    'promoted third': 1,
    'awaiting-revocation second': 1,
    'retired second': 1,
  },
);

/** Its value was put by hand once more before: each of its two versions comes to its end. */
export const REVOKED_TWICE = records(
  {
    ...RETIREMENT_MAIL,
    'A replaced Amplitude key of dev/web was given its retention': 1,
    'EMERGENCY: revoke Amplitude key second of dev/web now': 1,
    'Amplitude key dev/web: retired': 1,
  },
  {
    ...RETIREMENT_TRAIL,
    'promoted second': 2,
    'adopted second': 1,
    'staged third': 1,
    'compromised second': 2,
    'promoted third': 1,
    'awaiting-revocation second': 2,
    'retired second': 2,
  },
);
