import { describe, expect, it } from 'vitest';
import { accountIn, endOf, principalOf } from '../../lib/grants.ts';

const purpose = 'events';
const role = 'arn:aws:iam::111122223333:role/service/web';
const byName = { account: '444455556666', roleName: 'service/api', purpose };
const byTag = { principalTag: { key: 'team', value: 'web' }, purpose };

describe('a consumer', () => {
  it('has the same principal for every way to name a role, and its own for a tag', () => {
    expect(principalOf({ role, purpose }, 'aws')).toBe(role);
    expect(principalOf(byName, 'aws-us-gov')).toBe(
      'arn:aws-us-gov:iam::444455556666:role/service/api',
    );
    expect(principalOf(byTag, 'aws')).toBe('PrincipalTag/team=web');
  });

  it('is in the account of its ARN, in the one that is written, or in the own of the stack', () => {
    expect(accountIn({ role, purpose })).toBe('111122223333');
    expect(accountIn(byName)).toBe('444455556666');
    expect(accountIn(byTag)).toBeUndefined();
  });

  it('has a grant that ends at a time, at the beginning of a day in UTC, after seconds, or never', () => {
    const end = (more: object) => endOf({ role, purpose, ...more })?.toISOString();
    expect(end({ expires: '2027-01-31T12:00:00Z' })).toBe('2027-01-31T12:00:00.000Z');
    expect(end({ expires: '2027-01-31' })).toBe('2027-01-31T00:00:00.000Z');
    expect(end({ from: '2027-01-31', expiresIn: 3600 })).toBe('2027-01-31T01:00:00.000Z');
    expect(end({})).toBeUndefined();
  });
});
