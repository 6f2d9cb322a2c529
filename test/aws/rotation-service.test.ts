import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from 'vitest';
import { refusal } from './recorded/row.ts';
import { DAY, failing, NOW, RotatingSecret, SecretId } from './rotating-secret.ts';

let secret: RotatingSecret;

beforeEach(() => {
  secret = new RotatingSecret();
});

describe('RotateSecret', () => {
  it('answers at once; the four steps run later, in order, with the same token', async () => {
    const { VersionId, ARN } = await secret.rotate();
    expect(secret.events).toEqual([]);
    await secret.aws.settled();
    expect(secret.steps()).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
    for (const event of secret.events) {
      expect(event).toMatchObject({ SecretId: ARN, ClientRequestToken: VersionId });
    }
  });

  it('attaches AWSPENDING to a version that has no value yet before createSecret', async () => {
    let reading: Promise<unknown> = Promise.resolve();
    secret.hook({
      createSecret: async ({ ClientRequestToken: VersionId }) => {
        expect(secret.aws.secretsManager.labelsOf(SecretId, VersionId)).toEqual(['AWSPENDING']);
        const read = { SecretId, VersionId, VersionStage: 'AWSPENDING' };
        reading = refusal(secret.client.send(new GetSecretValueCommand(read)));
      },
    });
    await secret.rotate();
    await secret.aws.settled();
    expect(await reading).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it.each([
    [false, ['AWSCURRENT', 'AWSPENDING']],
    [true, ['AWSCURRENT']],
  ])('ends with AWSPENDING taken off by the service: %s', async (takesPendingOff, labels) => {
    secret = new RotatingSecret({ takesPendingOff });
    const { VersionId = '' } = await secret.rotate();
    await secret.aws.settled();
    expect(secret.aws.secretsManager.labelsOf(SecretId, VersionId)).toEqual(labels);
    expect(secret.state()).toBe('succeeded');
    await secret.rotate();
    await secret.aws.settled();
  });

  it('sets the dates when the rotation has succeeded', async () => {
    secret.aws.clock.advance(DAY);
    await secret.rotate();
    await secret.aws.settled();
    expect(await secret.client.send(new DescribeSecretCommand({ SecretId }))).toMatchObject({
      LastRotatedDate: new Date(NOW.getTime() + DAY),
      NextRotationDate: new Date(NOW.getTime() + 91 * DAY),
    });
  });

  it('is refused while a rotation has not ended', async () => {
    await secret.rotate();
    expect(await refusal(secret.rotate())).toEqual({
      name: 'InvalidRequestException',
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
    await secret.aws.settled();
  });

  it('may be given rate(90 days), and no schedule that the fake cannot count', async () => {
    const schedule = (ScheduleExpression: string) =>
      secret.client.send(
        new RotateSecretCommand({ SecretId, RotationRules: { ScheduleExpression } }),
      );
    await expect(schedule('cron(0 8 1 * ? *)')).rejects.toThrow('does not know the schedule');
    expect(await refusal(schedule('rate(1 hour)'))).toMatchObject({
      name: 'InvalidParameterException',
    });
    await schedule('rate(30 days)');
    await secret.aws.settled();
    const { NextRotationDate } = await secret.client.send(new DescribeSecretCommand({ SecretId }));
    expect(NextRotationDate).toEqual(new Date(NOW.getTime() + 30 * DAY));
  });
});

describe('a step that throws', () => {
  beforeEach(async () => {
    secret.hook({ testSecret: failing });
    await secret.rotate();
  });

  it('ends the attempt, is told by settled() and leaves AWSPENDING, which blocks the next', async () => {
    await expect(secret.aws.settled()).rejects.toThrow('the step failed');
    expect(secret.steps()).toEqual(['createSecret', 'setSecret', 'testSecret']);
    expect(secret.state()).toBe('failed');
    expect(await refusal(secret.rotate())).toMatchObject({ name: 'InvalidRequestException' });
  });

  it('has all four steps run again with the same token', async () => {
    await expect(secret.aws.settled()).rejects.toThrow();
    secret.hook({});
    await secret.aws.secretsManager.retryRotation(SecretId);
    expect(secret.steps().slice(3)).toHaveLength(4);
    expect(new Set(secret.events.map(({ ClientRequestToken }) => ClientRequestToken)).size).toBe(1);
    expect(secret.state()).toBe('succeeded');
  });

  it('leaves a secret that rotates again once AWSPENDING is taken off', async () => {
    await expect(secret.aws.settled()).rejects.toThrow();
    const RemoveFromVersionId = secret.holderOf('AWSPENDING');
    const off = { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId };
    await secret.client.send(new UpdateSecretVersionStageCommand(off));
    secret.hook({});
    await secret.rotate();
    await secret.aws.settled();
  });
});
