import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UNEXPLAINED } from '../../../../../lambda/domain/relay/sender/follow.ts';
import { isProven, judge } from '../../../../../lambda/domain/relay/sender/suspect.ts';
import { runEvent } from '../../../relay.ts';
import { createWorld, type World } from '../../../world.ts';

describe('an event that Amplitude refuses alone without a word', () => {
  it.each([
    ['the second time, and others are taken after it', true, 2, false],
    ['the third time, and others are taken after it', true, 3, true],
    ['the third time, and none is taken after it', false, 3, false],
    ['for less than a day, and there are no others', false, 119, false],
    ['for a day, and there are no others', false, 120, true],
  ] as const)('%s', (_, isPassed, times, expected) => {
    expect(isProven({ isPassed }, times)).toBe(expected);
  });
});

describe('suspects', () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld({ relay: {} });
  });
  afterEach(() => world.close());

  const suspect = (insert_id: string) => ({
    parcel: { event: runEvent({ insert_id }).event, bytes: 200, messages: [] },
    reason: UNEXPLAINED,
    isPassed: true,
  });

  it('are counted each by itself, whichever container meets them', async () => {
    const [one, other] = [suspect('one'), suspect('other')];
    for (const _ of [1, 2]) {
      const { refused, again } = await judge(world.relay.runtime(), [one]);
      expect(refused).toEqual([]);
      expect(again).toEqual([one]);
    }
    const { refused, again } = await judge(world.relay.runtime(), [one, other]);
    expect(refused).toEqual([{ parcel: one.parcel, reason: UNEXPLAINED }]);
    expect(again).toEqual([other]);
  });

  it('that can not be counted come again, and why is told', async () => {
    const [one, other] = [suspect('one'), suspect('other')];
    const runtime = world.relay.runtime();
    for (const _ of [1, 2]) await judge(runtime, [one, other]);
    world.aws.faults.fail('UpdateItem', { error: 'access-denied' });
    const { refused, again, error } = await judge(runtime, [one, other]);
    expect(again).toEqual([one]);
    expect(refused).toHaveLength(1);
    expect(error).toMatchObject({ code: 'ACCESS_DENIED' });
  });
});
