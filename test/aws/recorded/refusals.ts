import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { oneVersion, type RecordedRow, refusal } from './row.ts';

export const refusalRows: readonly RecordedRow[] = [
  {
    row: 15,
    recorded: '2026-01-29',
    title: 'a secret that is marked for deletion refuses calls',
    async run(client, { freshName }) {
      const { SecretId, v1 } = await oneVersion(client, freshName());
      await client.send(new DeleteSecretCommand({ SecretId }));
      const marked = {
        name: 'InvalidRequestException',
        message:
          "You can't perform this operation on the secret because it was marked for deletion.",
      };
      const move = { SecretId, VersionStage: 'kept', MoveToVersionId: v1 };
      const calls = [
        () => client.send(new GetSecretValueCommand({ SecretId })),
        () => client.send(new PutSecretValueCommand({ SecretId, SecretString: 'next' })),
        () => client.send(new UpdateSecretVersionStageCommand(move)),
      ];
      for (const call of calls) expect(await refusal(call())).toEqual(marked);
    },
  },
  {
    row: 16,
    recorded: '2022-09-28',
    title: 'the name of a secret that is marked for deletion is taken',
    async run(client, { freshName }) {
      const { SecretId } = await oneVersion(client, freshName());
      await client.send(new DeleteSecretCommand({ SecretId }));
      const again = new CreateSecretCommand({ Name: SecretId, SecretString: 'again' });
      expect(await refusal(client.send(again))).toEqual({
        name: 'InvalidRequestException',
        message:
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
      });
    },
  },
  {
    row: 17,
    recorded: '2022-09-28',
    title: 'no call finds a secret that does not exist',
    async run(client, { freshName }) {
      const SecretId = freshName();
      const calls = [
        () => client.send(new DescribeSecretCommand({ SecretId })),
        () => client.send(new GetSecretValueCommand({ SecretId })),
        () => client.send(new PutSecretValueCommand({ SecretId, SecretString: 'one' })),
        () => client.send(new RotateSecretCommand({ SecretId })),
      ];
      const unknown = {
        name: 'ResourceNotFoundException',
        message: "Secrets Manager can't find the specified secret.",
      };
      for (const call of calls) expect(await refusal(call())).toEqual(unknown);
    },
  },
  {
    row: 18,
    recorded: '2023-05-12',
    title: 'writes without a ClientRequestToken on the wire are refused',
    async run(client, { freshName, bareClient }) {
      const { SecretId } = await oneVersion(client, freshName());
      const SecretString = 'next';
      const calls = [
        () => bareClient.send(new PutSecretValueCommand({ SecretId, SecretString })),
        () => bareClient.send(new UpdateSecretCommand({ SecretId, SecretString })),
        () => bareClient.send(new RotateSecretCommand({ SecretId })),
      ];
      const tokenMissing = {
        name: expect.any(String),
        message: 'You must provide a ClientRequestToken value. We recommend a UUID-type value.',
      };
      for (const call of calls) expect(await refusal(call())).toEqual(tokenMissing);
    },
  },
];
