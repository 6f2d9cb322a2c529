import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import {
  labels,
  listed,
  oneVersion,
  promoted,
  put,
  type RecordedRow,
  threeVersions,
  twoVersions,
} from './row.ts';

export const labelRows: readonly RecordedRow[] = [
  {
    row: 1,
    recorded: '2022-09-28',
    title: 'a put as AWSCURRENT makes the version before it AWSPREVIOUS',
    async run(client, { freshName }) {
      const { SecretId, v1, v2 } = await twoVersions(client, freshName());
      expect(await labels(client, SecretId)).toEqual({
        [v1]: ['AWSPREVIOUS'],
        [v2]: ['AWSCURRENT', 'PUT0'],
      });
    },
  },
  {
    row: 2,
    recorded: '2022-09-28',
    title: 'a put as AWSPENDING leaves AWSCURRENT and the default read alone',
    async run(client, { freshName }) {
      const { SecretId, v1, v2, v3 } = await threeVersions(client, freshName());
      expect(await labels(client, SecretId)).toEqual({
        [v1]: ['AWSPREVIOUS'],
        [v2]: ['AWSCURRENT', 'PUT0'],
        [v3]: ['AWSPENDING', 'PUT1'],
      });
      const read = await client.send(new GetSecretValueCommand({ SecretId }));
      expect(read.VersionId).toBe(v2);
    },
  },
  {
    row: 3,
    recorded: '2022-09-28',
    title: 'moving AWSCURRENT leaves AWSPENDING where it is and unlists what has no label',
    async run(client, { freshName }) {
      const { SecretId, v2, v3 } = await promoted(client, freshName());
      expect(await labels(client, SecretId)).toEqual({
        [v2]: ['AWSPREVIOUS', 'PUT0'],
        [v3]: ['AWSCURRENT', 'AWSPENDING', 'PUT1'],
      });
    },
  },
  {
    row: 4,
    recorded: '2022-09-28',
    title: 'the next put as AWSPENDING takes that label off the current version',
    async run(client, { freshName }) {
      const { SecretId, v2, v3 } = await promoted(client, freshName());
      const v4 = await put(client, SecretId, 'four', ['AWSPENDING', 'PUT2']);
      expect(await labels(client, SecretId)).toEqual({
        [v2]: ['AWSPREVIOUS', 'PUT0'],
        [v3]: ['AWSCURRENT', 'PUT1'],
        [v4]: ['AWSPENDING', 'PUT2'],
      });
    },
  },
  {
    row: 5,
    recorded: '2022-09-28',
    title: 'a label sits on one version: a put takes it from another',
    async run(client, { freshName }) {
      const { SecretId, v1 } = await oneVersion(client, freshName());
      await put(client, SecretId, 'two', ['one', 'two', 'three']);
      const v3 = await put(client, SecretId, 'three', ['one', 'two', 'three', 'four']);
      expect(await labels(client, SecretId)).toEqual({
        [v1]: ['AWSCURRENT'],
        [v3]: ['four', 'one', 'three', 'two'],
      });
    },
  },
  {
    row: 6,
    recorded: '2024-03-29',
    title: 'puts without stages move AWSCURRENT; older versions are listed as deprecated only',
    async run(client, { freshName }) {
      const { SecretId, v1 } = await oneVersion(client, freshName());
      const v2 = await put(client, SecretId, 'two');
      const v3 = await put(client, SecretId, 'three');
      const v4 = await put(client, SecretId, 'four');
      const labelled = { [v3]: ['AWSPREVIOUS'], [v4]: ['AWSCURRENT'] };
      expect(await labels(client, SecretId)).toEqual(labelled);
      expect(await listed(client, SecretId)).toEqual(labelled);
      expect(await listed(client, SecretId, { IncludeDeprecated: true })).toEqual({
        [v1]: undefined,
        [v2]: undefined,
        ...labelled,
      });
    },
  },
  {
    row: 11,
    recorded: '2023-09-05',
    title: 'a secret without a value has no VersionIdsToStages, and its first put is AWSCURRENT',
    async run(client, { freshName }) {
      const SecretId = freshName();
      await client.send(new CreateSecretCommand({ Name: SecretId }));
      const described = await client.send(new DescribeSecretCommand({ SecretId }));
      expect(described).not.toHaveProperty('VersionIdsToStages');
      const answer = await client.send(
        new PutSecretValueCommand({ SecretId, SecretString: 'first' }),
      );
      expect(answer.VersionStages).toEqual(['AWSCURRENT']);
    },
  },
];
