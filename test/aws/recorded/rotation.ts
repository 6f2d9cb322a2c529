import { DescribeSecretCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { labels, oneVersion, type RecordedRow, refusal } from './row.ts';

export const rotationRows: readonly RecordedRow[] = [
  {
    row: 12,
    recorded: '2025-03-29',
    title: 'two rotations move AWSCURRENT and AWSPREVIOUS along and set the dates',
    async run(client, stage) {
      const { SecretId, v1 } = await oneVersion(client, stage.freshName());
      const RotationLambdaARN = await stage.rotationFunction();
      const RotationRules = { AutomaticallyAfterDays: 90 };
      const first = { SecretId, RotationLambdaARN, RotationRules };
      const { VersionId: v2 = '' } = await client.send(new RotateSecretCommand(first));
      await stage.settled();
      expect(await labels(client, SecretId)).toEqual({
        [v1]: ['AWSPREVIOUS'],
        [v2]: ['AWSCURRENT'],
      });
      const { VersionId: v3 = '' } = await client.send(new RotateSecretCommand({ SecretId }));
      await stage.settled();
      expect(await labels(client, SecretId)).toEqual({
        [v2]: ['AWSPREVIOUS'],
        [v3]: ['AWSCURRENT'],
      });
      const { LastRotatedDate, NextRotationDate } = await client.send(
        new DescribeSecretCommand({ SecretId }),
      );
      expect({ LastRotatedDate, NextRotationDate }).toEqual({
        LastRotatedDate: expect.any(Date),
        NextRotationDate: expect.any(Date),
      });
    },
  },
  {
    row: 13,
    recorded: '2025-03-27',
    title: 'RotateSecret without a function changes nothing',
    async run(client, { freshName }) {
      const { SecretId, v1 } = await oneVersion(client, freshName());
      expect(await refusal(client.send(new RotateSecretCommand({ SecretId })))).toEqual({
        name: 'InvalidRequestException',
        message: 'No Lambda rotation function ARN is associated with this secret.',
      });
      expect(await labels(client, SecretId)).toEqual({ [v1]: ['AWSCURRENT'] });
    },
  },
  {
    row: 14,
    recorded: '2024-03-15',
    title: 'RotateSecret with a function it may not invoke is denied',
    async run(client, stage) {
      const { SecretId } = await oneVersion(client, stage.freshName());
      const RotationLambdaARN = await stage.forbiddenFunction();
      const RotationRules = { AutomaticallyAfterDays: 90 };
      const rotate = new RotateSecretCommand({ SecretId, RotationLambdaARN, RotationRules });
      expect(await refusal(client.send(rotate))).toEqual({
        name: 'AccessDeniedException',
        message:
          'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
      });
    },
  },
];
