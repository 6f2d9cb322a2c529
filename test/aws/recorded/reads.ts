import { CreateSecretCommand, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { oneVersion, type RecordedRow, refusal, twoVersions } from './row.ts';

export const readRows: readonly RecordedRow[] = [
  {
    row: 7,
    recorded: '2024-04-11',
    title: 'reading AWSPREVIOUS where there is none finds nothing',
    async run(client, { freshName }) {
      const { SecretId } = await oneVersion(client, freshName());
      const read = new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPREVIOUS' });
      expect(await refusal(client.send(read))).toEqual({
        name: 'ResourceNotFoundException',
        message:
          "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
      });
    },
  },
  {
    row: 8,
    recorded: '2024-04-11',
    title: 'reading a version by a label that sits elsewhere is refused',
    async run(client, { freshName }) {
      const { SecretId, v1 } = await twoVersions(client, freshName());
      const read = { SecretId, VersionId: v1, VersionStage: 'AWSCURRENT' };
      expect(await refusal(client.send(new GetSecretValueCommand(read)))).toEqual({
        name: 'InvalidRequestException',
        message: 'You provided a VersionStage that is not associated to the provided VersionId.',
      });
    },
  },
  {
    row: 9,
    recorded: '2024-06-13',
    title: 'reading a version that is not there finds nothing',
    async run(client, { freshName }) {
      const { SecretId } = await oneVersion(client, freshName());
      const VersionId = crypto.randomUUID();
      const read = new GetSecretValueCommand({ SecretId, VersionId });
      expect(await refusal(client.send(read))).toEqual({
        name: 'ResourceNotFoundException',
        message: `Secrets Manager can't find the specified secret value for VersionId: ${VersionId}`,
      });
    },
  },
  {
    row: 10,
    recorded: '2024-06-13',
    title: 'reading a secret without any value finds nothing',
    async run(client, { freshName }) {
      const SecretId = freshName();
      await client.send(new CreateSecretCommand({ Name: SecretId }));
      expect(await refusal(client.send(new GetSecretValueCommand({ SecretId })))).toEqual({
        name: 'ResourceNotFoundException',
        message:
          "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
      });
    },
  },
];
