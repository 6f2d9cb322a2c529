import { TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLACEHOLDER, tag } from '../../../lambda/contract.ts';
import { Desk, documentOf, FP, KEYS, keyValues } from '../desk/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  desk.amplitude.generate(KEYS.second);
});
afterEach(() => desk.close());

const ROTATE = ['rotate', '--env', 'dev'];
const SECRET = 'amplitude/dev/web';
const HOUR = 3_600_000;

describe('rotate', () => {
  it('promotes the staged key and ends with what happened', async () => {
    await desk.dev.stage('web', KEYS.second, 'Web 2026-11');
    const { code, stdout } = await desk.keyctl(ROTATE, { columns: 120 });
    expect(code).toBe(0);
    expect(desk.dev.current('web')).toBe(KEYS.second);
    expect(stdout).toMatch(/Key dev\/web was rotated in \d+ s\./);
    expect(stdout).toMatch(
      new RegExp(`before +${FP.first} +Web 2026-08 +readable until 2026-12-24 02:00 UTC`),
    );
    expect(stdout).toMatch(new RegExp(`now +${FP.second} +Web 2026-11 +current`));
    expect(stdout).toContain(`Don't revoke ${FP.first} at Amplitude`);
  });

  it.each([
    [{ 'arn:aws:iam::111122223333:role/dify': 'dify/web' }, false],
    [
      {
        'arn:aws:iam::111122223333:role/dify': 'dify/web',
        'arn:aws:iam::111122223333:role/builder': undefined,
      },
      true,
    ],
  ])('names what is restarted, and whom to restart: %o', async (consumers, others) => {
    const value = documentOf(KEYS.third, 'Api 2026-08');
    desk.dev.seed({ name: 'api', value, consumers });
    desk.environments.dev = { region: 'us-east-1', keys: { web: keyValues(), api: keyValues() } };
    await desk.dev.stage('api', KEYS.second);
    const { code, said } = await desk.keyctl([...ROTATE, '--key', 'api']);
    expect(code).toBe(0);
    expect(said).toContain(
      'A restart, which takes minutes, brings it to ECS dify/web. When they have it: npx keyctl status --env dev --key api',
    );
    expect(said.includes('Other consumers that read the key when they start')).toBe(others);
    expect(desk.dev.aws.ecs.deploymentsOf('dify/web')).toHaveLength(1);
  });

  it('of a browser key names both what is restarted and what has to be deployed', async () => {
    const value = documentOf(KEYS.third, 'Api 2026-08');
    const consumers = { 'arn:aws:iam::111122223333:role/dify': 'dify/web' };
    desk.dev.seed({ name: 'api', value, consumers, audience: 'browser' });
    desk.environments.dev = { region: 'us-east-1', keys: { web: keyValues(), api: keyValues() } };
    await desk.dev.stage('api', KEYS.second);
    const { said } = await desk.keyctl([...ROTATE, '--key', 'api']);
    expect(said).toContain('brings it to ECS dify/web.');
    expect(said).toContain('Deploy what else embeds the key; each anonymous visitor');
  });

  it('under a lockdown says that nothing is restarted', async () => {
    const value = documentOf(KEYS.third, 'Api 2026-08');
    const consumers = { 'arn:aws:iam::111122223333:role/dify': 'dify/web' };
    desk.dev.seed({ name: 'api', value, consumers });
    desk.environments.dev = { region: 'us-east-1', keys: { web: keyValues(), api: keyValues() } };
    const Tags = [{ Key: tag.lockdown, Value: 'on' }];
    const lock = new TagResourceCommand({ SecretId: 'amplitude/dev/api', Tags });
    await desk.dev.aws.clients.secretsManager.send(lock);
    await desk.dev.stage('api', KEYS.second);
    const { said } = await desk.keyctl([...ROTATE, '--key', 'api']);
    expect(said).toContain('Not restarted while reads are locked down: ECS dify/web.');
    expect(desk.dev.aws.ecs.deploymentsOf('dify/web')).toEqual([]);
  });

  it('tells each step on stderr as it comes', async () => {
    await desk.dev.stage('web', KEYS.second);
    const { stderr } = await desk.keyctl([...ROTATE, '--json']);
    expect(stderr.split('\n').map((line) => line.split(':')[0])).toEqual([
      'Rotating dev/web',
      'Started',
      'Promoted',
      'Retained',
      'Settled',
      'Cleaned up',
      'Done',
      '',
    ]);
  });

  it('gives the same as JSON', async () => {
    await desk.dev.stage('web', KEYS.second);
    const { code, current, previous, clearedLeftover } = await desk.json(ROTATE);
    expect(code).toBe(0);
    expect(current).toMatchObject({ state: 'current', fingerprint: FP.second });
    expect(previous).toMatchObject({ state: 'retained', fingerprint: FP.first });
    expect(clearedLeftover).toBe(false);
  });

  it('promotes the first key, which replaces none', async () => {
    desk.dev.seed({ name: 'fresh', value: PLACEHOLDER, audience: 'browser' });
    desk.environments.dev = {
      region: 'us-east-1',
      keys: { web: keyValues(), fresh: keyValues() },
    };
    await desk.dev.stage('fresh', KEYS.second);
    const { code, said } = await desk.keyctl([...ROTATE, '--key', 'fresh']);
    expect(code).toBe(0);
    expect(desk.dev.current('fresh')).toBe(KEYS.second);
    expect(said).not.toMatch(/before [0-9a-f]{12}/);
    expect(said).not.toContain('Retained');
    expect(said).toContain('new device ID');
  });

  it('refuses early when nothing is staged, and names the command', async () => {
    const { code, said } = await desk.keyctl(ROTATE);
    expect(code).toBe(1);
    expect(said).toContain('npx keyctl stage --env dev --key web');
    expect(desk.calls).not.toContain('RotateSecret');
  });

  it('refuses early when several are staged, naming them', async () => {
    await desk.dev.stage('web', KEYS.second);
    await desk.dev.stage('web', KEYS.third);
    const { error } = await desk.json(ROTATE);
    expect(error.code).toBe('SEVERAL_KEYS_STAGED');
    expect(error.message).toContain(FP.second);
    expect(error.message).toContain(FP.third);
    expect(desk.calls).not.toContain('RotateSecret');
  });

  it('refuses early what the rotation would refuse', async () => {
    await desk.dev.stage('web', KEYS.first);
    const { error } = await desk.json(ROTATE);
    expect(error.code).toBe('KEY_IS_CURRENT');
    expect(desk.calls).not.toContain('RotateSecret');
  });

  it('stops when it sees no progress: the current key stays, and it says where to look', async () => {
    await desk.dev.stage('web', KEYS.second);
    desk.amplitude.revoke(KEYS.second);
    const { code, error } = await desk.json(ROTATE);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'ROTATION_STALLED' });
    expect(error.message).toContain('aws logs tail /aws/lambda/amplitude-dev-rotation');
    expect(error.reached).toEqual(['pending']);
    expect(desk.dev.current('web')).toBe(KEYS.first);
  });

  it('says that a promoted key works although the last step is unfinished', async () => {
    await desk.dev.stage('web', KEYS.second);
    desk.dev.aws.faults.fail('DeleteParameter', { error: 'throttled' });
    const { code, error } = await desk.json(ROTATE);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'ROTATION_UNFINISHED' });
    expect(desk.dev.current('web')).toBe(KEYS.second);
  });

  it('says that the rotation runs on when it can no longer be followed', async () => {
    await desk.dev.stage('web', KEYS.second);
    desk.dev.aws.faults.fail('DescribeSecret', { error: 'timeout', nth: 2 });
    const { code, error } = await desk.json(ROTATE);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'NETWORK_UNREACHABLE' });
    expect(error.message).toContain('was started and runs on by itself');
  });

  it('notices when a value put by hand abandons the rotation', async () => {
    await desk.dev.stage('web', KEYS.second);
    desk.dev.aws.secretsManager.onRotate = async () => {
      desk.dev.aws.secretsManager.putByHand(SECRET, JSON.stringify({ apiKey: KEYS.third }));
    };
    const { error } = await desk.json(ROTATE);
    expect(error.code).toBe('ROTATION_ABANDONED');
  });
});

describe('rotate with an AWSPENDING left over', () => {
  /** Amplitude doesn't know the key yet, so the first rotation ends without a value. */
  async function leaveEmptyPending() {
    await desk.dev.stage('web', KEYS.second);
    desk.amplitude.revoke(KEYS.second);
    await desk.keyctl(ROTATE);
    desk.amplitude.generate(KEYS.second);
  }

  it('clears one that is empty and dead, then rotates', async () => {
    await leaveEmptyPending();
    desk.dev.aws.clock.advance(HOUR);
    const { code, clearedLeftover } = await desk.json(ROTATE);
    expect({ code, clearedLeftover }).toEqual({ code: 0, clearedLeftover: true });
    expect(desk.dev.current('web')).toBe(KEYS.second);
  });

  it('leaves a young one alone and says until when', async () => {
    await leaveEmptyPending();
    const { code, error } = await desk.json(ROTATE);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'ROTATION_UNDER_WAY' });
    expect(error.message).toContain("If it isn't over by 2026-11-24 03:00 UTC");
    expect(desk.calls).not.toContain('UpdateSecretVersionStage');
  });

  it('lets the pending key be staged again, so that the next try finishes', async () => {
    await desk.dev.stage('web', KEYS.second, 'Web 2026-11');
    desk.dev.failingStep = 'testSecret';
    await desk.keyctl(ROTATE);
    desk.dev.failingStep = undefined;
    await desk.keyctl(['unstage', '--env', 'dev']);
    const staged = await desk.keyctl(['stage', '--env', 'dev', '--name', 'Web 2026-11'], {
      key: KEYS.second,
    });
    expect(staged.code).toBe(0);
    await desk.dev.aws.secretsManager.retryRotation(SECRET);
    expect(desk.dev.current('web')).toBe(KEYS.second);
  });

  it('never clears one that holds a key, and explains it', async () => {
    await desk.dev.stage('web', KEYS.second);
    const pending = documentOf(KEYS.third, 'Web 2026-10');
    desk.dev.aws.secretsManager.putByHand(SECRET, pending, ['AWSPENDING']);
    desk.dev.aws.clock.advance(48 * HOUR);
    const { code, error } = await desk.json(ROTATE);
    expect({ code, error: error.code }).toEqual({ code: 1, error: 'ROTATION_LEFT_OVER' });
    expect(error.message).toContain(`holds key ${FP.third} ("Web 2026-10") as AWSPENDING`);
    expect(desk.calls).not.toContain('UpdateSecretVersionStage');
  });
});
