import {
  DescribeKeyCommand,
  DisableKeyCommand,
  GetKeyRotationStatusCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  ListSecretsCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import type { DocumentedRow, Stage } from './stage.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/ and .../kms/latest/APIReference/ */
export const rows: readonly DocumentedRow[] = [
  {
    title: 'a tag is added, replaced and taken off, the others stay',
    async run(stage) {
      const SecretId = await stage.freshSecret();
      const tag = (Key: string, Value: string) =>
        stage.secretsManager.send(new TagResourceCommand({ SecretId, Tags: [{ Key, Value }] }));
      await tag('owner', 'growth');
      await tag('note', 'one');
      await tag('note', 'two');
      expect(await tagsOf(stage, SecretId)).toEqual({ owner: 'growth', note: 'two' });
      const untag = new UntagResourceCommand({ SecretId, TagKeys: ['note', 'none'] });
      await stage.secretsManager.send(untag);
      expect(await tagsOf(stage, SecretId)).toEqual({ owner: 'growth' });
    },
  },
  {
    title: 'a secret marked for deletion is listed only if asked for',
    async run({ secretsManager, freshSecret }) {
      const SecretId = await freshSecret();
      await secretsManager.send(new DeleteSecretCommand({ SecretId }));
      const list = async (IncludePlannedDeletion: boolean) => {
        const answer = await secretsManager.send(
          new ListSecretsCommand({
            Filters: [{ Key: 'name', Values: [SecretId] }],
            IncludePlannedDeletion,
          }),
        );
        return answer.SecretList ?? [];
      };
      expect(await list(false)).toEqual([]);
      expect(await list(true)).toMatchObject([{ Name: SecretId, DeletedDate: expect.any(Date) }]);
    },
  },
  {
    title: 'a disabled CMK is described as such and keeps its rotation status',
    async run({ kms, freshKey }) {
      const KeyId = await freshKey();
      await kms.send(new DisableKeyCommand({ KeyId }));
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      expect(KeyMetadata).toMatchObject({ Arn: KeyId, Enabled: false, KeyState: 'Disabled' });
      expect(await kms.send(new GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({
        KeyId,
        KeyRotationEnabled: true,
        RotationPeriodInDays: 365,
        NextRotationDate: expect.any(Date),
      });
    },
  },
  {
    title: 'a CMK pending deletion tells its date, and that it does not rotate',
    async run({ kms, freshKey }) {
      const KeyId = await freshKey();
      await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
      expect(KeyMetadata).toMatchObject({
        KeyState: 'PendingDeletion',
        DeletionDate: expect.any(Date),
      });
      const { $metadata, ...status } = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
      expect(status).toEqual({ KeyId, KeyRotationEnabled: false });
    },
  },
];

async function tagsOf({ secretsManager }: Stage, SecretId: string) {
  const { Tags = [] } = await secretsManager.send(new DescribeSecretCommand({ SecretId }));
  return Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
}
