import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { relayDigestKeyName, relaySecretField, relayTokenName } from '../contract.ts';
import { KeysError } from '../domain/errors.ts';
import { json } from '../domain/json.ts';
import type { RelayTokens } from '../domain/relay/intake/ports.ts';
import { Remembered, type RememberedOptions } from '../domain/relay/intake/remembered.ts';
import { SecretValue } from '../domain/secret-value.ts';
import { awsFailure, isAwsError } from './aws-error.ts';

export interface RelayTokensOptions extends Pick<RememberedOptions<unknown>, 'now' | 'tell'> {
  readonly client: SecretsManagerClient;
  readonly environment: string;
}

const TIMES = { goodMs: 5 * 60_000, usableMs: 3_600_000, pauseMs: 10_000 } as const;

/** The relay's own secrets, read as seldom as it can be. */
export function relayTokens({ client, environment, ...rest }: RelayTokensOptions): RelayTokens {
  const token = relayTokenName(environment);
  const tokens = new Remembered({ ...TIMES, ...rest, ask: () => acceptedIn(client, token) });
  const digestKey = new Remembered({
    ...TIMES,
    ...rest,
    ask: () => current(client, relayDigestKeyName(environment), relaySecretField.digestKey),
  });
  return {
    accepted: () => tokens.get(),
    renewed: () => tokens.renew(),
    digestKey: () => digestKey.get(),
  };
}

/**
 * The current one first: of a token that is replaced between the two reads, it is known as the one or
 * as the other.
 */
async function acceptedIn(client: SecretsManagerClient, secretId: string) {
  const first = await current(client, secretId, relaySecretField.token);
  const second = await read(client, secretId, relaySecretField.token, 'AWSPREVIOUS');
  return second ? [first, second] : [first];
}

async function current(client: SecretsManagerClient, secretId: string, field: string) {
  const value = await read(client, secretId, field, 'AWSCURRENT');
  if (value) return value;
  throw new KeysError(
    'VALUE_MALFORMED',
    `AWSCURRENT of secret ${secretId} is no JSON with 16 to 512 letters, digits and signs in ${field}. Write one that is long and random, or put the version before it back.`,
  );
}

/** A short one could be guessed, and an empty one would be. */
const value = z.string().check(z.regex(/^[\x21-\x7e]{16,512}$/));

/** Undefined of a value that isn't as it has to be; and before the first change there is no AWSPREVIOUS. */
async function read(
  client: SecretsManagerClient,
  SecretId: string,
  field: string,
  VersionStage: 'AWSCURRENT' | 'AWSPREVIOUS',
): Promise<SecretValue | undefined> {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
    const { data } = z.object({ [field]: value }).safeParse(json(answer.SecretString));
    return data && new SecretValue(data[field] as string);
  } catch (error) {
    const isAbsent = isAwsError(error, 'ResourceNotFoundException');
    if (isAbsent && VersionStage === 'AWSPREVIOUS') return undefined;
    throw isAbsent
      ? notFound(SecretId, error)
      : awsFailure('GetSecretValue', `secret ${SecretId}`, error);
  }
}

const notFound = (secretId: string, cause: unknown) =>
  new KeysError(
    'SECRET_NOT_FOUND',
    `GetSecretValue: there is no secret ${secretId} in this account and Region, or no current version of it. Deploy its environment, or write a value.`,
    { call: 'GetSecretValue' },
    cause,
  );
