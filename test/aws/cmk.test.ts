import {
  CancelKeyDeletionCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-24T00:00:00Z');
let aws: FakeAws;
let KeyId: string;

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
  KeyId = aws.kms.seedKey({ rotationDays: 365 });
});

const rotationStatus = async () => {
  const { $metadata, ...status } = await aws.clients.kms.send(
    new GetKeyRotationStatusCommand({ KeyId }),
  );
  return status;
};
const schedule = (PendingWindowInDays?: number) =>
  aws.clients.kms.send(
    new ScheduleKeyDeletionCommand({
      KeyId,
      ...(PendingWindowInDays ? { PendingWindowInDays } : {}),
    }),
  );
const described = async () =>
  (await aws.clients.kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;

describe('automatic rotation of a CMK', () => {
  it('is on by an option of its seed, else off', async () => {
    const NextRotationDate = new Date(NOW.getTime() + 365 * DAY);
    const on = { KeyRotationEnabled: true, RotationPeriodInDays: 365, NextRotationDate };
    expect(await rotationStatus()).toEqual({ KeyId, ...on });
    KeyId = aws.kms.seedKey();
    expect(await rotationStatus()).toEqual({ KeyId, KeyRotationEnabled: false });
  });

  it('keeps its status while the CMK is disabled', async () => {
    await aws.clients.kms.send(new DisableKeyCommand({ KeyId }));
    expect(await rotationStatus()).toMatchObject({ KeyRotationEnabled: true });
  });
});

describe('a CMK that is pending deletion', () => {
  it('tells when it will be deleted, and that it does not rotate', async () => {
    const DeletionDate = new Date(NOW.getTime() + 7 * DAY);
    expect(await schedule(7)).toMatchObject({ KeyState: 'PendingDeletion', DeletionDate });
    expect(await described()).toMatchObject({
      Enabled: false,
      KeyState: 'PendingDeletion',
      DeletionDate,
    });
    expect(await rotationStatus()).toEqual({ KeyId, KeyRotationEnabled: false });
  });

  it('is not changed', async () => {
    await schedule();
    const calls = [
      () => aws.clients.kms.send(new EnableKeyCommand({ KeyId })),
      () => aws.clients.kms.send(new DisableKeyCommand({ KeyId })),
      () => aws.clients.kms.send(new EnableKeyRotationCommand({ KeyId })),
      () => aws.clients.kms.send(new RotateKeyOnDemandCommand({ KeyId })),
      () => schedule(),
    ];
    for (const call of calls) {
      expect(await refusal(call())).toEqual({
        name: 'KMSInvalidStateException',
        message: `${KeyId} is pending deletion.`,
      });
    }
  });

  it('lets neither secrets nor parameters be read', async () => {
    const SecretId = 'amplitude/dev/web';
    aws.secretsManager.seedSecret({ name: SecretId, value: 'first', kmsKeyId: KeyId });
    const secure = { Name: '/staged', Value: 'next', Type: 'SecureString', KeyId } as const;
    await aws.clients.ssm.send(new PutParameterCommand(secure));
    await schedule();
    const read = aws.clients.secretsManager.send(new GetSecretValueCommand({ SecretId }));
    expect(await refusal(read)).toMatchObject({ name: 'DecryptionFailure' });
    const get = new GetParameterCommand({ Name: '/staged', WithDecryption: true });
    expect(await refusal(aws.clients.ssm.send(get))).toEqual({
      name: 'InvalidKeyId',
      message: expect.stringContaining(`${KeyId} is pending deletion.`),
    });
  });

  it('is disabled once its deletion is cancelled, and rotates as before', async () => {
    await schedule();
    const cancel = () => aws.clients.kms.send(new CancelKeyDeletionCommand({ KeyId }));
    await cancel();
    expect(await described()).toMatchObject({ KeyState: 'Disabled' });
    expect(await described()).not.toHaveProperty('DeletionDate');
    expect(await rotationStatus()).toMatchObject({ KeyRotationEnabled: true });
    expect(await refusal(cancel())).toMatchObject({ name: 'KMSInvalidStateException' });
  });

  it('is gone after its 7 to 30 days', async () => {
    for (const days of [6, 31]) {
      expect(await refusal(schedule(days))).toMatchObject({ name: 'ValidationException' });
    }
    await schedule();
    aws.clock.advance(30 * DAY);
    expect(await refusal(described())).toMatchObject({ name: 'NotFoundException' });
  });
});
