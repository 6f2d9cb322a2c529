import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { KeysError } from '../domain/errors.ts';
import { isOutcast, parseRetainedUntil } from '../domain/labels.ts';
import type { SendingKey, SendingKeys } from '../domain/relay/sender/ports.ts';
import { awsFailure, isAwsError } from './aws-error.ts';
import { parseDocument } from './key-document-json.ts';

export interface SendingKeysOptions {
  readonly client: SecretsManagerClient;
  readonly secretId: string;
  readonly now: () => Date;
}

const MAX_AGE_MS = 300_000;
const CURRENT = 'AWSCURRENT';

/** A secret as its readers see it: by label, never by version id. */
export function sendingKeys({ client, secretId, now }: SendingKeysOptions): SendingKeys {
  let cached: { readonly key: SendingKey; readonly readAt: number } | undefined;
  return {
    async current() {
      const at = now().getTime();
      if (cached && at - cached.readAt < MAX_AGE_MS) return cached.key;
      cached = undefined;
      const key = await read(client, secretId, CURRENT);
      cached = { key, readAt: at };
      return key;
    },
    forget() {
      cached = undefined;
    },
    async *retained() {
      let failure: unknown;
      for (const label of await retainedLabels(client, secretId)) {
        try {
          const key = await readUnlessGone(client, secretId, label);
          if (key) yield key;
        } catch (error) {
          failure ??= error;
        }
      }
      if (failure) throw failure;
    },
  };
}

/** @throws KeysError NO_KEY_YET, VALUE_MALFORMED, SECRET_NOT_FOUND, or what AWS's refusal is called */
async function read(
  client: SecretsManagerClient,
  secretId: string,
  label: string,
): Promise<SendingKey> {
  const input = { SecretId: secretId, VersionStage: label };
  const { SecretString } = await client
    .send(new GetSecretValueCommand(input))
    .catch((error: unknown) => {
      throw failure('GetSecretValue', secretId, error);
    });
  const value = parseDocument(SecretString);
  if (value.content === 'key') {
    const { value: key } = value.document;
    return { value: key, fingerprint: key.fingerprint, label };
  }
  if (value.content === 'malformed') throw malformed(secretId, label, value.reason);
  throw new KeysError(
    'NO_KEY_YET',
    `Secret ${secretId} has no Amplitude key yet, so no event can be sent. Stage the key in use, then rotate: npx keyctl stage --help`,
  );
}

/** The last replaced first. */
async function retainedLabels(client: SecretsManagerClient, secretId: string): Promise<string[]> {
  const { VersionIdsToStages = {} } = await client
    .send(new DescribeSecretCommand({ SecretId: secretId }))
    .catch((error: unknown) => {
      throw failure('DescribeSecret', secretId, error);
    });
  return Object.values(VersionIdsToStages)
    .filter((labels) => !labels.includes(CURRENT) && !isOutcast(labels))
    .map((labels) => labels.toSorted((one, other) => until(other) - until(one))[0] ?? '')
    .filter((label) => until(label) > 0)
    .sort((one, other) => until(other) - until(one));
}

const until = (label: string) => parseRetainedUntil(label)?.getTime() ?? 0;

/** What a retained version may be that keeps none of the others from being read. */
const GONE: readonly unknown[] = [
  'CMK_UNAVAILABLE',
  'NO_KEY_YET',
  'SECRET_NOT_FOUND',
  'VALUE_MALFORMED',
];

/** A label may be taken off after it was listed, and a version may be under another KMS key. */
async function readUnlessGone(
  client: SecretsManagerClient,
  secretId: string,
  label: string,
): Promise<SendingKey | undefined> {
  try {
    return await read(client, secretId, label);
  } catch (error) {
    if (GONE.includes((error as KeysError).code)) return undefined;
    throw error;
  }
}

const malformed = (secretId: string, label: string, reason: string) =>
  new KeysError(
    'VALUE_MALFORMED',
    `The version ${label} of secret ${secretId} is no key: ${reason}. Stage a key, then rotate.`,
  );

function failure(call: string, secretId: string, error: unknown): KeysError {
  if (isAwsError(error, 'ResourceNotFoundException')) {
    return new KeysError(
      'SECRET_NOT_FOUND',
      `${call}: there is no secret ${secretId}, or no such version of it, in this account and Region. Deploy its environment.`,
      { call },
      error,
    );
  }
  return awsFailure(call, `secret ${secretId}`, error);
}
