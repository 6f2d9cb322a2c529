import { describe, expect, it } from 'vitest';
import { behaviourOf } from '../../../../../lambda/domain/access-guard/risk/behaviour.ts';
import { keyText } from '../../../../../lambda/domain/access-guard/risk/steps.ts';
import { traitsOf } from '../../../../../lambda/domain/access-guard/risk/traits.ts';
import {
  type CloudTrailRecord,
  consoleLogin,
  read,
  role,
  throughEndpoint,
  user,
} from '../../../../aws/recorded/cloudtrail.ts';
import {
  baselineOf,
  COUNTRIES,
  caseOf,
  DAYS,
  IN_VPC,
  type Past,
  TODAY,
  USUAL,
  useIn,
  weighingBy,
} from './past.ts';

const AFAR = '198.51.100.7';
const NOON = new Date('2026-11-24T12:00:00Z');
const ROAMING: Past = {
  ...USUAL,
  ...Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`place 203.0.${index}.0/24`, [1, 2]]),
  ),
};
const sessionOf = (record: CloudTrailRecord) =>
  traitsOf(caseOf(record), weighingBy()).session ?? '';
const TASK = sessionOf(read());
const ECS_TASK = '1f0e9d8c'.repeat(4);
const MACHINE = 'i-0a1b2c3d4e5f60718';
const POD = 'botocore-session-1795478400';

describe('the behaviour of a use', () => {
  it.each<[string, number, CloudTrailRecord, Past]>([
    ['as always', 0, read(), USUAL],
    ['with a later version of its SDK', 0, read({ with: 'aws-sdk-js/4.0.0' }), USUAL],
    ['from a new place', 60, read({ from: AFAR }), USUAL],
    ['through a new VPC endpoint', 60, read({ more: throughEndpoint }), USUAL],
    ['from another address of the same network', 0, read({ from: '192.0.2.99' }), USUAL],
    [
      'from a place where it was twice',
      20,
      read({ from: AFAR }),
      { ...USUAL, 'place 198.51.100.0/24': [1, 2] },
    ],
    [
      'from a place where it was today',
      60,
      read({ from: AFAR }),
      { ...USUAL, 'place 198.51.100.0/24': [0] },
    ],
    ['from a new place, of a person', 40, read({ by: user(), from: AFAR }), USUAL],
    ['from a new place, of one with many', 20, read({ from: AFAR }), ROAMING],
    [
      'by a session of today that was elsewhere',
      95,
      read({ from: AFAR }),
      { ...USUAL, [TASK]: [0] },
    ],
    [
      'by such a session through a new VPC endpoint',
      60,
      read({ more: throughEndpoint }),
      { ...USUAL, [TASK]: [0] },
    ],
    [
      'by a session that is always the same and moved',
      60,
      read({ from: AFAR }),
      { ...USUAL, [TASK]: DAYS },
    ],
    [
      'by a machine of yesterday that was stopped and started',
      60,
      read({ by: role('backend', MACHINE), from: AFAR }),
      { ...USUAL, [sessionOf(read({ by: role('backend', MACHINE) }))]: [0, 1] },
    ],
    [
      'by a task that has run for days, and moved',
      95,
      read({ by: role('backend', ECS_TASK), from: AFAR }),
      { ...USUAL, [sessionOf(read({ by: role('backend', ECS_TASK) }))]: DAYS },
    ],
    [
      'by a pod that has run for days, and moved',
      95,
      read({ by: role('backend', POD), from: AFAR }),
      { ...USUAL, [sessionOf(read({ by: role('backend', POD) }))]: DAYS },
    ],
    ['by a new session in a usual place', 0, read({ by: role('backend', 'task-2') }), USUAL],
    ['with a new kind of agent', 25, read({ with: 'curl/8.14.1' }), USUAL],
    ['at noon', 20, read({ at: NOON }), USUAL],
    ['at noon, where any hour is usual', 0, read({ at: NOON }), { ...USUAL, ...hours(10) }],
    ['at noon with a new kind of agent', 45, read({ at: NOON, with: 'curl/8' }), USUAL],
    ['of another key', 30, read({ secretId: 'amplitude/dev/ios' }), USUAL],
    ['from a new place, all new', 100, read({ from: AFAR, with: 'curl/8', at: NOON }), USUAL],
    ['of a sign-in in a usual place with a browser at noon', 0, consoleLogin({ at: NOON }), USUAL],
    ['of a sign-in in a new place', 40, consoleLogin({ from: AFAR }), USUAL],
  ])('%s is %d', (_, score, record, past) => {
    expect(behaviourOf(useIn(record, baselineOf(past))).score).toBe(score);
  });

  it('in a new country is that of one who does not roam', () => {
    const weighing = weighingBy({}, COUNTRIES);
    const past = { ...ROAMING, 'country BR': DAYS };
    for (const by of [role('backend'), user()]) {
      const use = useIn(read({ by, from: AFAR }), baselineOf(past), weighing);
      expect(behaviourOf(use).score).toBe(60);
    }
  });

  it('in a range of our own is usual from the first time on', () => {
    const weighing = weighingBy({ ownRanges: ['198.51.100.0/24'] });
    const use = useIn(read({ from: AFAR }), baselineOf(USUAL), weighing);
    expect(behaviourOf(use).score).toBe(0);
  });

  it('of a new reader is 30, whatever it does', () => {
    const use = useIn(read({ from: AFAR }), baselineOf({}, [5, 5, 5, 5, 5, 5], { today: 5_000 }));
    expect(behaviourOf(use)).toEqual({
      score: 30,
      reasons: ['too new to know what is usual for it'],
    });
  });

  it('of one without a grant is 100, whatever it does', () => {
    const use = useIn(read(), baselineOf(USUAL), weighingBy(), []);
    expect(behaviourOf(use)).toEqual({
      score: 100,
      reasons: ['without a grant nothing is usual'],
    });
  });
});

function hours(count: number): Past {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`hour ${(index + 14) % 24}`, DAYS]),
  );
}

describe('the keys of a day', () => {
  const read3 = ['ios', 'android', 'tv'].map((key) => keyText(key, TODAY));
  const scoreOf = (key: string, steps: readonly string[], past: Past = USUAL) =>
    behaviourOf(
      useIn(read({ secretId: `amplitude/dev/${key}` }), baselineOf(past, undefined, { steps })),
    );

  it('add up, if they were never read before', () => {
    expect(scoreOf('ios', read3)).toEqual({
      score: 90,
      reasons: ['3 keys that it never read'],
    });
    expect(scoreOf('ios', read3.slice(0, 1)).score).toBe(30);
  });

  it('add nothing to a read of a usual one', () => {
    expect(scoreOf('web', read3).score).toBe(0);
  });

  it('are those of the same day', () => {
    const yesterday = ['android', 'tv'].map((key) => keyText(key, TODAY - 1));
    expect(scoreOf('ios', yesterday).score).toBe(30);
  });

  it('learned earlier today are new all the same', () => {
    expect(scoreOf('ios', read3, { ...USUAL, 'key android': [0], 'key tv': [0] }).score).toBe(90);
  });
});

describe('the reads of a day', () => {
  it.each<[number, readonly number[], number]>([
    [79, [5, 5, 5, 5, 5, 5, 5], 0],
    [80, [5, 5, 5, 5, 5, 5, 5], 50],
    [200, [5, 5, 5, 5, 5, 5, 5], 100],
    [399, [100, 100, 100, 100, 100, 100, 100], 0],
    [400, [100, 100, 100, 100, 100, 100, 100], 50],
    [1_000, [100, 100, 100, 100, 100, 100, 100], 100],
    // One bad day is no new usual
    [400, [9_000, 100, 100, 100, 100, 100, 100], 50],
    [900, [9_000, 9_000, 9_000, 9_000, 100, 100, 100], 0],
  ])('%d after %j are %d', (today, earlier, score) => {
    expect(behaviourOf(useIn(read(), baselineOf(USUAL, earlier, { today }))).score).toBe(score);
  });

  it.each([
    [199, 0],
    [200, 50],
    [500, 100],
  ])('of a person are %d before they are %d, where few are usual', (today, score) => {
    const use = useIn(read({ by: user() }), baselineOf(USUAL, undefined, { today }));
    expect(behaviourOf(use).score).toBe(score);
  });

  it('are told beside what is usual', () => {
    const use = useIn(
      read({ more: throughEndpoint }),
      baselineOf(IN_VPC, undefined, { today: 500 }),
    );
    expect(behaviourOf(use).reasons).toEqual(['500 reads that day, where 5 are usual']);
  });
});
