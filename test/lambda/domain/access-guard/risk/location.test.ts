import { describe, expect, it } from 'vitest';
import type { GuardRules } from '../../../../../lambda/contract.ts';
import { locationOf } from '../../../../../lambda/domain/access-guard/risk/location.ts';
import {
  type CloudTrailRecord,
  read,
  readThrough,
  throughEndpoint,
  userInSession,
} from '../../../../aws/recorded/cloudtrail.ts';
import { baselineOf, COUNTRIES, DAYS, type Past, USUAL, useIn, weighingBy } from './past.ts';

const NEAR: Partial<GuardRules> = { allowedRanges: ['192.0.2.0/24'] };
const THIRD = { vpcEndpointId: 'vpce-0', vpcEndpointAccountId: '999988887777' };

describe('a location', () => {
  it.each<[string, number | undefined, CloudTrailRecord, Partial<GuardRules>]>([
    ['an allowed range', 0, read(), NEAR],
    ['none of the allowed ranges', 100, read({ from: '198.51.100.7' }), NEAR],
    [
      'a denied range within an allowed one',
      100,
      read(),
      { ...NEAR, deniedRanges: ['192.0.2.10/32'] },
    ],
    [
      'a range of our own outside the allowed ones',
      0,
      read({ from: '198.51.100.7' }),
      { ...NEAR, ownRanges: ['198.51.100.0/24'] },
    ],
    ['a VPC endpoint', 0, read({ from: '10.0.0.7', more: throughEndpoint }), NEAR],
    ['a VPC endpoint of a third account', 100, read({ more: THIRD }), NEAR],
    ['the same, where anywhere is allowed', undefined, read({ more: THIRD }), {}],
    [
      'a VPC endpoint of nobody knows whom',
      undefined,
      read({ more: { vpcEndpointId: 'vpce-1' } }),
      NEAR,
    ],
    ['a service of AWS', 0, readThrough('ssm.amazonaws.com'), NEAR],
    ['what is no address', undefined, read({ from: 'AWS Internal' }), NEAR],
    ['anywhere, without ranges and database', undefined, read(), {}],
  ])('of %s is %s', (_, score, record, rules) => {
    const weighing = weighingBy(rules);
    const factor = locationOf(useIn(record, baselineOf(USUAL), weighing), weighing);
    expect(factor.score).toBe(score);
    expect(factor.reasons).toHaveLength(1);
  });
});

describe('a location by its country', () => {
  const FRANCE: Past = { ...USUAL, 'country FR': DAYS };
  const TRAVELLED: Past = { ...FRANCE, 'place 198.51.100.0/24': DAYS };
  const inFrance = '198.51.100.7';
  const inBrazil = '203.0.113.7';

  it.each<[string, number | undefined, CloudTrailRecord, Past]>([
    ['where its principal never was', 100, read({ from: inBrazil }), FRANCE],
    ['where its principal was, at a usual place', 0, read({ from: inFrance }), TRAVELLED],
    ['where a workload was, in another network', undefined, read({ from: inFrance }), FRANCE],
    [
      'where a person was, in another network',
      0,
      read({ by: userInSession(), from: inFrance }),
      FRANCE,
    ],
    ['that the database does not know', undefined, read({ from: '192.0.2.200' }), FRANCE],
    ['of a principal whose countries are not known', undefined, read({ from: inBrazil }), USUAL],
  ])('%s is %s', (_, score, record, past) => {
    const weighing = weighingBy({}, COUNTRIES);
    const factor = locationOf(useIn(record, baselineOf(past), weighing), weighing);
    expect(factor.score).toBe(score);
  });

  it('matters not where ranges are allowed', () => {
    const weighing = weighingBy({ allowedRanges: ['203.0.113.0/24'] }, COUNTRIES);
    const use = useIn(read({ from: inBrazil }), baselineOf(FRANCE), weighing);
    expect(locationOf(use, weighing).score).toBe(0);
  });

  it.each([
    [
      'is none',
      { countryOf: () => undefined, missing: 'no database was supplied' },
      'no database was supplied',
    ],
    [
      'is broken',
      { countryOf: () => undefined, missing: 'it is no database' },
      'it is no database',
    ],
    [
      'is too old',
      { ...COUNTRIES, builtAt: new Date('2025-11-01T00:00:00Z') },
      'the database of countries is 388 days old',
    ],
  ])('is neutral where the database %s, and says so', (_, countries, reason) => {
    const weighing = weighingBy({}, countries);
    const use = useIn(read({ from: inBrazil }), baselineOf(FRANCE), weighing);
    expect(locationOf(use, weighing)).toEqual({ reasons: [expect.stringContaining(reason)] });
  });
});
