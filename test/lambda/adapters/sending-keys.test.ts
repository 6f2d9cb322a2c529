import {
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendingKeys } from '../../../lambda/adapters/sending-keys.ts';
import { tag } from '../../../lambda/contract.ts';
import type { SendingKeys } from '../../../lambda/domain/relay/sender/ports.ts';
import { createWorld, FINGERPRINTS, KEYS, type World } from '../world.ts';

const DAY = 86_400_000;
let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const keys = (client = world.aws.clients.secretsManager) =>
  sendingKeys({
    client,
    secretId: 'amplitude/dev/web',
    now: () => world.aws.clock.now(),
  });

async function fingerprintsOf({ retained }: Pick<SendingKeys, 'retained'>): Promise<string[]> {
  const found: string[] = [];
  for await (const { fingerprint } of retained()) found.push(fingerprint);
  return found;
}

async function rotateTo(key: string) {
  world.aws.clock.advance(DAY);
  await world.stage(key);
  expect(await world.rotate()).toBeUndefined();
}

describe('the current key', () => {
  it('has value, fingerprint and label, and prints no value', async () => {
    const key = await keys().current();
    expect(key.value.reveal()).toBe(KEYS.first);
    expect(key).toMatchObject({ fingerprint: FINGERPRINTS.first, label: 'AWSCURRENT' });
    expect(JSON.stringify(key)).not.toContain(KEYS.first);
  });

  it('is kept for five minutes, or until it is forgotten', async () => {
    const kept = keys();
    await kept.current();
    await rotateTo(KEYS.second);
    world.aws.clock.advance(-DAY + 299_999);
    expect((await kept.current()).fingerprint).toBe(FINGERPRINTS.first);
    kept.forget();
    expect((await kept.current()).fingerprint).toBe(FINGERPRINTS.second);
    await rotateTo(KEYS.third);
    expect((await kept.current()).fingerprint).toBe(FINGERPRINTS.third);
  });

  it('that could be read once is not used for longer because it can not be read now', async () => {
    const kept = keys();
    await kept.current();
    world.aws.clock.advance(300_000);
    world.aws.faults.fail('GetSecretValue', { error: 'throttled' });
    await expect(kept.current()).rejects.toMatchObject({ code: 'THROTTLED' });
  });

  it.each([
    ['{"placeholder":"none"}', 'NO_KEY_YET'],
    ['no JSON', 'VALUE_MALFORMED'],
    ['{"apiKey":1}', 'VALUE_MALFORMED'],
  ])('is none in %s', async (value, code) => {
    await world.close();
    world = await createWorld({ value });
    await expect(keys().current()).rejects.toMatchObject({ code });
  });

  it('of a secret that does not exist is an error that says so', async () => {
    const error = { name: 'ResourceNotFoundException', message: "Secrets Manager can't find it." };
    world.aws.faults.fail('GetSecretValue', { error });
    await expect(keys().current()).rejects.toMatchObject({ code: 'SECRET_NOT_FOUND' });
  });
});

/** A role that no policy exempts, as the sender's is none of the functions that may read by version. */
async function asConsumer() {
  const reads = ['amplitude/dev/*'];
  const RoleArn = world.aws.iam.seedRole({ name: 'relay-sender', reads, describes: reads });
  const input = { RoleArn, RoleSessionName: 'sender' };
  const { Credentials } = await world.aws.clients.sts.send(new AssumeRoleCommand(input));
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return world.aws.connectAs({
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  });
}

describe("the stack's policy on the secret", () => {
  it('lets a consumer read them so, and none in a lockdown', async () => {
    await rotateTo(KEYS.second);
    const own = keys(await asConsumer());
    expect((await own.current()).fingerprint).toBe(FINGERPRINTS.second);
    expect(await fingerprintsOf(own)).toEqual([FINGERPRINTS.first]);
    const Tags = [{ Key: tag.lockdown, Value: 'on' }];
    const lock = new TagResourceCommand({ SecretId: 'amplitude/dev/web', Tags });
    await world.aws.clients.secretsManager.send(lock);
    own.forget();
    await expect(own.current()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    await expect(fingerprintsOf(own)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });
});

describe('retained keys', () => {
  const fingerprints = () => fingerprintsOf(keys());

  it('are those that rotations replaced, the last one first', async () => {
    expect(await fingerprints()).toEqual([]);
    for (const key of [KEYS.second, KEYS.third, KEYS.fourth]) await rotateTo(key);
    expect(await fingerprints()).toEqual([
      FINGERPRINTS.third,
      FINGERPRINTS.second,
      FINGERPRINTS.first,
    ]);
  });

  it('are none that leaked, wait for their revocation, or that somebody put by hand', async () => {
    for (const key of [KEYS.second, KEYS.third]) await rotateTo(key);
    const [first = '', second = ''] = Object.keys(world.labels());
    await world.putOn(first, 'COMPROMISED-20261126T000000Z-12345678');
    await world.putOn(second, 'AWAITING-REVOCATION-12345678');
    expect(await fingerprints()).toEqual([]);
  });

  it('leave out one whose label went while they were read', async () => {
    for (const key of [KEYS.second, KEYS.third]) await rotateTo(key);
    let reads = 0;
    world.aws.onCall = async ({ command, input }) => {
      reads += command === 'GetSecretValue' ? 1 : 0;
      if (reads !== 1 || command !== 'GetSecretValue') return;
      const VersionStage = String(input.VersionStage);
      const [RemoveFromVersionId = ''] =
        Object.entries(world.labels()).find(([, labels]) => labels.includes(VersionStage)) ?? [];
      const SecretId = 'amplitude/dev/web';
      await world.aws.clients.secretsManager.send(
        new UpdateSecretVersionStageCommand({ SecretId, VersionStage, RemoveFromVersionId }),
      );
    };
    expect(await fingerprints()).toEqual([FINGERPRINTS.first]);
  });

  it('leave out one that can not be decrypted', async () => {
    for (const key of [KEYS.second, KEYS.third]) await rotateTo(key);
    world.aws.faults.fail('GetSecretValue', { error: { name: 'DecryptionFailure' } });
    expect(await fingerprints()).toEqual([FINGERPRINTS.first]);
  });

  it('are told one by one, and what can not be read is an error at the end', async () => {
    for (const key of [KEYS.second, KEYS.third]) await rotateTo(key);
    world.aws.faults.fail('GetSecretValue', { error: 'throttled' });
    const found: string[] = [];
    const all = async () => {
      for await (const { fingerprint } of keys().retained()) found.push(fingerprint);
    };
    await expect(all()).rejects.toMatchObject({ code: 'THROTTLED' });
    expect(found).toEqual([FINGERPRINTS.first]);
  });

  it.each(['DescribeSecret', 'GetSecretValue'])(
    'are an error where %s is refused',
    async (call) => {
      await rotateTo(KEYS.second);
      world.aws.faults.fail(call, { error: 'access-denied' });
      await expect(fingerprints()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    },
  );
});
