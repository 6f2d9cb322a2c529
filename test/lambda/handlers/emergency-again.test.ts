import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLACEHOLDER } from '../../../lambda/contract.ts';
import {
  isAwaitingRevocation,
  isCompromised,
  isReaders,
  isRetained,
  retainedUntilLabel,
} from '../../../lambda/domain/labels.ts';
import {
  createWorld,
  documentOf,
  FINGERPRINTS,
  KEYS,
  type World,
  type WorldOptions,
} from '../world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let world: World;
const start = async (options: WorldOptions = {}) => {
  await world?.close();
  world = await createWorld(options);
};
beforeEach(() => start());
afterEach(() => world.close());

const invoke = (payload: object) =>
  world.emergencyHandler({ key: 'web', reason: 'in a log', caller: 'ann', ...payload });
const revoke = (over: object = {}) => invoke({ action: 'revoke', ...over });
const rollback = (over: object = {}) => invoke({ action: 'rollback', ...over });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) => error.code,
  );
const idOf = (key: string) =>
  Object.keys(world.labels()).find((id) => world.keyOf(id) === key) ?? '';
const labelsOf = (key: string) => world.labels()[idOf(key)] ?? [];
const words = () => world.trail().map(({ transition }) => transition);

const outOfReach = (key: string) => {
  expect(labelsOf(key).some(isCompromised)).toBe(true);
  expect(labelsOf(key).some(isAwaitingRevocation)).toBe(true);
  expect(labelsOf(key)).not.toContain('AWSPREVIOUS');
  expect(labelsOf(key).filter(isRetained)).toEqual([]);
};

describe('a revocation that was refused', () => {
  it('has marked the key, so that the rotation that comes first gives it no retention', async () => {
    expect(await codeOf(revoke())).toBe('NOTHING_STAGED');
    await world.stage(KEYS.second);
    expect(await world.rotate()).toBeUndefined();
    expect(labelsOf(KEYS.first).filter(isRetained)).toEqual([]);
    await world.pass(HOUR);
    outOfReach(KEYS.first);
    expect(words()).toContain('compromised');
    expect(world.mail().join()).toContain('Revoke');
  });

  it('and is repeated once another key is current, still means the leaked one', async () => {
    await codeOf(revoke());
    await world.stage(KEYS.second);
    await world.rotate();
    await world.stage(KEYS.third);
    await revoke();
    outOfReach(KEYS.first);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
  });

  it('under a disabled CMK has marked the key too', async () => {
    await start({ cmk: true });
    await world.disableCmk();
    expect(await codeOf(revoke())).toBe('CMK_UNAVAILABLE');
    await world.enableCmk();
    expect(labelsOf(KEYS.first).some(isCompromised)).toBe(true);
  });

  it('writes one line, however often it is repeated', async () => {
    await codeOf(revoke());
    await codeOf(revoke());
    expect(words()).toEqual(['compromised']);
  });
});

describe('the same command, repeated', () => {
  it('after a rotation that was pending when it was refused still means the leaked key', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('UpdateSecretVersionStage', { error: 'access-denied' });
    await world.rotate();
    world.aws.clock.advance(2 * HOUR);
    world.aws.faults.fail('GetParametersByPath', { error: 'access-denied' });
    await codeOf(revoke());
    world.aws.faults.clear();
    await world.retry();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    await world.stage(KEYS.third);
    await revoke();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    outOfReach(KEYS.first);
  });

  it('after a rollback still means the leaked key', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    expect(await codeOf(revoke())).toBe('NOTHING_STAGED');
    await rollback();
    await world.stage(KEYS.third);
    await revoke();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
    outOfReach(KEYS.second);
  });

  it('means the current key first, if that is marked too', async () => {
    await world.stage(KEYS.second);
    const { next } = await revoke();
    world.aws.clock.advance(HOUR);
    expect(await codeOf(revoke({ version: next?.versionId }))).toBe('NOTHING_STAGED');
    await world.stage(KEYS.third);
    await revoke();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
    outOfReach(KEYS.second);
  });
});

describe('a leaked key', () => {
  it('that was pending is not promoted after a revocation that died before its end', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('UpdateSecretVersionStage', { error: 'access-denied' });
    await world.rotate();
    world.aws.faults.fail('Publish', { error: 'access-denied' });
    await revoke({ version: 'staged' });
    await world.pass(HOUR);
    await world.retry();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
  });

  it('that is staged is not promoted though it could not be shelved', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('PutSecretValue', { error: 'access-denied' });
    await revoke({ version: 'staged' });
    await world.pass(HOUR);
    expect(await world.rotate()).toBe('KEY_HELD_BEFORE');
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
  });
});

describe('the same command, more than a day after the key was marked', () => {
  beforeEach(async () => {
    await codeOf(revoke());
    await world.pass(30 * HOUR);
  });

  it('goes on after its own death', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('Publish', { error: 'access-denied' });
    await revoke();
    await world.stage(KEYS.third);
    await revoke();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    outOfReach(KEYS.first);
  });

  it('counts from when it was declared last', async () => {
    await codeOf(revoke());
    await world.stage(KEYS.second);
    await world.rotate();
    await world.stage(KEYS.third);
    await revoke();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    outOfReach(KEYS.first);
  });
});

it('the same command, once the key is retired, does not turn on its replacement', async () => {
  await world.stage(KEYS.second);
  await revoke();
  world.amplitude.revoke(KEYS.first);
  await world.pass(8 * HOUR);
  await world.stage(KEYS.third);
  const error = await revoke().catch((reason) => reason);
  expect(error.code).toBe('VERSION_UNKNOWN');
  expect(error.message).toContain('is retired already');
  expect(error.message).toContain(`--version ${idOf(KEYS.second)}`);
  expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
});

describe('a compromised version that can not be read', () => {
  const deny = (key: string) => {
    const id = idOf(key);
    const where = ({ VersionId }: Record<string, unknown>) => VersionId === id;
    world.aws.faults.fail('GetSecretValue', { error: 'access-denied', where, times: 99 });
  };

  it('stops no rotation, and is still not promoted again', async () => {
    await world.stage(KEYS.second);
    await revoke({ version: 'staged' });
    deny(KEYS.second);
    await world.stage(KEYS.second);
    expect(await world.rotate()).toBe('KEY_HELD_BEFORE');
    expect(await codeOf(revoke())).toBe('KEY_HELD_BEFORE');
    await world.unstage(KEYS.second);
    await world.stage(KEYS.third);
    expect(await world.retry()).toBeUndefined();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
  });

  it('is taken from its readers by the sweep all the same', async () => {
    await codeOf(revoke());
    await world.stage(KEYS.second);
    await world.rotate();
    deny(KEYS.first);
    await world.pass(HOUR);
    outOfReach(KEYS.first);
  });
});

describe('another leak within a day', () => {
  it('of the current key, after that of a staged one, is of the current key', async () => {
    await world.stage(KEYS.second);
    await revoke({ version: 'staged' });
    await world.stage(KEYS.third);
    await revoke();
    outOfReach(KEYS.first);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
  });

  it('of the current key, after that of the previous one, is of the current key', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    await world.pass(HOUR);
    await revoke({ version: 'previous' });
    await world.stage(KEYS.third);
    await revoke();
    outOfReach(KEYS.second);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
  });
});

describe('a leaked staged key', () => {
  it('that a rotation holds as AWSPENDING is unstaged', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('UpdateSecretVersionStage', { error: 'access-denied' });
    await world.rotate();
    expect(world.keyAt('AWSPENDING')).toBe(KEYS.second);
    await revoke({ version: 'staged' });
    expect(world.aws.ssm.names()).toEqual([]);
    outOfReach(KEYS.second);
    expect(Object.values(world.labels()).flat()).not.toContain('AWSPENDING');
  });

  it('is refused when it is staged again, by a rotation and by a revocation', async () => {
    await world.stage(KEYS.second);
    await revoke({ version: 'staged' });
    await world.stage(KEYS.second);
    expect(await world.rotate()).toBe('KEY_HELD_BEFORE');
    expect(await codeOf(revoke())).toBe('KEY_HELD_BEFORE');
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
  });

  it('among several is not guessed', async () => {
    await world.stage(KEYS.second);
    await world.stage(KEYS.third);
    expect(await codeOf(revoke({ version: 'staged' }))).toBe('SEVERAL_KEYS_STAGED');
    expect(world.aws.ssm.names()).toHaveLength(2);
  });
});

describe('a leaked key whose value somebody put again by hand', () => {
  const idsOf = (key: string) =>
    Object.keys(world.labels()).filter((id) => world.keyOf(id) === key);
  const put = (key: string) =>
    world.aws.secretsManager.putByHand('amplitude/dev/web', JSON.stringify({ apiKey: key }));
  const allOutOfReach = (key: string) => {
    expect(idsOf(key)).toHaveLength(2);
    for (const id of idsOf(key))
      expect(world.labels()[id]).toEqual([
        expect.stringMatching(/^AWAITING-REVOCATION-/),
        expect.stringMatching(/^COMPROMISED-/),
      ]);
  };

  it.each([0, HOUR])(
    'is out of reach in each of its versions, a sweep of %i ms before or not',
    async (pause) => {
      put(KEYS.first);
      await world.pass(pause);
      await world.stage(KEYS.second);
      expect((await revoke()).plan.every(({ doneAt }) => doneAt)).toBe(true);
      expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
      allOutOfReach(KEYS.first);
      expect((await revoke()).plan).toEqual([]);
    },
  );

  it('has its Revoke asked for before the copy is seen to, whatever fails there', async () => {
    put(KEYS.first);
    await world.stage(KEYS.second);
    const where = ({ VersionStage }: Record<string, unknown>) =>
      String(VersionStage).startsWith('AWAITING-REVOCATION-');
    world.aws.faults.fail('UpdateSecretVersionStage', { error: 'access-denied', where, nth: 2 });
    const { plan } = await revoke();
    expect(plan.find(({ failed }) => failed)?.what).toContain('which holds the same key');
    expect(world.mail().at(-1)).toContain('EMERGENCY: revoke Amplitude key');
    expect((await revoke()).plan.every(({ doneAt }) => doneAt)).toBe(true);
    allOutOfReach(KEYS.first);
    expect((await revoke()).plan).toEqual([]);
  });

  it('is replaced though the version that was named is not the current one', async () => {
    put(KEYS.first);
    await world.stage(KEYS.second);
    await revoke({ version: 'previous' });
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    allOutOfReach(KEYS.first);
  });

  it('is marked in each version while no standby key is at hand, and none is given a retention', async () => {
    put(KEYS.first);
    expect(await codeOf(revoke())).toBe('NOTHING_STAGED');
    await world.stage(KEYS.second);
    await world.rotate();
    await world.pass(HOUR);
    allOutOfReach(KEYS.first);
  });

  it('is out of reach by the next sweep, if it could not be read as the leak was declared', async () => {
    put(KEYS.first);
    await world.pass(HOUR);
    const [older] = idsOf(KEYS.first);
    const where = ({ VersionId }: Record<string, unknown>) => VersionId === older;
    world.aws.faults.fail('GetSecretValue', { error: 'throttled', where, times: 9 });
    await world.stage(KEYS.second);
    await revoke();
    world.aws.faults.clear();
    expect(world.labels()[older ?? '']?.some(isCompromised)).toBe(false);
    await world.pass(HOUR);
    allOutOfReach(KEYS.first);
    expect(words().filter((word) => word === 'compromised')).toHaveLength(2);
  });

  it('is told of, if it was put again after it had leaked', async () => {
    await world.stage(KEYS.second);
    await revoke();
    put(KEYS.first);
    await world.pass(2 * HOUR);
    expect(labelsOf(KEYS.first)).toContainEqual(expect.stringMatching(/^COMPROMISED-/));
    const current = world.aws.secretsManager.holderOf('amplitude/dev/web', 'AWSCURRENT') ?? '';
    expect(world.labels()[current]?.some(isCompromised)).toBe(true);
    expect(world.mail()).toContain('Amplitude key dev/web needs a look: current key compromised');
  });

  it('is retired, and both versions are gone', async () => {
    put(KEYS.first);
    await world.stage(KEYS.second);
    await revoke();
    world.amplitude.revoke(KEYS.first);
    await world.pass(8 * HOUR);
    expect(idsOf(KEYS.first)).toEqual([]);
    expect(words().filter((word) => word === 'retired')).toHaveLength(2);
  });
});

describe('a version that holds no key', () => {
  it('is not revoked: the AWSPENDING of a rotation that found nothing staged', async () => {
    expect(await world.rotate()).toBe('NOTHING_STAGED');
    const version = world.aws.secretsManager.holderOf('amplitude/dev/web', 'AWSPENDING');
    const error = await revoke({ version }).catch((reason) => reason);
    expect(error.code).toBe('VERSION_UNKNOWN');
    expect(error.message).toContain('has no value');
    expect(world.labels()[version ?? '']).toEqual(['AWSPENDING']);
  });

  it('is not revoked: the placeholder behind the first key', async () => {
    await start({ value: PLACEHOLDER });
    await world.stage(KEYS.second);
    await world.rotate();
    const error = await revoke({ version: 'previous' }).catch((reason) => reason);
    expect(error.message).toContain('is a placeholder');
    expect(Object.values(world.labels()).flat().some(isCompromised)).toBe(false);
  });
});

describe('a rotation that ends between the look and the mark', () => {
  it('leaves the leaked key no retention: what it attached comes off', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    const leaked = idOf(KEYS.first);
    const late = retainedUntilLabel(new Date('2027-01-01T00:00:00Z'), leaked);
    const attach = () => {
      void world.putOn(leaked, late);
      return true;
    };
    const version = 'previous';
    let met = false;
    world.aws.faults.fail('UpdateSecretVersionStage', {
      error: 'throttled',
      where: ({ VersionStage }) => {
        const marks = isCompromised(String(VersionStage)) && !met;
        if (marks) met = attach();
        return false;
      },
    });
    await revoke({ version });
    world.aws.faults.clear();
    expect(met).toBe(true);
    outOfReach(KEYS.first);
  });
});

describe('a rollback', () => {
  const rotated = async () => {
    await world.stage(KEYS.second);
    await world.rotate();
  };

  it('is not misled by a deadline that a dead rotation left on the current key', async () => {
    await rotated();
    const current = idOf(KEYS.second);
    await world.putOn(current, retainedUntilLabel(new Date('2026-12-24T00:00:00Z'), current));
    await rollback();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
    expect(labelsOf(KEYS.second).some(isAwaitingRevocation)).toBe(true);
  });

  it('loses no key that AWSPREVIOUS alone keeps in sight', async () => {
    await rotated();
    await world.stage(KEYS.third);
    await world.rotate();
    const previous = idOf(KEYS.second);
    for (const label of labelsOf(KEYS.second).filter(isRetained))
      await world.takeOff(previous, label);
    await rollback({ version: idOf(KEYS.first) });
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
    expect(labelsOf(KEYS.second).filter(isRetained)).toHaveLength(1);
  });

  it('bars the wrong key: staged again, it is refused', async () => {
    await rotated();
    await rollback();
    await world.stage(KEYS.second);
    expect(await world.rotate()).toBe('KEY_HELD_BEFORE');
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
  });

  it('is taken back by naming the version, if Amplitude accepts it', async () => {
    await rotated();
    const second = idOf(KEYS.second);
    await rollback();
    await rollback({ version: second });
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(labelsOf(KEYS.second)).toEqual(['AWSCURRENT']);
    expect(labelsOf(KEYS.first)).toEqual([expect.stringMatching(/^AWAITING-REVOCATION-/)]);
  });

  it('after AWSCURRENT was moved back by hand promotes the one before it, as asked', async () => {
    await rotated();
    await world.moveCurrent(idOf(KEYS.first), idOf(KEYS.second));
    await rollback();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
  });

  it('that nobody goes on with is given up after a day', async () => {
    await rotated();
    world.aws.faults.fail('UpdateSecretVersionStage', { error: 'access-denied' });
    await rollback();
    await world.pass(26 * HOUR);
    expect(world.aws.secretsManager.tagsOf('amplitude/dev/web')).not.toHaveProperty(
      'amplitude-note-rollback',
    );
  });

  const calls = Array.from({ length: 18 }, (_, index) => index + 1);

  describe.each([
    ['the one before', 0],
    ['the one before, with a sweep in between', HOUR],
  ])('to %s', (_, pause) => {
    it.each(calls)('that dies at call %i goes on when it is run again', async (nth) => {
      await rotated();
      await diesAndGoesOn(nth, {}, pause);
      expect(labelsOf(KEYS.second)).toEqual([expect.stringMatching(/^AWAITING-REVOCATION-/)]);
    });
  });

  describe.each([
    ['an older one', 0],
    ['an older one, with a sweep in between', HOUR],
  ])('to %s', (_, pause) => {
    it.each(calls)('that dies at call %i goes on when it is run again', async (nth) => {
      await rotated();
      await world.stage(KEYS.third);
      await world.rotate();
      await diesAndGoesOn(nth, { version: idOf(KEYS.first) }, pause);
      expect(labelsOf(KEYS.third)).toEqual([expect.stringMatching(/^AWAITING-REVOCATION-/)]);
      expect(labelsOf(KEYS.second).filter(isRetained)).toHaveLength(1);
    });
  });

  async function diesAndGoesOn(nth: number, payload: object, pause: number) {
    world.mail();
    world.aws.resetCalls();
    world.aws.faults.fail('*', { nth, error: 'access-denied' });
    const first = await rollback(payload).catch(() => undefined);
    world.aws.faults.clear();
    await world.pass(pause);
    if (!first || first.plan.some(({ failed }) => failed)) await rollback(payload);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
    expect(labelsOf(KEYS.first)).toEqual(['AWSCURRENT']);
    expect(world.mail()).toContain('Amplitude key dev/web rolled back');
    expect(words()).toContain('rolled-back');
    expect(world.aws.secretsManager.tagsOf('amplitude/dev/web')).not.toHaveProperty(
      'amplitude-note-rollback',
    );
  }
});

describe('labels put by hand', () => {
  const fill = async (upTo: number) => {
    const current = idOf(KEYS.second);
    const used = Object.values(world.labels()).flat().length;
    for (let at = used; at < upTo; at += 1) await world.putOn(current, `foreign-${at}`);
  };
  beforeEach(async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    await world.stage(KEYS.third);
  });

  it('that leave two free do not stop a revocation', async () => {
    await fill(18);
    const report = await revoke();
    expect(report.plan.filter(({ failed }) => failed)).toEqual([]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
    expect(labelsOf(KEYS.first).filter(isRetained)).toHaveLength(1);
  });

  it.each([19, 20])('stop it at %i, and it says what to take off', async (count) => {
    await fill(count);
    const error = await revoke().catch((reason) => reason);
    expect(error.code).toBe('LABEL_LIMIT');
    expect(error.message).toContain('--remove-from-version-id');
    expect(error.message).toContain('npx keyctl lockdown');
    expect(labelsOf(KEYS.second).some(isCompromised)).toBe(count === 19);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
  });
});

describe('a dry run with no key at hand', () => {
  it('tells the plan and what it lacks', async () => {
    const before = JSON.stringify([world.labels(), world.trail()]);
    const { plan } = await revoke({ dryRun: true });
    expect(plan[0]?.what).toBe('Mark the leaked key as compromised');
    expect(plan[1]?.failed).toContain('NOTHING_STAGED');
    expect(JSON.stringify([world.labels(), world.trail()])).toBe(before);
  });
});

describe('under the lockdown of a key', () => {
  it('the end of a leaked one is still proved', async () => {
    await world.stage(KEYS.second);
    await invoke({ action: 'lockdown', scope: 'key' });
    await revoke();
    world.amplitude.revoke(KEYS.first);
    await world.pass(8 * HOUR);
    expect(labelsOf(KEYS.first)).toEqual([]);
    expect(words()).toContain('retired');
  });
});

describe('an environment whose unlock could not release a key', () => {
  const all = (action: string) =>
    world.emergencyHandler({ action, scope: 'environment', reason: 'over' });

  it('says at once and when it is repeated which lockdown is left, and records no release', async () => {
    await start({ cmk: true });
    await codeOf(revoke());
    await all('lockdown');
    await world.enableCmk();
    await world.stage(KEYS.second);
    await world.disableCmk();
    world.aws.faults.fail('UntagResource', { error: 'access-denied' });
    const first = await all('unlock');
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(first.left.join()).toContain('Reads of dev/web are still denied, by its own lockdown');
    const again = await all('unlock');
    expect(again.left.join()).toContain('npx keyctl unlock --env dev --key web');
    expect(words()).not.toContain('unlocked');
  });
});

describe('a rotation that no sweep has recorded yet', () => {
  beforeEach(async () => {
    await world.sweep();
    await world.stage(KEYS.second);
    await world.rotate();
  });

  const linesOf = (fingerprint: string) =>
    world
      .trail()
      .filter((line) => line.fingerprint === fingerprint)
      .map(({ transition }) => transition);

  it('is in the audit trail, once, when the key it promoted is revoked', async () => {
    await world.stage(KEYS.third);
    await revoke();
    await world.sweep();
    expect(linesOf(FINGERPRINTS.first)).toEqual(['promoted', 'retained']);
    const lines = ['staged', 'promoted', 'compromised', 'awaiting-revocation'];
    expect(linesOf(FINGERPRINTS.second)).toEqual(lines);
  });

  it('is in the audit trail, once, when it is rolled back', async () => {
    await rollback();
    await world.sweep();
    expect(linesOf(FINGERPRINTS.first)).toEqual(['promoted', 'retained', 'rolled-back']);
    expect(linesOf(FINGERPRINTS.second)).toEqual(['staged', 'promoted']);
  });
});

describe('a payload that may hold a key', () => {
  it.each([{ version: KEYS.first }, { key: `a${KEYS.first}` }, { version: `my-${KEYS.first}` }])(
    'is refused, and printed nowhere (%#)',
    async (over) => {
      const error = await revoke(over).catch((reason) => reason);
      expect(error.code).toBe('EVENT_MALFORMED');
      const printed = [...world.printed, error.message].join('\n').toLowerCase();
      expect(printed).not.toContain(KEYS.first);
    },
  );

  it('in the name of a caller, as that of an ECS task seems to, is carried out without the name', async () => {
    await world.stage(KEYS.second);
    await revoke({ caller: `arn:aws:sts::111122223333:assumed-role/ci/${KEYS.third}` });
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    const told = JSON.stringify([world.printed, world.aws.sns.published, world.trail()]);
    expect(told).toContain('claimed:arn:aws:sts::111122223333:assumed-role/ci/[redacted]');
    expect(told).not.toContain(KEYS.third);
  });
});

it('the report of a key that is out of reach names the leaked version for an assessment', async () => {
  await world.stage(KEYS.second);
  const { left, leaked } = await revoke();
  expect(left.join('\n')).toContain(
    `npx keyctl assess --env dev --key web --version ${leaked?.versionId}`,
  );
  expect(leaked?.fingerprint).toBe(FINGERPRINTS.first);
  expect(world.aws.clock.now().getTime()).toBeLessThan(Date.parse('2026-11-24') + DAY);
});

describe('of a key that somebody put by hand once more', () => {
  const versionsOf = (key: string) =>
    Object.entries(world.labels()).filter(([versionId]) => world.keyOf(versionId) === key);

  beforeEach(async () => {
    const SecretString = documentOf(KEYS.first);
    const again = new PutSecretValueCommand({ SecretId: 'amplitude/dev/web', SecretString });
    await world.aws.clients.secretsManager.send(again);
    await world.pass(HOUR);
    expect(versionsOf(KEYS.first).flatMap(([, labels]) => labels.filter(isRetained))).toHaveLength(
      1,
    );
    await world.stage(KEYS.second);
  });

  it('a revocation that has room for one label marks the version that readers read', async () => {
    const [current = ''] =
      versionsOf(KEYS.first).find(([, own]) => own.includes('AWSCURRENT')) ?? [];
    const used = () => Object.values(world.labels()).flat().length;
    for (let at = 1; used() < 19; at += 1) await world.putOn(current, `FOREIGN-${at}`);
    expect(await codeOf(revoke())).toBe('LABEL_LIMIT');
    expect(world.labels()[current]?.some(isCompromised)).toBe(true);
  });

  it.each([[{}], [{ version: 'previous' }]])(
    'a revocation (%j) replaces the current version, and leaves neither to readers',
    async (over) => {
      const [current] = versionsOf(KEYS.first).find(([, own]) => own.includes('AWSCURRENT')) ?? [];
      await revoke(over);
      expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
      expect(world.labels()[current ?? '']?.some(isCompromised)).toBe(true);
      const left = versionsOf(KEYS.first).flatMap(([, labels]) => labels);
      expect(left.filter(isReaders)).toEqual([]);
    },
  );
});
