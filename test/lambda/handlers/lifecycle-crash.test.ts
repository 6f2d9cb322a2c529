import { afterEach, describe, expect, it } from 'vitest';
import { isRetained } from '../../../lambda/domain/labels.ts';
import { createWorld, KEYS, type World } from '../world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World;
afterEach(() => world.close());

describe('a finishSecret that died before the label moved', () => {
  it('leaves a deadline on the current key that no sweep acts on, and that goes with the rotation', async () => {
    world = await createWorld();
    await world.stage(KEYS.second);
    const where = ({ VersionStage }: Readonly<Record<string, unknown>>) =>
      VersionStage === 'AWSCURRENT';
    world.aws.faults.fail('UpdateSecretVersionStage', { where, error: 'timeout' });
    await world.rotate();
    const deadlines = () => Object.values(world.labels()).flat().filter(isRetained);
    expect(deadlines()).toHaveLength(1);
    await world.pass(2 * HOUR);
    expect(deadlines()).toHaveLength(1);
    await world.pass(40 * DAY);
    expect(deadlines()).toHaveLength(0);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
    expect(world.mail().filter((subject) => subject.startsWith('Revoke'))).toEqual([]);
  });
});
