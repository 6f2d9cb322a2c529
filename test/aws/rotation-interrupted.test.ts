import {
  CancelRotateSecretCommand,
  DescribeSecretCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from 'vitest';
import { DAY, failing, lambdaArn, NOW, RotatingSecret, SecretId } from './rotating-secret.ts';

let secret: RotatingSecret;

beforeEach(() => {
  secret = new RotatingSecret();
});

describe('a value put by hand during a rotation', () => {
  it('takes AWSPENDING off it, ends it and counts as a rotation', async () => {
    secret.aws.clock.advance(DAY);
    secret.hook({
      testSecret: async () => void secret.aws.secretsManager.putByHand(SecretId, 'by hand'),
    });
    await secret.rotate();
    await secret.aws.settled();
    expect(secret.steps()).not.toContain('finishSecret');
    expect(secret.aws.secretsManager.valueOf(SecretId, 'AWSCURRENT')).toBe('by hand');
    expect(secret.holderOf('AWSPENDING')).toBe('nobody');
    expect(secret.state()).toBe('abandoned');
    await expect(secret.aws.secretsManager.retryRotation(SecretId)).rejects.toThrow('abandoned');
    const { LastRotatedDate } = await secret.client.send(new DescribeSecretCommand({ SecretId }));
    expect(LastRotatedDate).toEqual(secret.aws.clock.now());
  });

  it('under another label leaves it running', async () => {
    secret.hook({
      testSecret: async () =>
        void secret.aws.secretsManager.putByHand(SecretId, 'standby', ['STANDBY']),
    });
    await secret.rotate();
    await secret.aws.settled();
    expect(secret.state()).toBe('succeeded');
  });
});

describe('the same value put again under its token', () => {
  it('does not count as a rotation', async () => {
    const { VersionId: ClientRequestToken = '' } = await secret.rotate();
    await secret.aws.settled();
    secret.aws.clock.advance(DAY);
    const SecretString = `value of ${ClientRequestToken}`;
    await secret.client.send(
      new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString }),
    );
    const { LastRotatedDate } = await secret.client.send(new DescribeSecretCommand({ SecretId }));
    expect(LastRotatedDate).toEqual(NOW);
  });
});

describe('RotateImmediately: false', () => {
  it('tries testSecret once on an empty pending version and leaves none behind', async () => {
    const before = secret.aws.secretsManager.versionsOf(SecretId);
    let during: string[] = [];
    secret.aws.secretsManager.onRotate = async (event) => {
      secret.events.push(event);
      during = secret.aws.secretsManager.labelsOf(SecretId, event.ClientRequestToken);
    };
    await secret.rotate({ RotateImmediately: false });
    await secret.aws.settled();
    expect(secret.steps()).toEqual(['testSecret']);
    expect(during).toEqual(['AWSPENDING']);
    expect(secret.aws.secretsManager.versionsOf(SecretId)).toEqual(before);
    const all = new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true });
    expect((await secret.client.send(all)).Versions).toHaveLength(1);
  });

  it('leaves none behind either when testSecret throws', async () => {
    secret.aws.secretsManager.onRotate = failing;
    await secret.rotate({ RotateImmediately: false });
    await expect(secret.aws.settled()).rejects.toThrow('the step failed');
    expect(secret.holderOf('AWSPENDING')).toBe('nobody');
  });
});

describe('CancelRotateSecret', () => {
  it('turns the schedule off, abandons a running rotation and leaves its AWSPENDING', async () => {
    await secret.rotate();
    await secret.client.send(new CancelRotateSecretCommand({ SecretId }));
    await secret.aws.settled();
    expect(secret.events).toEqual([]);
    const described = await secret.client.send(new DescribeSecretCommand({ SecretId }));
    expect(described).toMatchObject({ RotationEnabled: false, RotationLambdaARN: lambdaArn });
    expect(described).not.toHaveProperty('NextRotationDate');
    expect(secret.holderOf('AWSPENDING')).not.toBe('nobody');
  });
});
