import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAwaitingRevocation, isCompromised, isRetained } from '../../../lambda/domain/labels.ts';
import type { EmergencyReport } from '../../../lambda/payloads.ts';
import { createWorld, FINGERPRINTS, KEYS, type World, type WorldOptions } from '../world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SECRET = 'amplitude/dev/web';
const REASON = 'in a public repository';

let world: World;
const start = async (options: WorldOptions = {}) => {
  await world?.close();
  world = await createWorld(options);
};
beforeEach(() => start());
afterEach(() => world.close());

const invoke = (payload: object): Promise<EmergencyReport> =>
  world.emergencyHandler({ key: 'web', reason: REASON, caller: 'ann', ...payload });
const revoke = (over: object = {}) => invoke({ action: 'revoke', ...over });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) => error.code,
  );
const labelsOf = (key: string) =>
  Object.entries(world.labels()).find(([id]) => world.keyOf(id) === key)?.[1] ?? [];
const words = () => world.trail().map(({ transition }) => transition);
const failures = ({ plan }: EmergencyReport) => plan.filter(({ failed }) => failed);
const everything = () =>
  JSON.stringify([
    world.labels(),
    world.aws.ssm.names(),
    world.aws.secretsManager.tagsOf(SECRET),
    world.aws.sns.published.length,
    world.trail(),
  ]);

describe('a leaked current key', () => {
  it('is replaced by the standby key, marked, out of reach, and its Revoke asked for', async () => {
    await world.stage(KEYS.second);
    const report = await revoke();
    expect(failures(report)).toEqual([]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(labelsOf(KEYS.first)).toEqual([
      expect.stringMatching(/^AWAITING-REVOCATION-/),
      expect.stringMatching(/^COMPROMISED-20261124T000000Z-/),
    ]);
    expect(labelsOf(KEYS.second)).toEqual(['AWSCURRENT']);
    expect(world.aws.ssm.names()).toEqual([]);
    expect(world.mail()).toEqual([
      `EMERGENCY: revoke Amplitude key ${FINGERPRINTS.first} of dev/web now`,
    ]);
    expect(words()).toEqual(['promoted', 'compromised', 'promoted', 'awaiting-revocation']);
    expect(report.leaked).toMatchObject({ fingerprint: FINGERPRINTS.first, name: 'web, first' });
    expect(report.next).toMatchObject({ fingerprint: FINGERPRINTS.second });
  });

  it('is out of reach within 12 AWS calls', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    await world.stage(KEYS.third);
    world.aws.resetCalls();
    await revoke();
    const commands = world.aws.calls.map(({ command }) => command);
    expect(commands.slice(0, commands.indexOf('Publish') + 1).length).toBeLessThanOrEqual(12);
  });

  it('begins with the truth: who holds the value can use it until Revoke is pressed', async () => {
    await world.stage(KEYS.second);
    const { truth } = await revoke();
    expect(truth.text).toMatch(/^Whoever holds the value can use it until Revoke is pressed/);
    expect(truth.text).toContain('project 100001');
    expect(truth.text).toContain('"web, first"');
    expect(truth.revoked).toBe('no');
  });

  it('asks for Revoke after the restart of consumers, and says what waiting costs either way', async () => {
    await world.stage(KEYS.second);
    const { left } = await revoke();
    expect(left[0]).toContain('Restart consumers');
    expect(left[1]).toMatch(/^Once they run with the next key: Revoke it at Amplitude/);
    expect(left[2]).toContain('What not waiting costs');
  });

  it('keeps the key before it for its whole retention', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    await world.stage(KEYS.third);
    await revoke();
    expect(labelsOf(KEYS.first).filter(isRetained)).toHaveLength(1);
    expect(labelsOf(KEYS.second).some(isCompromised)).toBe(true);
    expect(labelsOf(KEYS.second).filter(isRetained)).toEqual([]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
  });

  it('is proved by the sweep: six hours of rejection, then the times of the incident', async () => {
    await world.stage(KEYS.second);
    await revoke();
    await world.stage(KEYS.third);
    world.mail();
    await world.pass(2 * HOUR);
    world.amplitude.revoke(KEYS.first);
    await world.pass(7 * HOUR);
    expect(world.mail()).toContain(`Amplitude key ${FINGERPRINTS.first} of dev/web is retired`);
    const retired = world.trail().find(({ transition }) => transition === 'retired');
    expect(retired?.detail).toMatch(
      /^declared compromised at 2026-11-24T00:00:00.000Z; rejected by/,
    );
    expect(Object.values(world.labels())).toEqual([['AWSCURRENT']]);
  });

  it('declared twice is not its replacement: the second call says so and changes nothing', async () => {
    await world.stage(KEYS.second);
    await revoke();
    await world.stage(KEYS.third);
    const before = everything();
    const again = await revoke();
    expect(again.plan).toEqual([]);
    expect(again.left.join()).toContain('It was declared compromised before');
    expect(everything()).toBe(before);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
  });

  it('and then its replacement too, by its version id', async () => {
    await world.stage(KEYS.second);
    const { next } = await revoke();
    await world.stage(KEYS.third);
    await revoke({ version: next?.versionId });
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
    expect(labelsOf(KEYS.second).some(isCompromised)).toBe(true);
  });
});

describe('with no key at hand', () => {
  it('a revocation is refused, and the leaked key marked and still current', async () => {
    expect(await codeOf(revoke())).toBe('NOTHING_STAGED');
    expect(labelsOf(KEYS.first)).toEqual(['AWSCURRENT', expect.stringMatching(/^COMPROMISED-/)]);
    expect(words()).toEqual(['compromised']);
  });

  it('or with the leaked key itself staged, it is refused', async () => {
    await world.stage(KEYS.first);
    expect(await codeOf(revoke())).toBe('KEY_IS_CURRENT');
  });

  it('that Amplitude rejects, the leaked key is marked and stays current', async () => {
    await world.stage(KEYS.second, { known: false });
    expect(await codeOf(revoke())).toBe('KEY_REJECTED');
    expect(labelsOf(KEYS.first)).toEqual(['AWSCURRENT', expect.stringMatching(/^COMPROMISED-/)]);
    await world.pass(HOUR);
    expect(world.aws.sns.published.at(-1)?.message).toContain(
      'was declared compromised and is not replaced',
    );
  });

  it('goes on when Amplitude answers again, and a rotation in between gives no retention', async () => {
    await world.stage(KEYS.second);
    world.amplitude.down = true;
    expect(await codeOf(revoke())).toBe('VERDICT_UNKNOWN');
    world.amplitude.down = false;
    await world.rotate();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(labelsOf(KEYS.first).filter(isRetained)).toEqual([]);
    const report = await revoke();
    expect(failures(report)).toEqual([]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(labelsOf(KEYS.first).some(isAwaitingRevocation)).toBe(true);
    expect(labelsOf(KEYS.first)).not.toContain('AWSPREVIOUS');
  });
});

describe('a rotation', () => {
  it('that was left over does not stop a revocation', async () => {
    await world.rotate();
    await world.stage(KEYS.second);
    const report = await revoke();
    expect(failures(report)).toEqual([]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(Object.values(world.labels()).flat()).not.toContain('AWSPENDING');
  });

  it('that runs at the same time leaves one current key, and the leaked one out of reach', async () => {
    await world.stage(KEYS.second);
    world.aws.takeTime(20);
    await Promise.all([world.rotate(), revoke().catch(() => undefined)]);
    await revoke();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(labelsOf(KEYS.first).some(isAwaitingRevocation)).toBe(true);
    expect(labelsOf(KEYS.first).filter(isRetained)).toEqual([]);
    expect(labelsOf(KEYS.first)).not.toContain('AWSPREVIOUS');
  });

  it('still works after a revocation', async () => {
    await world.stage(KEYS.second);
    await revoke();
    await world.stage(KEYS.third);
    expect(await world.rotate()).toBeUndefined();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
    expect(labelsOf(KEYS.second).filter(isRetained)).toHaveLength(1);
  });
});

describe('another version', () => {
  it('that is retained is out of reach at once, and the current key stays', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    await revoke({ version: 'previous' });
    expect(labelsOf(KEYS.first)).toEqual([
      expect.stringMatching(/^AWAITING-REVOCATION-/),
      expect.stringMatching(/^COMPROMISED-/),
    ]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
  });

  it('that is staged goes into the vault as compromised, so that its end can be proved', async () => {
    await world.stage(KEYS.second);
    await revoke({ version: 'staged' });
    expect(world.aws.ssm.names()).toEqual([]);
    expect(labelsOf(KEYS.second).some(isCompromised)).toBe(true);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
    world.amplitude.revoke(KEYS.second);
    await world.pass(8 * HOUR);
    expect(labelsOf(KEYS.second)).toEqual([]);
  });

  it('that does not exist is refused with those that do', async () => {
    const error = await revoke({ version: 'nope' }).catch((reason) => reason);
    expect(error.code).toBe('VERSION_UNKNOWN');
    expect(error.message).toMatch(/current, previous, staged, .* \(current\)/);
  });
});

describe('a dry run', () => {
  it.each([
    { action: 'revoke' },
    { action: 'revoke', version: 'previous' },
    { action: 'rollback' },
    { action: 'lockdown', scope: 'key' },
    { action: 'lockdown', scope: 'environment', key: undefined },
    { action: 'unlock', scope: 'key' },
    { action: 'unlock', scope: 'environment', key: undefined },
  ])('of %j tells the plan and changes nothing', async (payload) => {
    await world.stage(KEYS.second);
    await world.rotate();
    await world.stage(KEYS.third);
    const before = everything();
    const { key, ...rest } = { key: 'web', ...payload };
    const event = { reason: REASON, dryRun: true, ...rest, ...(key ? { key } : {}) };
    const report = await world.emergencyHandler(event);
    expect(report.plan.length).toBeGreaterThan(0);
    expect(report.plan.every(({ doneAt }) => doneAt === undefined)).toBe(true);
    expect(everything()).toBe(before);
  });
});

describe('a rollback', () => {
  it('makes a retained key current again, and the wrong one awaits its revocation', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    const report = await invoke({ action: 'rollback' });
    expect(failures(report)).toEqual([]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
    expect(labelsOf(KEYS.first)).toEqual(['AWSCURRENT']);
    expect(labelsOf(KEYS.second)).toEqual([expect.stringMatching(/^AWAITING-REVOCATION-/)]);
    await world.stage(KEYS.third);
    expect(await world.rotate()).toBeUndefined();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
  });

  it('is refused when Amplitude no longer accepts the retained key', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    world.amplitude.revoke(KEYS.first);
    expect(await codeOf(invoke({ action: 'rollback' }))).toBe('KEY_REJECTED');
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
  });

  it('is refused when there is nothing to go back to', async () => {
    expect(await codeOf(invoke({ action: 'rollback' }))).toBe('NOT_ROLLED_BACK');
  });

  it('to a compromised key is refused', async () => {
    await world.stage(KEYS.second);
    await revoke();
    expect(await codeOf(invoke({ action: 'rollback' }))).toBe('NOT_ROLLED_BACK');
  });
});

describe('a lockdown of a key', () => {
  const lock = () => invoke({ action: 'lockdown', scope: 'key' });
  const unlock = () => invoke({ action: 'unlock', scope: 'key' });

  it('is contained once a read by a role that is not exempt was refused', async () => {
    const { contained } = await lock();
    expect(contained).toMatchObject({
      contained: true,
      proof: expect.stringMatching(/was refused/),
    });
    expect(world.aws.secretsManager.tagsOf(SECRET)['amplitude-lockdown']).toBe('on');
    expect(words()).toEqual(['locked-down']);
  });

  it('still lets a revocation replace the key, and is lifted after that', async () => {
    await lock();
    await world.stage(KEYS.second);
    expect(failures(await revoke())).toEqual([]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    await unlock();
    expect(world.aws.secretsManager.tagsOf(SECRET)).not.toHaveProperty('amplitude-lockdown');
  });

  it('is not lifted over a compromised current key', async () => {
    await lock();
    await world.stage(KEYS.second, { known: false });
    await codeOf(revoke());
    expect(await codeOf(unlock())).toBe('STILL_COMPROMISED');
  });

  it('that lost its tag is put back by the next sweep, and reported', async () => {
    await lock();
    await world.untag('amplitude-lockdown');
    await world.pass(HOUR);
    expect(world.aws.secretsManager.tagsOf(SECRET)['amplitude-lockdown']).toBe('on');
    expect(world.mail().join()).toContain('lockdown lost');
  });
});

describe('a lockdown of the environment', () => {
  const all = (action: string) =>
    world.emergencyHandler({ action, scope: 'environment', reason: REASON });
  beforeEach(() => start({ cmk: true }));

  it('turns the CMK off, and is contained once a read fails', async () => {
    const { contained, left } = await all('lockdown');
    expect(contained?.contained).toBe(true);
    expect(left[0]).toContain("can't start any more");
    expect(await codeOf(world.rotate())).toBeDefined();
  });

  it('waits for a CMK that is slow to be disabled', async () => {
    world.aws.kms.slowToDisable(3_000);
    expect((await all('lockdown')).contained?.contained).toBe(true);
  });

  it('is not called contained when reads go on', async () => {
    world.aws.kms.slowToDisable(60_000);
    const { contained } = await all('lockdown');
    expect(contained).toMatchObject({
      contained: false,
      proof: expect.stringMatching(/does not hold/),
    });
  });

  it('is lifted without exposing a compromised key: locked by its tag, replaced, released', async () => {
    await world.stage(KEYS.second);
    world.amplitude.down = true;
    await codeOf(revoke());
    await all('lockdown');
    world.amplitude.down = false;
    const report = await all('unlock');
    expect(failures(report)).toEqual([]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(world.aws.secretsManager.tagsOf(SECRET)).not.toHaveProperty('amplitude-lockdown');
  });

  it('leaves a compromised key locked that has no standby key', async () => {
    await world.stage(KEYS.second, { known: false });
    await codeOf(revoke());
    await all('lockdown');
    const report = await all('unlock');
    expect(failures(report)).toHaveLength(1);
    expect(world.aws.secretsManager.tagsOf(SECRET)['amplitude-lockdown']).toBe('on');
    expect(report.left.join()).toContain('is compromised: stage a key');
  });
});

describe('a payload', () => {
  it.each([
    ['no reason', { action: 'revoke', key: 'web' }],
    ['an unknown action', { action: 'destroy', key: 'web', reason: 'x' }],
    ['an unknown field', { action: 'revoke', key: 'web', reason: 'x', force: true }],
    ['a reason with a key in it', { action: 'revoke', key: 'web', reason: `leaked ${KEYS.first}` }],
    ['a reason of several lines', { action: 'revoke', key: 'web', reason: 'a\nb' }],
    ['a lockdown without scope', { action: 'lockdown', key: 'web', reason: 'x' }],
  ])('with %s is refused with what there is', async (_, payload) => {
    const error = await world.emergencyHandler(payload).catch((reason) => reason);
    expect(error.code).toBe('EVENT_MALFORMED');
    expect(error.message).toContain('"revoke"');
    expect(error.message).not.toContain(KEYS.first);
    expect(world.aws.calls.filter(({ command }) => command !== 'AssumeRole')).toEqual([]);
  });

  it('of an unknown key is refused', async () => {
    expect(await codeOf(revoke({ key: 'nope' }))).toBe('SECRET_NOT_FOUND');
  });
});

describe('what an emergency prints', () => {
  it('says who asked as a claim, why and what, and never a key', async () => {
    await world.stage(KEYS.second);
    const report = await revoke();
    const printed = [
      ...world.printed,
      JSON.stringify(report),
      JSON.stringify(world.trail()),
      ...world.aws.sns.published.map(({ message, subject }) => `${subject}${message}`),
    ].join('\n');
    for (const key of Object.values(KEYS)) expect(printed).not.toContain(key);
    expect(printed).toContain('claimed:ann');
    expect(printed).toContain(REASON);
    expect(world.aws.clock.now().getTime()).toBeLessThan(Date.parse('2026-11-24') + DAY);
  });
});
