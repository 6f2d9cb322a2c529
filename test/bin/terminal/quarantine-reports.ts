import type {
  QuarantineReport,
  QuarantinesReport,
  ReleaseReport,
} from '../../../lambda/payloads.ts';
import { hoursAgo } from './emergency-reports.ts';
import { NOW } from './reports.ts';

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

/** A stranger's, and below a consumer's stolen session. */
export const INTERN: QuarantineReport = {
  id: '0123abcd',
  denied: {
    principal: role('intern'),
    session: 'AROAEXAMPLEINTERN0000:laptop',
    address: '198.51.100.23',
  },
  principal: role('intern'),
  key: 'server',
  score: 97,
  reasons: [
    'read by one to whom the key is not granted',
    '198.51.100.23 is in none of the allowed ranges',
    'without a grant nothing is usual',
  ],
  eventId: '5c6d7e8f-1111-4222-8333-444455556666',
  at: hoursAgo(2),
  until: hoursAgo(-22),
};

export const SHOP: QuarantineReport = {
  ...INTERN,
  id: '4567cdef',
  denied: { session: 'AROAEXAMPLESHOP000000:i-0a1b2c3d4e5f60718' },
  principal: role('shop'),
  score: 71,
  reasons: ['a workload from elsewhere than usual', 'a new place', 'a new kind of user agent'],
  at: hoursAgo(1),
  until: hoursAgo(-23),
};

/** Of a sign-in no key is named. */
const { key: _, ...SIGN_IN } = INTERN;

export { SIGN_IN };

export const quarantines = (more: Partial<QuarantinesReport> = {}): QuarantinesReport => ({
  environment: 'prod',
  at: NOW.toISOString(),
  answer: 'quarantine',
  quarantines: [INTERN, SHOP],
  pending: [],
  ...more,
});

export const released = (more: Partial<ReleaseReport> = {}): ReleaseReport => ({
  environment: 'prod',
  at: NOW.toISOString(),
  reason: 'our new office',
  released: INTERN,
  left: [],
  ...more,
});
