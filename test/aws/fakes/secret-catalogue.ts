import {
  type DeleteSecretRequest,
  type DescribeSecretRequest,
  InvalidParameterException,
  type ListSecretVersionIdsRequest,
  type RestoreSecretRequest,
  type TagResourceRequest,
  type UntagResourceRequest,
} from '@aws-sdk/client-secrets-manager';
import { raise } from './errors.ts';
import { defined, type Operations, operation } from './operation.ts';
import type { Secret } from './secret.ts';
import { secretPage } from './secret-paging.ts';
import type { SecretStore } from './secret-store.ts';
import { setTags } from './secret-tags.ts';
import { named } from './secret-values.ts';

/** What describes, tags and deletes. */
export function catalogueOperations(store: SecretStore): Operations {
  return {
    DescribeSecret: operation<DescribeSecretRequest, 'SecretId'>(['SecretId'], [], (input) =>
      describeSecret(store, input.SecretId),
    ),
    ListSecretVersionIds: operation<ListSecretVersionIdsRequest, 'SecretId'>(
      ['SecretId'],
      ['IncludeDeprecated', 'MaxResults', 'NextToken'],
      (input) => listVersions(store.find(input.SecretId), input),
    ),
    TagResource: operation<TagResourceRequest, 'SecretId' | 'Tags'>(
      ['SecretId', 'Tags'],
      [],
      ({ SecretId, Tags }) => {
        const secret = store.find(SecretId);
        setTags(secret, Tags);
        secret.lastChangedAt = store.now();
        return {};
      },
    ),
    UntagResource: operation<UntagResourceRequest, 'SecretId' | 'TagKeys'>(
      ['SecretId', 'TagKeys'],
      [],
      ({ SecretId, TagKeys }) => {
        const secret = store.find(SecretId);
        for (const key of TagKeys) secret.tags.delete(key);
        secret.lastChangedAt = store.now();
        return {};
      },
    ),
    DeleteSecret: operation<DeleteSecretRequest, 'SecretId'>(
      ['SecretId'],
      ['RecoveryWindowInDays', 'ForceDeleteWithoutRecovery'],
      (input) => deleteSecret(store, input),
    ),
    RestoreSecret: operation<RestoreSecretRequest, 'SecretId'>(['SecretId'], [], (input) => {
      const secret = store.findAny(input.SecretId);
      secret.deletionAt = undefined;
      return named(secret);
    }),
  };
}

export function describeSecret(store: SecretStore, secretId: string) {
  const secret = store.findAny(secretId);
  const versions = secret.labelled();
  const some = Object.keys(versions).length > 0;
  return { ...metadata(secret), ...(some ? { VersionIdsToStages: versions } : {}) };
}

/** Only fields that have a value are returned. */
export function metadata(secret: Secret) {
  const { rotation } = secret;
  const schedule = rotation?.enabled ? rotation : undefined;
  const tags = [...secret.tags].map(([Key, Value]) => ({ Key, Value }));
  return defined({
    ...named(secret),
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    RotationEnabled: rotation?.enabled,
    RotationLambdaARN: rotation?.lambdaArn,
    RotationRules: rotation?.rules,
    LastRotatedDate: schedule?.lastRotatedAt,
    NextRotationDate: schedule?.nextRotationAt,
    LastChangedDate: secret.lastChangedAt,
    DeletedDate: secret.deletionAt,
    Tags: tags.length > 0 ? tags : undefined,
    CreatedDate: secret.createdAt,
  });
}

function listVersions(secret: Secret, input: Omit<ListSecretVersionIdsRequest, 'SecretId'>) {
  const rows = [...secret.versions.values()]
    .map(({ id, createdAt }) => ({ id, createdAt, labels: secret.labelsOf(id) }))
    .filter(({ labels }) => input.IncludeDeprecated || labels.length > 0);
  const { items, ...more } = secretPage(rows, input);
  const Versions = items.map(({ id, createdAt, labels }) => ({
    VersionId: id,
    CreatedDate: createdAt,
    ...(labels.length > 0 ? { VersionStages: labels } : {}),
  }));
  return { ...named(secret), Versions, ...more };
}

function deleteSecret(store: SecretStore, input: DeleteSecretRequest & { SecretId: string }) {
  const { RecoveryWindowInDays: days = 30, ForceDeleteWithoutRecovery: force = false } = input;
  if (force && input.RecoveryWindowInDays !== undefined) {
    raise(
      InvalidParameterException,
      "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
    );
  }
  if (days < 7 || days > 30) {
    raise(
      InvalidParameterException,
      'RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    );
  }
  const secret = store.find(input.SecretId);
  if (force) store.remove(secret);
  secret.deletionAt = new Date(store.now().getTime() + (force ? 0 : days) * 86_400_000);
  return { ...named(secret), DeletionDate: secret.deletionAt };
}
