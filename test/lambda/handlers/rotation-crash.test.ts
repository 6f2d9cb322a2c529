import { afterEach, describe, expect, it } from 'vitest';
import { createWorld, KEYS, type World } from '../world.ts';

let world: World;
afterEach(() => world.close());

describe('a rotation that dies between label and move', () => {
  it('is given its full retention when it goes on days later', async () => {
    world = await createWorld();
    await world.stage(KEYS.second);
    const where = ({ VersionStage }: Readonly<Record<string, unknown>>) =>
      VersionStage === 'AWSCURRENT';
    world.aws.faults.fail('UpdateSecretVersionStage', { where, error: 'timeout' });
    expect(await world.rotate()).toBeDefined();
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
