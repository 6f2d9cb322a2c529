import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../lib/config-faults.ts';
import { lengthOf } from '../../lib/policy-length.ts';
import { everyOption, resourcesOf, synthesize } from './synthesized.ts';

function faultsOf(over: object): string[] {
  try {
    synthesize(over);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** So many blocks of one form, which take as many characters each. */
const ipv4 = (count: number, at: number) =>
  Array.from({ length: count }, (_, index) => `10.${100 + at}.${100 + index}.0/24`);
const ipv6 = (count: number, at: number) =>
  Array.from({ length: count }, (_, index) => `2001:db8:${at}:${100 + index}::/64`);
const amplitude = { organization: 'acme', projectId: '100001', dataResidency: 'US' };

describe("a function's variables", () => {
  it.each<[string, object]>([
    [
      'a hundred and twenty blocks of IPv4',
      {
        accessGuard: {
          allowedRanges: ipv4(50, 1),
          deniedRanges: ipv4(50, 2),
          ownRanges: ipv4(20, 3),
        },
      },
    ],
    [
      'a hundred blocks of IPv6',
      { accessGuard: { allowedRanges: ipv6(50, 1), ownRanges: ipv6(50, 3) } },
    ],
    ['every option', everyOption],
  ])('have room for %s', (_, over) => {
    expect(faultsOf(over)).toEqual([]);
  });

  it('and not for three full lists of IPv6: the deployment would fail', () => {
    const accessGuard = {
      allowedRanges: ipv6(50, 1),
      deniedRanges: ipv6(50, 2),
      ownRanges: ipv6(50, 3),
    };
    expect(faultsOf({ accessGuard })).toEqual([
      expect.stringMatching(
        /^dev\.accessGuard: the variables of the function access-guard would have about 4\d{3} bytes, at most 4096 are taken: its ranges make most of 3\d{3} of them; name fewer, larger blocks$/,
      ),
    ]);
  });

  it('nor for fifty long names beside full lists of a guard, which the relay is told as well', () => {
    const relay = {
      key: 'web',
      postedProperties: Array.from({ length: 50 }, (_, at) => `${at}`.padEnd(40, 'x')),
    };
    expect(faultsOf({ relay })).toEqual([]);
    expect(faultsOf({ relay, accessGuard: { deniedRanges: ipv4(50, 1) } })).toEqual([
      expect.stringMatching(
        /^dev\.relay: the variables of the function relay-intake would have about 4\d{3} bytes, at most 4096 are taken: its names and the deniedRanges of the access guard make most of \d{4} of them; name fewer$/,
      ),
    ]);
  });

  it('nor for other texts without an end, which are told by the name of their variable', () => {
    const organization = 'x'.repeat(4_000);
    expect(faultsOf({ amplitude: { ...amplitude, organization } })).toEqual([
      expect.stringMatching(
        /^dev: the variables of the function emergency would have about \d{4} bytes, at most 4096 are taken: AMPLITUDE_ORGANIZATION has 4002 of them; shorten what it tells$/,
      ),
    ]);
  });

  it('are measured as Lambda does, as JSON with their names, in bytes and not in characters', () => {
    const [one] = resourcesOf(synthesize(), 'AWS::Lambda::Function').map(
      ({ Properties }) => Properties.Environment as { Variables: object },
    );
    const room = 4_096 - lengthOf(one?.Variables);
    const withLonger = (letters: number) =>
      faultsOf({ amplitude: { ...amplitude, organization: 'é'.repeat(letters) } }).length;
    expect([withLonger(room / 2 - 200), withLonger(room / 2 + 10)]).toEqual([0, 1]);
  });
});
