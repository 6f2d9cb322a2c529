import { describe, expect, it } from 'vitest';
import { bounded, traitsOf } from '../../../../../lambda/domain/access-guard/risk/traits.ts';
import {
  type CloudTrailRecord,
  consoleLogin,
  read,
  readThrough,
  role,
  throughEndpoint,
  user,
} from '../../../../aws/recorded/cloudtrail.ts';
import { COUNTRIES, caseOf, weighingBy } from './past.ts';

const traitsIn = (record: CloudTrailRecord) => traitsOf(caseOf(record), weighingBy({}, COUNTRIES));
const KEY = '1f0e9d8c'.repeat(4);

describe('the traits of a use', () => {
  it('are where, what, when and with what it read', () => {
    const at = new Date('2026-11-24T09:59:00Z');
    expect(traitsIn(read({ by: user(), from: '198.51.100.7', at }))).toEqual({
      place: 'place 198.51.100.0/24',
      address: 'address 198.51.100.7',
      country: 'country FR',
      agent: 'agent aws-sdk-js',
      hour: 'hour 9',
      key: 'key web',
    });
  });

  it('have a session by its hash, the same for the same', () => {
    const [one, same, other] = ['task-1', 'task-1', 'task-2'].map(
      (session) => traitsIn(read({ by: role('backend', session) })).session,
    );
    expect(one).toMatch(/^session #[0-9a-f]{16}$/);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it.each<[string, string | undefined, CloudTrailRecord]>([
    ['a VPC endpoint', 'place vpce-0a1b2c3d4e5f6a7b8', read({ more: throughEndpoint })],
    ['a service of AWS', 'place ssm.amazonaws.com', readThrough('ssm.amazonaws.com')],
    ['256 addresses', 'place 192.0.2.0/24', read({ from: '::ffff:192.0.2.10' })],
    ['a site of IPv6', 'place 2001:db8:7::/48', read({ from: '2001:db8:7:1::5' })],
    ['what is no address', 'place #', read({ from: 'AWS Internal' })],
    ['nothing', undefined, read({ from: undefined as never, more: { sourceIPAddress: null } })],
  ])('have as place %s', (_, place, record) => {
    const found = traitsIn(record).place;
    expect(found?.startsWith(place ?? '-') ? place : found).toBe(place);
  });

  it.each([
    ['aws-sdk-js/3.1164.0 md/nodejs#24', 'agent aws-sdk-js'],
    ['Boto3/1.28.5 md/Botocore#1.31', 'agent Boto3'],
    ['[aws-cli/2.15.0 Python/3.11]', 'agent aws-cli'],
    ['Mozilla/5.0 (X11; Linux x86_64)', 'agent Mozilla'],
    ['AWS Internal', 'agent AWS'],
    [' ', undefined],
  ])('have of the user agent %j the family', (userAgent, agent) => {
    expect(traitsIn(read({ with: userAgent })).agent).toBe(agent);
  });

  it('are of a sign-in only where it came from', () => {
    expect(Object.keys(traitsIn(consoleLogin({ from: '198.51.100.7' }))).sort()).toEqual([
      'address',
      'country',
      'place',
    ]);
  });
});

describe('what a caller chose', () => {
  it.each([KEY, `x-${KEY}`, 'x'.repeat(49), 'a b', 'ключ', '\u202e', ''])(
    'is kept as a hash if it is long, odd or like a key: %.20j',
    (text) => {
      expect(bounded(text)).toMatch(/^#[0-9a-f]{16}$/);
    },
  );

  it.each(['web', 'ann@example.com', '198.51.100.0/24', '2001:db8:7::/48'])(
    'is kept as it is else: %s',
    (text) => {
      expect(bounded(text)).toBe(text);
    },
  );
});
