import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tag, variable } from '../../../lambda/contract.ts';
import { compromisedLabel } from '../../../lambda/domain/labels.ts';
import type { EmergencyReport } from '../../../lambda/payloads.ts';
import { createWorld, documentOf, KEYS, tagsOf, type World, type WorldOptions } from '../world.ts';

const SECRET = 'amplitude/dev/web';
const REASON = 'in a public repository';
const CONSUMER = 'arn:aws:iam::111122223333:role/checkout';
const BAD_TAG = { [tag.retainPreviousDays]: 'many' };

let world: World;
const start = async (options: WorldOptions = {}) => {
  await world?.close();
  world = await createWorld({ cmk: true, ...options });
};
beforeEach(() => start());
afterEach(() => world.close());

const invoke = (payload: object): Promise<EmergencyReport> =>
  world.emergencyHandler({ reason: REASON, ...payload });
const all = (action: 'lockdown' | 'unlock', over: object = {}) =>
  invoke({ action, scope: 'environment', ...over });
const one = (action: 'lockdown' | 'unlock', over: object = {}) =>
  invoke({ action, scope: 'key', key: 'web', ...over });
const revoke = () => invoke({ action: 'revoke', key: 'web' });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error) => error.code,
  );
const failures = ({ plan }: EmergencyReport) => plan.filter(({ failed }) => failed);
const tagsNow = (name = SECRET) => world.aws.secretsManager.tagsOf(name);
const holderOf = (label: string, name = SECRET) =>
  world.aws.secretsManager.holderOf(name, label) ?? '';
const KeyId = () => world.variables[variable.keysCmkArn];
const cmkState = async () => {
  const { KeyMetadata } = await world.aws.clients.kms.send(
    new DescribeKeyCommand({ KeyId: KeyId() }),
  );
  return KeyMetadata?.KeyState;
};

/** Declares the version with this label compromised, as a revocation that went no further. */
async function leak(label: string): Promise<string> {
  const versionId = holderOf(label);
  await world.putOn(versionId, compromisedLabel(world.aws.clock.now(), versionId));
  return versionId;
}

function seed(key: string, tags: Readonly<Record<string, string>> = {}): string {
  const name = `amplitude/dev/${key}`;
  const value = documentOf(KEYS.fourth);
  world.aws.secretsManager.seedSecret({
    name,
    tags: tagsOf(key, tags),
    value,
    kmsKeyId: KeyId() ?? '',
  });
  return name;
}

function seedLeaked(key: string): string {
  const name = seed(key);
  const token = holderOf('AWSCURRENT', name);
  const label = compromisedLabel(world.aws.clock.now(), token);
  const value = documentOf(KEYS.third);
  world.aws.secretsManager.putByHand(name, value, ['AWSCURRENT', label]);
  return name;
}

describe('an unlocked environment', () => {
  it('has the compromised current key replaced, not the one that leaked shortly before', async () => {
    await world.stage(KEYS.second);
    await revoke();
    await leak('AWSCURRENT');
    await world.stage(KEYS.third);
    await all('lockdown');
    expect(failures(await all('unlock'))).toEqual([]);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
    expect(tagsNow()).not.toHaveProperty(tag.lockdown);
  });

  it('keeps that key locked when no standby key is at hand', async () => {
    await world.stage(KEYS.second);
    await revoke();
    const current = await leak('AWSCURRENT');
    await all('lockdown');
    const report = await all('unlock');
    expect(failures(report)).toHaveLength(1);
    expect(tagsNow()[tag.lockdown]).toBe('on');
    expect(report.left.join()).toContain(`--version ${current}`);
  });

  it('takes a retained compromised key out of reach before it releases the secret', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    const versionId = await leak('AWSPREVIOUS');
    await all('lockdown');
    expect(failures(await all('unlock'))).toEqual([]);
    const labels = world.labels()[versionId];
    expect(labels?.every((label) => /^(AWAITING|COMPROMISED)-/.test(label))).toBe(true);
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    expect(tagsNow()).not.toHaveProperty(tag.lockdown);
  });

  it('keeps a key locked of which another version is declared compromised meanwhile', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    await world.stage(KEYS.third);
    await leak('AWSCURRENT');
    await all('lockdown');
    world.aws.takeTime(20);
    const unlocking = all('unlock');
    for (let call = 0; call < 3; call += 1) {
      await world.aws.clients.secretsManager.send(new DescribeSecretCommand({ SecretId: SECRET }));
    }
    await leak('AWSPREVIOUS');
    const report = await unlocking;
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
    expect(failures(report).map(({ failed }) => failed)).toEqual([
      expect.stringMatching(
        /has a compromised version within its readers' reach.*STILL_COMPROMISED/,
      ),
    ]);
    expect(tagsNow()[tag.lockdown]).toBe('on');
    expect(report.left.join()).toContain('is compromised: stage a key');
  });

  it('stays locked when a secret could not be described: it may be the one that leaked', async () => {
    await leak('AWSCURRENT');
    await all('lockdown');
    world.aws.faults.fail('DescribeSecret', { error: 'throttled' });
    expect(await codeOf(all('unlock'))).toBe('THROTTLED');
    expect(world.aws.faults.pending).toEqual([]);
    expect(await cmkState()).toBe('Disabled');
    expect(tagsNow()).not.toHaveProperty(tag.lockdown);
    expect(world.trail().map(({ transition }) => transition)).not.toContain('unlocked');
  });

  it('has a compromised key locked whose other tags are invalid', async () => {
    await start({ tags: BAD_TAG });
    await leak('AWSCURRENT');
    await all('lockdown');
    const report = await all('unlock');
    expect(await cmkState()).toBe('Enabled');
    expect(tagsNow()[tag.lockdown]).toBe('on');
    expect(failures(report).map(({ failed }) => failed)).toEqual([
      expect.stringContaining('TAG_INVALID'),
    ]);
  });

  it('is not enabled when a compromised key could not be locked', async () => {
    await leak('AWSCURRENT');
    await all('lockdown');
    world.aws.faults.fail('TagResource', { error: 'access-denied' });
    const report = await all('unlock');
    expect(failures(report)).toHaveLength(1);
    expect(await cmkState()).toBe('Disabled');
  });

  it('is reported although the trail could not be written', async () => {
    await all('lockdown');
    world.aws.faults.fail('PutLogEvents', { error: 'access-denied' });
    const report = await all('unlock');
    expect(report.plan[0]).toMatchObject({
      what: "Enable the keys' CMK",
      doneAt: expect.any(String),
    });
    expect(failures(report)).toEqual([
      { what: 'Write it down', failed: expect.stringContaining('ACCESS_DENIED') },
    ]);
    expect(await cmkState()).toBe('Enabled');
  });

  it('has many compromised keys locked and looked at four at a time', async () => {
    const names = Array.from({ length: 12 }, (_, index) => seedLeaked(`key-${index}`));
    await all('lockdown');
    const starts = new Map<string, number>();
    let enabled = false;
    world.aws.takeTime((_, command) => {
      enabled ||= command === 'EnableKey';
      const at = `${command} ${enabled} ${world.aws.clock.now().getTime()}`;
      starts.set(at, (starts.get(at) ?? 0) + 1);
      return 20;
    });
    const { left } = await all('unlock');
    const most = (begin: string) =>
      Math.max(...[...starts].filter(([at]) => at.startsWith(begin)).map(([, count]) => count));
    expect(most('TagResource false')).toBe(4);
    expect(most('DescribeSecret true')).toBe(4);
    expect(left).toHaveLength(12);
    for (const name of names) expect(tagsNow(name)[tag.lockdown]).toBe('on');
  });
});

describe('an unlocked key', () => {
  it('may not have a retained version that is compromised', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    await one('lockdown');
    const versionId = await leak('AWSPREVIOUS');
    const error = await one('unlock').catch((reason) => reason);
    expect(error.code).toBe('STILL_COMPROMISED');
    expect(error.message).toContain(`--version ${versionId}`);
    expect(tagsNow()[tag.lockdown]).toBe('on');
  });
});

describe('a lockdown of a key', () => {
  it('does not need its other tags', async () => {
    await start({ tags: BAD_TAG });
    const { contained } = await one('lockdown');
    expect(contained?.contained).toBe(true);
    expect(tagsNow()[tag.lockdown]).toBe('on');
  });
});

describe('a lockdown of the environment', () => {
  it('disables the CMK before it looks for secrets', async () => {
    world.aws.resetCalls();
    await all('lockdown');
    expect(world.aws.calls[0]?.command).toBe('DisableKey');
  });

  it('is reported although the secrets could not be listed', async () => {
    world.aws.faults.fail('ListSecrets', { error: 'throttled' });
    const report = await all('lockdown');
    expect(await cmkState()).toBe('Disabled');
    expect(report.plan[0]?.doneAt).toBeDefined();
    expect(failures(report).map(({ failed }) => failed)).toEqual([
      expect.stringContaining('THROTTLED'),
    ]);
    expect(report.contained).toMatchObject({
      contained: false,
      proof: expect.stringMatching(/^No secret could be tried/),
    });
    expect(report.left.join()).toContain('npx keyctl unlock --env dev --scope environment');
  });

  it('goes on without a secret that could not be described', async () => {
    seed('api');
    world.aws.faults.fail('DescribeSecret', { error: 'throttled' });
    expect((await all('lockdown')).contained?.contained).toBe(true);
  });

  it('is not proved by a key that its tag locks already', async () => {
    await one('lockdown');
    const { contained } = await all('lockdown');
    expect(contained).toMatchObject({
      contained: false,
      proof: expect.stringMatching(/could not be proved/),
    });
  });

  it('is proved by a key that no tag locks', async () => {
    await one('lockdown');
    seed('zeta');
    const { contained } = await all('lockdown');
    expect(contained).toMatchObject({ contained: true, proof: expect.stringContaining('zeta') });
  });

  it("is not proved by a refusal of the secret's policy", async () => {
    const message = 'not authorized, with an explicit deny in a resource-based policy';
    const error = { name: 'AccessDeniedException', message };
    world.aws.faults.fail('GetSecretValue', { error, times: 10 });
    const { contained } = await all('lockdown');
    expect(world.aws.faults.pending).toEqual([]);
    expect(contained).toMatchObject({
      contained: false,
      proof: expect.stringMatching(/policy only/),
    });
  });
});

describe.each([
  ['a key', () => one('lockdown'), () => one('lockdown', { dryRun: true })],
  ['the environment', () => all('lockdown'), () => all('lockdown', { dryRun: true })],
])('a lockdown of %s', (_, lock, plan) => {
  it('is reported as not contained, and why, when the probe could not be tried', async () => {
    world.aws.faults.fail('AssumeRole', { error: 'throttled', times: 10 });
    const { contained, plan: done } = await lock();
    expect(world.aws.faults.pending).toEqual([]);
    expect(done[0]?.doneAt).toBeDefined();
    expect(contained).toMatchObject({
      contained: false,
      proof: expect.stringMatching(/could not be tried: AssumeRole .* \(THROTTLED\)$/),
    });
  });

  it('is contained when the probe could be tried at last', async () => {
    world.aws.faults.fail('AssumeRole', { error: 'throttled', times: 9 });
    expect((await lock()).contained?.contained).toBe(true);
  });

  it('names the known consumers, in a dry run too', async () => {
    await start({ tags: { [tag.consumer(1)]: CONSUMER, [tag.consumer(2)]: `${CONSUMER}-2` } });
    const known = `Known consumers: ${CONSUMER}, ${CONSUMER}-2.`;
    expect((await plan()).left[0]).toContain(known);
    expect((await lock()).left[0]).toContain(known);
  });

  it('names none when there are none', async () => {
    expect((await plan()).left[0]).not.toContain('Known consumers');
  });
});
