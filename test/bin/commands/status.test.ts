import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk, documentOf, FP, KEYS, keyValues } from '../desk/desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

const STATUS = ['status', '--env', 'dev'];
const DAY = 86_400_000;

describe('status', () => {
  it('shows state, fingerprint, name, age and labels of a key, and the next rotation', async () => {
    desk.dev.aws.clock.advance(3 * DAY);
    const { code, stdout } = await desk.keyctl(STATUS);
    expect(code).toBe(0);
    expect(stdout).toContain('dev, account 111122223333, Region us-east-1, 2026-11-27 02:00 UTC');
    expect(stdout).toMatch(
      new RegExp(`current +${FP.first} +Web 2026-08 +3 days ago\\n +AWSCURRENT`),
    );
    expect(stdout).toMatch(
      /Next rotation: 2027-02-\d\d \d\d:\d\d UTC \(in 8\d days\) at the latest/,
    );
  });

  it('shows a staged key and what a person has to do', async () => {
    await desk.dev.stage('web', KEYS.second);
    desk.dev.aws.clock.advance(100 * DAY);
    const { said } = await desk.keyctl(STATUS);
    expect(said).toContain(`staged ${FP.second} web, next 100 days ago`);
    expect(said).toContain('To do: Promote the staged key: npx keyctl rotate --env dev --key web');
  });

  it('shows until when a replaced key is readable', async () => {
    await desk.dev.stage('web', KEYS.second);
    desk.amplitude.generate(KEYS.second);
    await desk.keyctl(['rotate', '--env', 'dev']);
    const { said } = await desk.keyctl(STATUS);
    expect(said).toContain(`retained ${FP.first} Web 2026-08 just now 2026-12-24, in 30 days`);
    expect(said).toMatch(/AWSPREVIOUS, RETAINED-UNTIL-20261224T0200\d\dZ-/);
  });

  it.each([40, 60])(
    'stays readable at %i columns: only what has no space is longer',
    async (columns) => {
      await desk.dev.stage('web', KEYS.second);
      const { stdout } = await desk.keyctl(STATUS, { columns });
      const long = stdout.split('\n').filter((line) => line.length > columns);
      expect(long.every((line) => /^\s*(?:npx \S|\S+$)/.test(line))).toBe(true);
    },
  );

  it('names keys without a secret and secrets without a key', async () => {
    desk.dev.seed({ name: 'gone', value: documentOf(KEYS.third, 'Gone') });
    desk.environments.dev = { region: 'us-east-1', keys: { web: keyValues(), next: keyValues() } };
    const { code, said } = await desk.keyctl(STATUS);
    expect(code).toBe(0);
    expect(said).toContain(
      'Not deployed: key next has no secret yet: npx cdk deploy AmplitudeKeys-dev',
    );
    expect(said).toContain('Not configured: gone has a secret');
  });

  it('tells of one key only, also when it has no secret yet', async () => {
    desk.environments.dev = { region: 'us-east-1', keys: { web: keyValues(), next: keyValues() } };
    const { keys, notDeployed } = await desk.json([...STATUS, '--key', 'next']);
    expect({ keys, notDeployed }).toEqual({ keys: [], notDeployed: ['next'] });
  });

  it('points to the relay of the configuration, unless asked of another key', async () => {
    const { prod } = desk.environments;
    const all = ['status', '--env', 'prod'];
    expect(await desk.json(all)).not.toHaveProperty('relay');
    desk.environments.prod = { ...prod, relay: { key: 'server' } };
    expect((await desk.keyctl(all)).stdout).toContain('npx keyctl relay status --env prod\n');
    expect((await desk.json([...all, '--key', 'server'])).relay).toEqual({ key: 'server' });
    expect(await desk.json([...all, '--key', 'export'])).not.toHaveProperty('relay');
  });

  it('names subscriptions that nobody confirmed', async () => {
    const topic = 'arn:aws:sns:us-east-1:111122223333:amplitude-dev';
    const ann = { protocol: 'email', endpoint: 'ann@example.com', confirmed: false };
    desk.dev.aws.sns.seedSubscription(topic, ann);
    const { said } = await desk.keyctl(STATUS);
    expect(said).toContain('Unconfirmed: ann@example.com gets no notice');
  });

  it('ends with 1 when a key could not be read, and tells of the others', async () => {
    desk.prod.aws.faults.fail('DescribeSecret', { error: 'throttled' });
    const { code, keys, unreadable } = await desk.json(['status', '--env', 'prod']);
    expect(code).toBe(1);
    expect(keys).toHaveLength(1);
    expect(unreadable).toMatchObject([{ error: { code: 'THROTTLED' } }]);
  });

  it('says that values and staged keys are unreadable while the CMK is disabled', async () => {
    await desk.dev.stage('web', KEYS.second);
    await desk.dev.disableCmk();
    const { said } = await desk.keyctl(STATUS);
    expect(said).toContain('current (unreadable)');
    expect(said).toContain('Staged keys unreadable:');
  });
});
