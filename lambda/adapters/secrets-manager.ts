import {
  DescribeSecretCommand,
  type DescribeSecretResponse,
  GetSecretValueCommand,
  PutSecretValueCommand,
  paginateListSecrets,
  RotateSecretCommand,
  type RotationRulesType,
  type SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { secretName } from '../contract.ts';
import { KeysError } from '../domain/errors.ts';
import type { KeyDocument } from '../domain/key-document.ts';
import type { LabelMove, Secrets, VersionReading } from '../domain/ports.ts';
import type { SecretDescription } from '../domain/versions.ts';
import { awsFailure, isAwsError } from './aws-error.ts';
import { parseDocument, serializeDocument } from './key-document-json.ts';

export function secretsManager(client: SecretsManagerClient): Secrets {
  return {
    list: (environment) => list(client, environment),
    async describe(secretId) {
      try {
        return description(await client.send(new DescribeSecretCommand({ SecretId: secretId })));
      } catch (error) {
        throw secretFailure('DescribeSecret', secretId, error);
      }
    },
    read: (secretId, versionId) => read(client, secretId, { VersionId: versionId }),
    readCurrent: (secretId) => read(client, secretId, {}),
    async putPending(secretId, token, document) {
      try {
        await put(client, secretId, token, document, ['AWSPENDING']);
      } catch (error) {
        if (isAwsError(error, 'ResourceExistsException')) throw pendingDiffers(secretId, token);
        throw secretFailure('PutSecretValue', secretId, error);
      }
    },
    async putLabelled(secretId, token, document, labels) {
      try {
        await put(client, secretId, token, document, labels);
      } catch (error) {
        throw secretFailure('PutSecretValue', secretId, error);
      }
    },
    moveLabel: (secretId, move) => moveLabel(client, secretId, move),
    async remember(secretId, tag, value) {
      const Tags = [{ Key: tag, Value: value }];
      try {
        await client.send(new TagResourceCommand({ SecretId: secretId, Tags }));
      } catch (error) {
        throw secretFailure('TagResource', secretId, error);
      }
    },
    async forget(secretId, tag) {
      try {
        await client.send(new UntagResourceCommand({ SecretId: secretId, TagKeys: [tag] }));
      } catch (error) {
        throw secretFailure('UntagResource', secretId, error);
      }
    },
    async startRotation(secretId) {
      try {
        await client.send(new RotateSecretCommand({ SecretId: secretId }));
      } catch (error) {
        if (isAwsError(error, 'InvalidRequestException', 'previous rotation')) return;
        throw secretFailure('RotateSecret', secretId, error);
      }
    },
  };
}

async function list(client: SecretsManagerClient, environment: string): Promise<string[]> {
  const prefix = secretName(environment, '');
  const input = {
    Filters: [{ Key: 'name' as const, Values: [prefix] }],
    IncludePlannedDeletion: true,
  };
  const names: string[] = [];
  try {
    for await (const page of paginateListSecrets({ client }, input)) {
      for (const { Name } of page.SecretList ?? []) {
        if (Name?.startsWith(prefix)) names.push(Name);
      }
    }
    return names;
  } catch (error) {
    throw awsFailure('ListSecrets', `environment ${environment}`, error);
  }
}

async function read(
  client: SecretsManagerClient,
  secretId: string,
  version: { VersionId?: string },
): Promise<VersionReading> {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: secretId, ...version }));
    const value = parseDocument(answer.SecretString);
    return answer.CreatedDate ? { ...value, createdAt: answer.CreatedDate } : value;
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException', 'secret value')) return { content: 'empty' };
    throw secretFailure('GetSecretValue', secretId, error);
  }
}

async function put(
  client: SecretsManagerClient,
  SecretId: string,
  ClientRequestToken: string,
  document: KeyDocument,
  labels: readonly string[],
) {
  const value = { SecretString: serializeDocument(document), VersionStages: [...labels] };
  await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, ...value }));
}

async function moveLabel(client: SecretsManagerClient, secretId: string, move: LabelMove) {
  const input = {
    SecretId: secretId,
    VersionStage: move.label,
    ...(move.to ? { MoveToVersionId: move.to } : {}),
    ...(move.from ? { RemoveFromVersionId: move.from } : {}),
  };
  try {
    await client.send(new UpdateSecretVersionStageCommand(input));
  } catch (error) {
    if (isAwsError(error, 'InvalidParameterException') && (await isDone(client, secretId, move)))
      return;
    throw secretFailure('UpdateSecretVersionStage', secretId, error);
  }
}

/** The answer to an earlier try may have been lost, or the service took AWSPENDING off itself. */
async function isDone(
  client: SecretsManagerClient,
  secretId: string,
  { label, to, from }: LabelMove,
) {
  const answer = await client.send(new DescribeSecretCommand({ SecretId: secretId }));
  const labelsOf = (versionId: string) => answer.VersionIdsToStages?.[versionId] ?? [];
  if (to !== undefined) return labelsOf(to).includes(label);
  return from !== undefined && !labelsOf(from).includes(label);
}

function description(answer: DescribeSecretResponse): SecretDescription {
  const schedule = scheduleOf(answer.RotationRules);
  const { ARN, Name, LastRotatedDate, NextRotationDate, LastChangedDate, DeletedDate } = answer;
  return {
    arn: ARN ?? '',
    name: Name ?? '',
    rotationEnabled: answer.RotationEnabled ?? false,
    ...(schedule ? { schedule } : {}),
    versions: new Map(Object.entries(answer.VersionIdsToStages ?? {})),
    tags: new Map((answer.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value])),
    ...(LastRotatedDate ? { lastRotatedAt: LastRotatedDate } : {}),
    ...(NextRotationDate ? { nextRotationAt: NextRotationDate } : {}),
    ...(LastChangedDate ? { lastChangedAt: LastChangedDate } : {}),
    ...(DeletedDate ? { deletedAt: DeletedDate } : {}),
  };
}

function scheduleOf({ ScheduleExpression, AutomaticallyAfterDays: days }: RotationRulesType = {}) {
  return ScheduleExpression ?? (days ? `rate(${days} days)` : undefined);
}

export function secretFailure(call: string, secretId: string, error: unknown): KeysError {
  if (isAwsError(error, 'ResourceNotFoundException')) {
    return new KeysError(
      'SECRET_NOT_FOUND',
      `${call}: there is no secret ${secretId} in this account and Region. Deploy its environment, or check account and Region.`,
      { call },
      error,
    );
  }
  return awsFailure(call, `secret ${secretId}`, error);
}

function pendingDiffers(secretId: string, token: string): KeysError {
  return new KeysError(
    'PENDING_DIFFERS',
    `Rotation ${token} of secret ${secretId} holds another key already than the one staged now; the current key stays. Stage the first one again, or wait until the leftover AWSPENDING is cleared (24 h).`,
    { call: 'PutSecretValue', versionId: token },
  );
}
