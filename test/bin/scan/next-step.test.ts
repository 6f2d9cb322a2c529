import { describe, expect, it } from 'vitest';
import type { KnownKey } from '../../../bin/scan/known-keys.ts';
import { nextStep } from '../../../bin/scan/next-step.ts';

const its = { fingerprint: '0a1b2c3d4e5f', environment: 'prod', key: 'web', versionId: 'v-1' };
const next = (state: KnownKey['state'], audience: KnownKey['audience'] = 'server') =>
  nextStep({ ...its, audience, state });
const REVOKE = 'npx keyctl revoke --env prod --key web';

describe('what is next after a find depends on the state of the key:', () => {
  it.each([
    ['current', `revoke it now: ${REVOKE} --reason "hard-coded"`],
    ['pending', `once it is current: ${REVOKE} --reason "hard-coded"`],
    ['staged', `${REVOKE} --version staged --reason "hard-coded"`],
    ['retained', `${REVOKE} --version v-1 --reason "hard-coded"`],
    ['previous', `${REVOKE} --version v-1 --reason "hard-coded"`],
    ['foreign', `${REVOKE} --version v-1 --reason "hard-coded"`],
    ['awaiting-revocation', 'npx keyctl verify --env prod --key web'],
    ['compromised', 'npx keyctl verify --env prod --key web'],
    ['held before', 'Only take it out.'],
  ] as const)('%s', (state, end) => {
    expect(next(state).endsWith(end)).toBe(true);
  });

  it("a browser's current key is no leak", () => {
    expect(next('current', 'browser')).toContain('public by design');
    expect(next('current', 'browser')).not.toContain('revoke');
  });
});
