import {
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
} from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import {
  DescribeParametersCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const SecretId = 'amplitude/dev/web';
const Name = '/amplitude/dev/web/staged/a';
const alias = 'alias/amplitude/dev';
let aws: FakeAws;
let keyArn: string;

const read = (VersionStage = 'AWSCURRENT') =>
  aws.clients.secretsManager.send(new GetSecretValueCommand({ SecretId, VersionStage }));
const write = () =>
  aws.clients.secretsManager.send(new PutSecretValueCommand({ SecretId, SecretString: 'next' }));
const stage = (name: string) => {
  const input = { Name: name, Value: 'staged', Type: 'SecureString', KeyId: alias } as const;
  return aws.clients.ssm.send(new PutParameterCommand(input));
};
const disable = () => aws.clients.kms.send(new DisableKeyCommand({ KeyId: keyArn }));

beforeEach(async () => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  keyArn = aws.kms.seedKey({ alias });
  aws.secretsManager.seedSecret({ name: SecretId, value: 'first', kmsKeyId: keyArn });
  await stage(Name);
});

describe('while a CMK is disabled', () => {
  beforeEach(disable);

  it('its secrets are neither read nor written', async () => {
    const create = { Name: 'other', KmsKeyId: alias, SecretString: 'value' };
    expect(await refusal(read())).toMatchObject({ name: 'DecryptionFailure' });
    expect(await refusal(write())).toMatchObject({ name: 'EncryptionFailure' });
    expect(
      await refusal(aws.clients.secretsManager.send(new CreateSecretCommand(create))),
    ).toMatchObject({ name: 'EncryptionFailure' });
  });

  it('its secrets are still described', async () => {
    const described = await aws.clients.secretsManager.send(
      new DescribeSecretCommand({ SecretId }),
    );
    expect(described).toMatchObject({ KmsKeyId: keyArn, VersionIdsToStages: expect.anything() });
  });

  it('its parameters are neither decrypted nor written, but described', async () => {
    const WithDecryption = true;
    const calls = [
      () => aws.clients.ssm.send(new GetParameterCommand({ Name, WithDecryption })),
      () =>
        aws.clients.ssm.send(
          new GetParametersByPathCommand({ Path: '/amplitude', Recursive: true, WithDecryption }),
        ),
      () => stage(`${Name}b`),
    ];
    const message = expect.stringContaining(`${keyArn} is disabled.`);
    for (const call of calls) {
      expect(await refusal(call())).toEqual({ name: 'InvalidKeyId', message });
    }
    await aws.clients.ssm.send(new GetParameterCommand({ Name, WithDecryption: false }));
    const { Parameters } = await aws.clients.ssm.send(new DescribeParametersCommand({}));
    expect(Parameters).toHaveLength(1);
  });

  it('it is described by its alias as disabled', async () => {
    const describeKey = new DescribeKeyCommand({ KeyId: alias });
    expect((await aws.clients.kms.send(describeKey)).KeyMetadata).toMatchObject({
      Arn: keyArn,
      Enabled: false,
      KeyState: 'Disabled',
    });
  });
});

it('a CMK that is enabled again gives everything back', async () => {
  await disable();
  await aws.clients.kms.send(new EnableKeyCommand({ KeyId: keyArn }));
  expect((await read()).SecretString).toBe('first');
});

it('a CMK may still be used for a while after it was disabled', async () => {
  aws.kms.slowToDisable(5_000);
  await disable();
  const describeKey = new DescribeKeyCommand({ KeyId: keyArn });
  const { KeyMetadata } = await aws.clients.kms.send(describeKey);
  expect(KeyMetadata).toMatchObject({ KeyState: 'Disabled' });
  aws.clock.advance(4_999);
  await disable();
  expect((await read()).SecretString).toBe('first');
  await stage(`${Name}b`);
  aws.clock.advance(1);
  expect(await refusal(read())).toMatchObject({ name: 'DecryptionFailure' });
  expect(await refusal(stage(`${Name}c`))).toMatchObject({ name: 'InvalidKeyId' });
  await aws.clients.kms.send(new EnableKeyCommand({ KeyId: keyArn }));
  expect((await read()).SecretString).toBe('first');
});

it('another CMK re-encrypts only what is current, pending or previous', async () => {
  aws.secretsManager.putByHand(SecretId, 'kept', ['KEPT']);
  const KmsKeyId = aws.kms.seedKey();
  await aws.clients.secretsManager.send(new UpdateSecretCommand({ SecretId, KmsKeyId }));
  await disable();
  expect((await read()).SecretString).toBe('first');
  expect(await refusal(read('KEPT'))).toMatchObject({ name: 'DecryptionFailure' });
});

it('a CMK is changed by id or ARN, not by alias', async () => {
  const KeyId = alias;
  const calls = [
    () => aws.clients.kms.send(new DisableKeyCommand({ KeyId })),
    () => aws.clients.kms.send(new EnableKeyCommand({ KeyId })),
    () => aws.clients.kms.send(new EnableKeyRotationCommand({ KeyId })),
  ];
  for (const call of calls) {
    expect(await refusal(call())).toMatchObject({ name: 'NotFoundException' });
  }
  await aws.clients.kms.send(new DisableKeyCommand({ KeyId: keyArn.split('/').at(-1) ?? '' }));
});
