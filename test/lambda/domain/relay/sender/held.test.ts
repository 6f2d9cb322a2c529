import { afterEach, describe, expect, it } from 'vitest';
import { hold, letGo, settle, standingOf } from '../../../../../lambda/domain/relay/sender/held.ts';
import { createWorld, FINGERPRINTS, KEYS, type World } from '../../../world.ts';

const since = new Date('2026-11-24T00:00:00Z');
const hoursLater = (hours: number) => new Date(since.getTime() + hours * 3_600_000);
const held = { since, rejected: ['first', 'second'] };

describe('the relay', () => {
  it('is on where nothing holds it, whether or not a key can be read', () => {
    expect(standingOf(undefined, undefined, since)).toBe('on');
  });

  it('goes on with a current key that was not rejected', () => {
    expect(standingOf(held, 'third', since)).toBe('on');
    expect(standingOf({ since, rejected: [] }, 'first', since)).toBe('on');
  });

  it('stays held while the current key is one that was rejected, or can not be read', () => {
    expect(standingOf(held, 'second', hoursLater(5.9))).toBe('held');
    expect(standingOf(held, undefined, hoursLater(100))).toBe('held');
  });

  it('tries a rejected key again six hours after it was rejected, or tried', () => {
    expect(standingOf(held, 'first', hoursLater(6))).toBe('trying');
    const tried = { ...held, triedAt: hoursLater(6) };
    expect(standingOf(tried, 'first', hoursLater(11.9))).toBe('held');
    expect(standingOf(tried, 'first', hoursLater(12))).toBe('trying');
  });
});

describe('a hold', () => {
  const { first, second } = FINGERPRINTS;
  let world: World;
  afterEach(() => world.close());

  async function relayed() {
    world = await createWorld({ relay: {} });
    return world.relay.runtime();
  }

  async function rotate() {
    await world.stage(KEYS.second);
    expect(await world.rotate()).toBeUndefined();
    await world.relay.announce();
  }

  const mail = () => world.mail().filter((subject) => subject.includes('the relay'));

  it('that is over by the time that the mapping is stopped starts it again, and tells nobody', async () => {
    const runtime = await relayed();
    const disable = async () => {
      await rotate();
      await runtime.mapping.disable();
      world.aws.clock.advance(60_000);
    };
    const settled = await hold(
      { ...runtime, mapping: { ...runtime.mapping, disable } },
      [first],
      'one',
    );
    expect(settled).toEqual({ standing: 'on' });
    expect(world.relay.mappingState()).toBe('Enabling');
    expect(mail()).toEqual(['Amplitude key dev/web: the relay goes on']);
  });

  it('that ends while somebody stops the mapping starts it once more', async () => {
    const runtime = await relayed();
    await hold(runtime, [first], 'one');
    world.aws.clock.advance(60_000);
    await world.stage(KEYS.second);
    await world.rotate();
    const release: typeof runtime.holding.release = async (held) => {
      world.aws.clock.advance(60_000);
      await runtime.mapping.disable();
      world.aws.clock.advance(60_000);
      await runtime.holding.release(held);
    };
    await settle({ ...runtime, holding: { ...runtime.holding, release } }, 'two');
    expect(world.relay.mappingState()).toBe('Enabling');
  });

  it('is told once, and again where another key is rejected', async () => {
    const runtime = await relayed();
    for (const owner of ['one', 'two']) await hold(runtime, [first], owner);
    expect(mail()).toEqual(['Amplitude key dev/web: the relay is held back']);
    await hold(runtime, [second], 'three');
    expect(mail()).toEqual(['Amplitude key dev/web: the relay is held back']);
  });

  it('to which another adds a key while the mapping is being stopped is told by that one', async () => {
    const runtime = await relayed();
    const disable = () => runtime.holding.hold([second], world.aws.clock.now());
    await hold({ ...runtime, mapping: { ...runtime.mapping, disable } }, [first], 'one');
    expect(mail()).toEqual([]);
  });

  it('is not ended by an event that was taken before it began', async () => {
    const runtime = await relayed();
    const takenAt = world.aws.clock.now();
    world.aws.clock.advance(1_000);
    await hold(runtime, [first], 'one');
    world.aws.clock.advance(60_000);
    await letGo(runtime, takenAt, 'two');
    expect(await runtime.holding.read()).toMatchObject({ rejected: [first] });
    await letGo(runtime, world.aws.clock.now(), 'three');
    expect(await runtime.holding.read()).toBeUndefined();
  });

  it('that is over begins again with the next rejection', async () => {
    const { holding } = await relayed();
    const now = world.aws.clock.now();
    await holding.hold([first], now);
    const held = await holding.read();
    if (held) await holding.over(held, now);
    expect(await holding.read()).toMatchObject({ overAt: now });
    await holding.hold([first], now);
    expect(await holding.read()).toEqual(held);
  });

  it('is not ended by who has not seen all its keys', async () => {
    const { holding } = await relayed();
    const now = world.aws.clock.now();
    await holding.hold([], now);
    const unread = await holding.read();
    await holding.hold([first], now);
    const one = await holding.read();
    await holding.hold([second], now);
    for (const seen of [unread, one]) {
      if (seen) await holding.over(seen, now);
      if (seen) await holding.release(seen);
      expect(await holding.read()).toEqual({ since: now, rejected: [first, second] });
    }
    const both = await holding.read();
    if (both) await holding.release(both);
    expect(await holding.read()).toBeUndefined();
  });

  it('that can not be written down stops the mapping until the next look', async () => {
    const runtime = await relayed();
    world.aws.faults.fail('UpdateItem', { error: 'access-denied' });
    await expect(hold(runtime, [first], 'one')).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    world.aws.clock.advance(60_000);
    expect(world.relay.mappingState()).toBe('Disabled');
    await world.relay.wake();
    expect(world.relay.mappingState()).toBe('Enabling');
  });
});
