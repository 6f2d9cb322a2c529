import { describe, expect, it } from 'vitest';
import type { GuardRules } from '../../../../../lambda/contract.ts';
import type { Sequence } from '../../../../../lambda/domain/access-guard/risk/risk.ts';
import { reasonsOf } from '../../../../../lambda/domain/access-guard/risk/risk.ts';
import { riskOf } from '../../../../../lambda/domain/access-guard/risk/score.ts';
import { traitsOf } from '../../../../../lambda/domain/access-guard/risk/traits.ts';
import {
  type CloudTrailRecord,
  identityCenter,
  read,
  role,
  throughEndpoint,
  user,
  userInSession,
} from '../../../../aws/recorded/cloudtrail.ts';
import {
  baselineOf,
  COUNTRIES,
  caseOf,
  DAYS,
  IN_VPC,
  type Past,
  USUAL,
  useIn,
  weighingBy,
} from './past.ts';

const AFAR = '198.51.100.7';
const NOON = new Date('2026-11-24T12:00:00Z');
const SEQUENCE: Sequence = { code: 'x', score: 75, reason: 'one after the other', hasRead: true };

interface Given {
  readonly record: CloudTrailRecord;
  readonly past?: Past;
  readonly rules?: Partial<GuardRules>;
  readonly today?: number;
  readonly consumers?: readonly string[];
  readonly sequence?: Sequence;
  readonly isLearning?: boolean;
  readonly countries?: typeof COUNTRIES;
}

function riskIn({ record, past = USUAL, rules = {}, today = 1, ...more }: Given) {
  const weighing = weighingBy(rules, more.countries);
  const reads = more.isLearning ? [5] : undefined;
  const use = useIn(record, baselineOf(past, reads, { today }), weighing, more.consumers);
  return riskOf(use, more.sequence, weighing);
}

const inVpc = (more: Partial<Given> = {}): Given => ({
  record: read({ more: throughEndpoint }),
  past: IN_VPC,
  ...more,
});

/** What is recorded, told at 40 and quarantined at 70, as the configuration has it. */
describe('a score', () => {
  it.each<[string, number, Given]>([
    ['of a workload as always, through its VPC endpoint', 0, inVpc()],
    ['of one that only scrapes', 45, inVpc({ today: 5_000 })],
    ['of one behind a NAT gateway as always', 4, { record: read() }],
    [
      'of one with two small novelties',
      20,
      inVpc({ record: read({ at: NOON, with: 'curl/8', more: throughEndpoint }) }),
    ],
    [
      'of one through a new VPC endpoint of its account',
      27,
      inVpc({ past: { ...IN_VPC, 'place vpce-0a1b2c3d4e5f6a7b8': [] } }),
    ],
    ['of a new one', 30, { record: read(), past: {}, isLearning: true }],
    ['of a new one behind a new NAT gateway, later', 60, { record: read({ from: AFAR }) }],
    [
      'of a stolen session of a task',
      81,
      { record: read({ from: AFAR }), past: { ...USUAL, [sessionOf(read())]: [0] } },
    ],
    ['of a stolen session that left its VPC', 76, { record: read({ from: AFAR }), past: IN_VPC }],
    ['of a stranger through a VPC endpoint', 75, inVpc({ past: {}, consumers: [] })],
    ['of a stranger from anywhere', 100, { record: read(), past: {}, consumers: [] }],
    ['of a person with MFA at home as always', 0, { record: read({ by: userInSession() }) }],
    [
      'of a person with MFA on a journey',
      24,
      { record: read({ by: userInSession(), from: AFAR }) },
    ],
    [
      'of a person of Identity Center on a journey',
      32,
      { record: read({ by: identityCenter(), from: AFAR }) },
    ],
    [
      'of a person of Identity Center for whom all is new, but no country is known',
      68,
      {
        record: read({
          by: identityCenter(),
          from: AFAR,
          with: 'curl/8',
          secretId: 'amplitude/dev/ios',
          at: NOON,
        }),
      },
    ],
    [
      'of such a person in a far country',
      76,
      {
        record: read({ by: identityCenter(), from: AFAR, with: 'curl/8', at: NOON }),
        past: { ...USUAL, 'country BR': DAYS },
        countries: COUNTRIES,
      },
    ],
    [
      'of an access key from a far country',
      70,
      {
        record: read({ by: user(), from: AFAR }),
        past: { ...USUAL, 'country BR': DAYS },
        countries: COUNTRIES,
      },
    ],
    ['of a sequence', 75, inVpc({ sequence: SEQUENCE })],
    [
      'of a stranger after a sequence',
      100,
      { record: read(), past: {}, consumers: [], sequence: SEQUENCE },
    ],
  ])('%s is %d', (_, score, given) => {
    expect(riskIn(given).score).toBe(score);
  });

  it.each<[GuardRules['weights'], number]>([
    [{ device: 30, location: 25, behaviour: 45 }, 70],
    [{ device: 100, location: 0, behaviour: 0 }, 60],
    [{ device: 0, location: 100, behaviour: 0 }, 100],
    [{ device: 0, location: 0, behaviour: 100 }, 60],
  ])('by %j is %d', (weights, score) => {
    const rules = { weights, allowedRanges: ['192.0.2.0/24'] };
    expect(riskIn({ record: read({ from: AFAR }), rules }).score).toBe(score);
  });

  it('is nothing where only a neutral factor has weight', () => {
    const weights = { device: 0, location: 100, behaviour: 0 };
    expect(riskIn({ record: read({ from: AFAR }), rules: { weights } }).score).toBe(0);
  });

  it('is told with all that makes it more than nothing', () => {
    const risk = riskIn({ record: read({ from: AFAR, with: 'curl/8' }), sequence: SEQUENCE });
    expect(reasonsOf(risk)).toEqual([
      'one after the other',
      'a workload from elsewhere than usual',
      'a new place',
      'a new kind of user agent',
    ]);
    expect(reasonsOf(riskIn(inVpc()))).toEqual([]);
  });
});

describe('of a use is known', () => {
  it.each<[string, Given, boolean | undefined, boolean | undefined]>([
    [
      'a usual place and session',
      { record: read(), past: { ...USUAL, [sessionOf(read())]: [1] } },
      true,
      true,
    ],
    [
      'a usual place, a session of today',
      { record: read(), past: { ...USUAL, [sessionOf(read())]: [0] } },
      true,
      false,
    ],
    ['a new place', { record: read({ from: AFAR }) }, false, false],
    [
      'nothing of a place while it is learned',
      { record: read(), isLearning: true },
      undefined,
      false,
    ],
    ['no session of a user', { record: read({ by: user() }) }, true, undefined],
  ])('%s', (_, given, isUsualPlace, isUsualSession) => {
    const risk = riskIn(given);
    expect(risk.isUsualPlace).toBe(isUsualPlace);
    expect(risk.isUsualSession).toBe(isUsualSession);
    expect(risk.isLearning).toBe(given.isLearning ?? false);
  });

  it('that a principal without a grant is never learned', () => {
    const given = { record: read({ by: role('stranger') }), consumers: [], isLearning: true };
    expect(riskIn(given).isLearning).toBe(false);
  });
});

function sessionOf(record: CloudTrailRecord) {
  return traitsOf(caseOf(record), weighingBy()).session ?? '';
}
