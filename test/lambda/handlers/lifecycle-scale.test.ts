import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createWorld, documentOf, KEYS, type World } from '../world.ts';

const DAY = 86_400_000;
/** What a call takes at AWS within a Region. */
const CALL_MS = 20;
/** Reads at once. */
const READING = 8;
/** The function's, of the stack. */
const TIMEOUT_MS = 900_000;

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.amplitude.generate(KEYS.fourth);
});
afterEach(() => world.close());

/** `amplitude/dev/key-<from>` and on, beside `web`. */
const seed = (from: number, to: number) => {
  for (let at = from; at <= to; at += 1) {
    world.seedKey(`key-${at}`, { value: documentOf(KEYS.fourth) });
  }
};

async function sweepTimed() {
  world.aws.resetCalls();
  const begun = world.aws.clock.now().getTime();
  await world.lifecycleHandler({});
  return {
    calls: world.aws.calls.length,
    milliseconds: world.aws.clock.now().getTime() - begun,
    throttled: world.aws.calls.filter(({ error }) => error?.includes('Throttl')).length,
  };
}

describe('a sweep of many keys', () => {
  it('makes two calls a key where nothing is to be done, and as many for each in 200 as in 100', async () => {
    const around = 5;
    seed(1, 99);
    await sweepTimed();
    const hundred = await sweepTimed();
    seed(100, 199);
    await sweepTimed();
    const twoHundred = await sweepTimed();
    expect(hundred.calls).toBe(100 * 2 + around);
    expect(twoHundred.calls).toBe(200 * 2 + around + 1);
  });

  it('of 1,000 stays below the quotas and within half its time, even when all are to be told of', async () => {
    seed(1, 999);
    world.aws.limits.enable();
    world.aws.takeTime(CALL_MS);
    const first = await sweepTimed();
    world.aws.clock.advance(69 * DAY);
    const reminding = await sweepTimed();
    const quiet = await sweepTimed();
    const all = [first, reminding, quiet];
    expect(all.map(({ calls }) => calls)).toEqual([6_017, 5_065, 2_014]);
    expect(all.map(({ milliseconds }) => Math.round(milliseconds / 1000))).toEqual([85, 66, 5]);
    for (const { throttled, milliseconds } of all) {
      expect(throttled).toBe(0);
      expect(milliseconds).toBeLessThan(TIMEOUT_MS / 2);
    }
    expect(world.aws.mostInFlight).toBeLessThanOrEqual(READING);
  }, 60_000);
});
