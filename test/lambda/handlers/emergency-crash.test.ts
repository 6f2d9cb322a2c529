import { afterEach, describe, expect, it } from 'vitest';
import { isAwaitingRevocation, isCompromised, isRetained } from '../../../lambda/domain/labels.ts';
import type { Failure, Moment } from '../../aws/fakes/faults.ts';
import { createWorld, FINGERPRINTS, KEYS, type World } from '../world.ts';

const HOUR = 3_600_000;

/** AWS calls of a revocation that nothing disturbs, with a key before the leaked one. */
const CALLS = 19;
const ways: [string, Moment, Failure][] = [
  ['refused', 'before', 'access-denied'],
  ['carried out, and its answer lost', 'after', 'timeout'],
  ['throttled', 'before', 'throttled'],
];

let world: World;
afterEach(() => world.close());

/** The second key is current and leaks; the first is retained; the third is at hand. */
async function leaked() {
  world = await createWorld();
  await world.stage(KEYS.second);
  await world.rotate();
  await world.stage(KEYS.third);
  world.mail();
  world.aws.resetCalls();
}

const revoke = () =>
  world.emergencyHandler({ action: 'revoke', key: 'web', reason: 'leaked', caller: 'ann' });
const labelsOf = (key: string) =>
  Object.entries(world.labels()).find(([id]) => world.keyOf(id) === key)?.[1] ?? [];

const linesOfLeaked = () =>
  world
    .trail()
    .filter(({ fingerprint }) => fingerprint === FINGERPRINTS.second)
    .map(({ transition }) => transition);

it(`a revocation makes ${CALLS} AWS calls`, async () => {
  await leaked();
  await revoke();
  expect(world.aws.calls.map(({ command }) => command)).toHaveLength(CALLS);
});

describe.each(ways)('a revocation in which one call is %s', (_, when, error) => {
  const each = Array.from({ length: CALLS }, (_, index) => index + 1);

  it.each(each)(
    '(call %i) goes on when it is run again, and nothing is done twice',
    async (nth) => {
      await leaked();
      world.aws.faults.fail('*', { nth, when, error });
      await revoke().catch(() => undefined);
      expect(world.aws.faults.pending).toEqual([]);
      expect([KEYS.second, KEYS.third]).toContain(world.keyAt('AWSCURRENT'));

      const again = await revoke();
      expect(again.plan.filter(({ failed }) => failed)).toEqual([]);
      expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
      expect(labelsOf(KEYS.third)).toEqual(['AWSCURRENT']);
      const [awaiting, compromised, ...others] = labelsOf(KEYS.second);
      expect([awaiting].filter((label) => isAwaitingRevocation(label ?? ''))).toHaveLength(1);
      expect([compromised].filter((label) => isCompromised(label ?? ''))).toHaveLength(1);
      expect(others).toEqual([]);
      expect(labelsOf(KEYS.first).filter(isRetained)).toHaveLength(1);
      expect(world.aws.ssm.names()).toEqual([]);
      expect([1, 2]).toContain(world.mail().length);
      expect(linesOfLeaked()).toContain('compromised');
    },
  );

  it.each(each)('(call %i) goes on after a sweep in between too', async (nth) => {
    await leaked();
    world.aws.faults.fail('*', { nth, when, error });
    await revoke().catch(() => undefined);
    await world.pass(HOUR);
    const again = await revoke();
    expect(again.plan.filter(({ failed }) => failed)).toEqual([]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
    expect(labelsOf(KEYS.third)).toEqual(['AWSCURRENT']);
    expect(labelsOf(KEYS.second).some(isCompromised)).toBe(true);
    expect(labelsOf(KEYS.second).some(isAwaitingRevocation)).toBe(true);
    expect(labelsOf(KEYS.second)).toHaveLength(2);
    expect(world.aws.ssm.names()).toEqual([]);
    expect(world.mail().join()).toContain('EMERGENCY');
    expect(linesOfLeaked()).toContain('compromised');
  });
});
