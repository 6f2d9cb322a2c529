import { afterEach, describe, expect, it } from 'vitest';
import type { Failure, Moment } from '../../aws/fakes/faults.ts';
import { createWorld, KEYS, type World } from '../world.ts';

/** AWS calls of a rotation that nothing disturbs, RotateSecret left out. */
const CALLS = 14;

let world: World;
afterEach(() => world.close());

async function crashAt(nth: number, when: Moment, error: Failure) {
  world = await createWorld();
  await world.stage(KEYS.second);
  // RotateSecret itself is the first call.
  world.aws.faults.fail('*', { nth: nth + 1, when, error });
  const failure = await world.rotate();
  expect(world.aws.faults.pending).toEqual([]);
  return failure;
}

const ways: [string, Moment, Failure][] = [
  ['refused', 'before', 'access-denied'],
  ['carried out, and its answer lost', 'after', 'timeout'],
  ['throttled', 'before', 'throttled'],
];

describe.each(ways)('a rotation in which one call is %s', (_, when, error) => {
  const each = Array.from({ length: CALLS }, (_, index) => index + 1);

  it.each(each)(
    '(call %i) keeps a working key current, and ends well when it is run again',
    async (nth) => {
      expect(await crashAt(nth, when, error)).toBeDefined();
      expect([KEYS.first, KEYS.second]).toContain(world.keyAt('AWSCURRENT'));

      world.aws.clock.advance(3_600_000);
      expect(await world.retry()).toBeUndefined();
      expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
      expect(world.keyAt('AWSPREVIOUS')).toBe(KEYS.first);
      const [replaced = [], promoted] = Object.values(world.labels());
      expect(promoted).toEqual(['AWSCURRENT']);
      expect(replaced.filter((label) => label.startsWith('RETAINED-UNTIL-'))).toHaveLength(1);
      expect(world.aws.ssm.names()).toEqual([]);
      const notices = world.aws.sns.published.length;
      expect(notices === 1 || notices === 2).toBe(true);
    },
  );
});

describe('a rotation that dies between label and move', () => {
  it('is given its full retention when it goes on days later', async () => {
    await crashAt(11, 'before', 'timeout');
    world.aws.clock.advance(5 * 86_400_000);
    await world.retry();
    expect(Object.values(world.labels())[0]).toEqual([
      'AWSPREVIOUS',
      expect.stringMatching(/^RETAINED-UNTIL-20261229T000000Z-/),
    ]);
  });
});

describe('a CMK that is disabled', () => {
  it('fails the rotation with its own code, and nothing changes', async () => {
    world = await createWorld({ cmk: true });
    await world.stage(KEYS.second);
    const before = world.labels();
    await world.disableCmk();
    expect(await world.rotate()).toBe('CMK_UNAVAILABLE');
    const after = Object.values(world.labels());
    expect(after).toEqual([...Object.values(before), ['AWSPENDING']]);
  });
});
