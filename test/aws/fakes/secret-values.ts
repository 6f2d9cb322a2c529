import {
  type CreateSecretRequest,
  type GetSecretValueRequest,
  InvalidParameterException,
  InvalidRequestException,
  type PutSecretValueRequest,
  type UpdateSecretRequest,
  type UpdateSecretVersionStageRequest,
} from '@aws-sdk/client-secrets-manager';
import { raise } from './errors.ts';
import { type Operations, operation } from './operation.ts';
import type { Secret } from './secret.ts';
import type { SecretStore } from './secret-store.ts';
import { setTags } from './secret-tags.ts';

/** What writes and reads values and moves labels. */
export function valueOperations(store: SecretStore): Operations {
  return {
    CreateSecret: operation<CreateSecretRequest, 'Name'>(
      ['Name'],
      ['ClientRequestToken', 'Description', 'KmsKeyId', 'SecretString', 'Tags'],
      (input) => create(store, input),
    ),
    UpdateSecret: operation<UpdateSecretRequest, 'SecretId'>(
      ['SecretId'],
      ['ClientRequestToken', 'Description', 'KmsKeyId', 'SecretString'],
      (input) => update(store, input),
    ),
    PutSecretValue: operation<PutSecretValueRequest, 'SecretId' | 'SecretString'>(
      ['SecretId', 'SecretString'],
      ['ClientRequestToken', 'VersionStages'],
      ({ SecretId, ClientRequestToken, SecretString, VersionStages }) => {
        const secret = store.find(SecretId);
        const token = checkedToken(ClientRequestToken);
        put(store, secret, token, SecretString, VersionStages);
        return { ...named(secret), VersionId: token, VersionStages: secret.labelsOf(token) };
      },
    ),
    GetSecretValue: operation<GetSecretValueRequest, 'SecretId'>(
      ['SecretId'],
      ['VersionId', 'VersionStage'],
      (input) => read(store, input),
    ),
    UpdateSecretVersionStage: operation<
      UpdateSecretVersionStageRequest,
      'SecretId' | 'VersionStage'
    >(
      ['SecretId', 'VersionStage'],
      ['MoveToVersionId', 'RemoveFromVersionId'],
      ({ SecretId, VersionStage: label, MoveToVersionId: to, RemoveFromVersionId: from }) => {
        const secret = store.find(SecretId);
        secret.moveLabel({ label, to, from }, store.now());
        return named(secret);
      },
    ),
  };
}

export const named = ({ arn, name }: Secret) => ({ ARN: arn, Name: name });

export function checkedToken(token: string | undefined): string {
  if (token === undefined) {
    raise(
      InvalidRequestException,
      'You must provide a ClientRequestToken value. We recommend a UUID-type value.',
    );
  }
  if (token.length < 32 || token.length > 64) {
    raise(InvalidParameterException, 'ClientRequestToken must be 32-64 characters long.');
  }
  return token;
}

function create(store: SecretStore, input: CreateSecretRequest & { Name: string }) {
  const token = checkedToken(input.ClientRequestToken);
  if (input.KmsKeyId) store.keys.encryptSecret(input.KmsKeyId);
  const secret = store.create(input.Name);
  secret.description = input.Description;
  secret.kmsKeyId = input.KmsKeyId;
  setTags(secret, input.Tags ?? []);
  if (input.SecretString === undefined) return named(secret);
  put(store, secret, token, input.SecretString);
  return { ...named(secret), VersionId: token };
}

function update(store: SecretStore, input: UpdateSecretRequest & { SecretId: string }) {
  const secret = store.find(input.SecretId);
  const token = checkedToken(input.ClientRequestToken);
  if (input.Description !== undefined) secret.description = input.Description;
  if (input.KmsKeyId !== undefined) reencrypt(store, secret, input.KmsKeyId);
  secret.lastChangedAt = store.now();
  if (input.SecretString === undefined) return named(secret);
  put(store, secret, token, input.SecretString);
  return { ...named(secret), VersionId: token };
}

/** Older versions keep the old key: https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_update-encryption-key.html */
function reencrypt(store: SecretStore, secret: Secret, kmsKeyId: string): void {
  store.keys.encryptSecret(kmsKeyId);
  secret.kmsKeyId = kmsKeyId;
  for (const label of ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS']) {
    const version = secret.versions.get(secret.labels.get(label) ?? '');
    if (!version?.content) continue;
    store.keys.decryptSecret(version.content.kmsKeyId);
    version.content = { ...version.content, kmsKeyId };
  }
}

export function put(
  store: SecretStore,
  secret: Secret,
  token: string,
  value: string,
  stages?: readonly string[],
): void {
  const bytes = Buffer.byteLength(value);
  if (bytes < 1 || bytes > 65_536) {
    raise(InvalidParameterException, 'The secret value must have 1 to 65536 bytes.');
  }
  if (stages?.length === 0) {
    raise(InvalidParameterException, 'VersionStages must have 1 to 20 labels.');
  }
  store.keys.encryptSecret(secret.kmsKeyId);
  const stored = secret.put(
    token,
    { secret: value, kmsKeyId: secret.kmsKeyId },
    stages,
    store.now(),
  );
  if (stored && secret.labels.get('AWSCURRENT') === token) secret.countAsRotated(store.now());
}

export function read(store: SecretStore, input: GetSecretValueRequest & { SecretId: string }) {
  const { SecretId, VersionId, VersionStage } = input;
  const secret = store.find(SecretId);
  const { id, createdAt, content } = secret.read(VersionId, VersionStage);
  store.keys.decryptSecret(content.kmsKeyId);
  return {
    ...named(secret),
    VersionId: id,
    SecretString: content.secret,
    VersionStages: secret.labelsOf(id),
    CreatedDate: createdAt,
  };
}
