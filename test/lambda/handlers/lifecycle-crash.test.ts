import { afterEach, describe, expect, it } from 'vitest';
import { isRetained } from '../../../lambda/domain/labels.ts';
import type { Failure, Moment } from '../../aws/fakes/faults.ts';
import { createWorld, FINGERPRINTS, KEYS, type World } from '../world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** AWS calls of the sweep that ends a retention, while nothing disturbs it. */
const RETIRING = 16;

let world: World;
afterEach(() => world.close());

/** The first key's retention is over with the next sweep; a standby key is there. */
async function retentionOver() {
  world = await createWorld();
  await world.stage(KEYS.second);
  await world.rotate();
  await world.stage(KEYS.third);
  await world.sweep();
  world.aws.clock.advance(30 * DAY);
  world.mail();
  world.aws.resetCalls();
}

const ways: [string, Moment, Failure][] = [
  ['refused', 'before', 'access-denied'],
  ['carried out, and its answer lost', 'after', 'timeout'],
  ['throttled', 'before', 'throttled'],
];

it(`the sweep that ends a retention makes ${RETIRING} AWS calls`, async () => {
  await retentionOver();
  await world.sweep();
  expect(world.aws.calls.map(({ command }) => command)).toHaveLength(RETIRING);
});

describe.each(ways)('a sweep in which one call is %s', (_, when, error) => {
  const each = Array.from({ length: RETIRING }, (_, index) => index + 1);

  it.each(each)(
    '(call %i) loses no key, leaves no label and ends well at the next one',
    async (nth) => {
      await retentionOver();
      world.aws.faults.fail('*', { nth, when, error });
      await world.sweep();
      expect(world.aws.faults.pending).toEqual([]);
      expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
      expect(Object.keys(world.labels())).toHaveLength(2);

      await world.pass(HOUR);
      const [replaced, current] = Object.values(world.labels());
      expect(replaced).toEqual([expect.stringMatching(/^AWAITING-REVOCATION-/)]);
      expect(current).toEqual(['AWSCURRENT']);
      const asked = world.mail().filter((subject) => subject.startsWith('Revoke'));
      expect([1, 2]).toContain(asked.length);

      world.amplitude.revoke(KEYS.first);
      await world.pass(7 * HOUR);
      expect(Object.values(world.labels())).toEqual([['AWSCURRENT']]);
      const lines = world.trail().filter(({ fingerprint }) => fingerprint === FINGERPRINTS.first);
      const words = new Set(lines.map(({ transition }) => transition));
      expect([...words]).toEqual(['promoted', 'retained', 'awaiting-revocation', 'retired']);
    },
  );
});

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
