import {
  type Audience,
  type KeyKind,
  type Sensitivity,
  type Standby,
  secretName,
  tag,
  type Verification,
} from '../contract.ts';
import { type Consumer, consumersIn } from './consumer.ts';
import { KeysError } from './errors.ts';
import type { SecretDescription } from './versions.ts';

/** One Amplitude key of one environment, as its secret's tags describe it. */
export interface ManagedKey {
  readonly environment: string;
  readonly name: string;
  readonly kind: KeyKind;
  readonly audience: Audience;
  readonly owner: string;
  readonly verification: Verification;
  readonly retainPreviousDays: number;
  readonly rotateEveryDays: number;
  readonly standby: Standby;
  /** Of what the key opens. */
  readonly sensitivity: Sensitivity;
  readonly consumers: readonly Consumer[];
  /** Name of the API key that completes a secret key. */
  readonly pairedWith?: string;
}

/** @throws KeysError SECRET_NOT_OURS for another environment's secret, TAG_INVALID naming the tag. */
export function managedKey(secret: SecretDescription, environment: string): ManagedKey {
  const name = secret.tags.get(tag.key);
  const theirs = secret.tags.get(tag.environment);
  if (!name || theirs !== environment || secret.name !== secretName(environment, name)) {
    throw new KeysError(
      'SECRET_NOT_OURS',
      `Secret ${secret.name} is not a key of environment ${environment}; nothing was changed. Use the functions of its own environment.`,
      { environment },
    );
  }
  const kind = oneOf(secret, tag.kind, ['ingestion', 'secret']);
  const pairedWith = secret.tags.get(tag.pairedWith);
  if (kind === 'secret' && !pairedWith)
    throw invalid(secret, tag.pairedWith, 'the name of its API key');
  return {
    environment,
    name,
    kind,
    audience: oneOf(secret, tag.audience, ['server', 'browser']),
    owner: secret.tags.get(tag.owner) ?? '',
    verification: oneOf(secret, tag.verification, ['query', 'canary']),
    retainPreviousDays: days(secret, tag.retainPreviousDays, 365),
    rotateEveryDays: days(secret, tag.rotateEveryDays, 1000),
    standby: oneOf(secret, tag.standby, ['always', 'before due']),
    sensitivity: secret.tags.has(tag.sensitivity)
      ? oneOf(secret, tag.sensitivity, ['normal', 'sensitive'])
      : 'normal',
    consumers: consumersIn(secret.tags),
    ...(pairedWith ? { pairedWith } : {}),
  };
}

function oneOf<const Word extends string>(
  secret: SecretDescription,
  name: string,
  words: readonly Word[],
): Word {
  const found = words.find((word) => word === secret.tags.get(name));
  if (!found) throw invalid(secret, name, words.join(' or '));
  return found;
}

function days(secret: SecretDescription, name: string, most: number): number {
  const text = secret.tags.get(name) ?? '';
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > most) {
    throw invalid(secret, name, `a whole number from 1 to ${most}`);
  }
  return value;
}

function invalid(secret: SecretDescription, name: string, expected: string): KeysError {
  return new KeysError(
    'TAG_INVALID',
    `Tag ${name} of secret ${secret.name} is missing or invalid: expected ${expected}. Put it back with aws secretsmanager tag-resource --secret-id ${secret.name}: a deploy without changes doesn't.`,
  );
}
