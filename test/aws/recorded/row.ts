import {
  CreateSecretCommand,
  DescribeSecretCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';

export type Client = Pick<SecretsManagerClient, 'send'>;

/** What a row needs besides a client. */
export interface Stage {
  freshName(): string;
  /** ARN of a function that puts a value, promotes it and takes AWSPENDING off. */
  rotationFunction(): Promise<string>;
  /** ARN of a function that Secrets Manager may not invoke. */
  forbiddenFunction(): Promise<string>;
  /** Resolves when the rotations that were started have ended. */
  settled(): Promise<void>;
  /** A client that fills in no ClientRequestToken. */
  readonly bareClient: Client;
}

export interface RecordedRow {
  readonly row: number;
  /** Day of the recording. */
  readonly recorded: string;
  readonly title: string;
  run(client: Client, stage: Stage): Promise<void>;
}

export async function oneVersion(client: Client, SecretId: string) {
  const create = new CreateSecretCommand({ Name: SecretId, SecretString: 'one' });
  const { VersionId: v1 = '' } = await client.send(create);
  return { SecretId, v1 };
}

export async function twoVersions(client: Client, name: string) {
  const { SecretId, v1 } = await oneVersion(client, name);
  return { SecretId, v1, v2: await put(client, SecretId, 'two', ['AWSCURRENT', 'PUT0']) };
}

export async function threeVersions(client: Client, name: string) {
  const before = await twoVersions(client, name);
  const v3 = await put(client, before.SecretId, 'three', ['AWSPENDING', 'PUT1']);
  return { ...before, v3 };
}

export async function promoted(client: Client, name: string) {
  const before = await threeVersions(client, name);
  const { SecretId, v2: RemoveFromVersionId, v3: MoveToVersionId } = before;
  const change = { SecretId, VersionStage: 'AWSCURRENT', RemoveFromVersionId, MoveToVersionId };
  await client.send(new UpdateSecretVersionStageCommand(change));
  return before;
}

export async function put(
  client: Client,
  SecretId: string,
  SecretString: string,
  stages?: string[],
) {
  const VersionStages = stages ? { VersionStages: stages } : {};
  const { VersionId = '' } = await client.send(
    new PutSecretValueCommand({ SecretId, SecretString, ...VersionStages }),
  );
  return VersionId;
}

/** In no order of AWS's that could be relied on, so sorted. */
export async function labels(client: Client, SecretId: string): Promise<Record<string, string[]>> {
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
  return Object.fromEntries(
    Object.entries(VersionIdsToStages).map(([id, stages]) => [id, [...stages].sort()]),
  );
}

export async function listed(
  client: Client,
  SecretId: string,
  more: { IncludeDeprecated?: boolean } = {},
) {
  const answer = await client.send(new ListSecretVersionIdsCommand({ SecretId, ...more }));
  const rows = answer.Versions ?? [];
  return Object.fromEntries(
    rows.map(({ VersionId = '', VersionStages }) => [VersionId, VersionStages]),
  );
}

export async function refusal(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  const error = await call.then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  return { name: error?.name ?? 'no error', message: error?.message ?? '' };
}
