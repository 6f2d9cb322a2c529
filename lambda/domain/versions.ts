import type { VersionState } from '../payloads.ts';
import { KeysError } from './errors.ts';
import { isAwaitingRevocation, isCompromised, isRetained, parseRetainedUntil } from './labels.ts';

/** One secret as DescribeSecret tells it. */
export interface SecretDescription {
  readonly arn: string;
  readonly name: string;
  readonly rotationEnabled: boolean;
  /** Staging labels by version id; a version without a label isn't listed. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  readonly tags: ReadonlyMap<string, string>;
  /** The rotation schedule: `rate(90 days)`. */
  readonly schedule?: string;
  readonly lastRotatedAt?: Date;
  readonly nextRotationAt?: Date;
  readonly lastChangedAt?: Date;
  /** When Secrets Manager is going to delete it. */
  readonly deletedAt?: Date;
}

/** Listed and described still, but no longer read. */
export function markedForDeletion(name: string, deletedAt: Date): KeysError {
  return new KeysError(
    'SECRET_MARKED_FOR_DELETION',
    `Secret ${name} is marked for deletion and is not looked after; Secrets Manager deletes it with all its versions after ${deletedAt.toISOString()}. If that isn't meant: aws secretsmanager restore-secret --secret-id ${name}`,
  );
}

/** CloudTrail names a secret as its caller did: by name, by ARN, or by ARN without the random end. */
export const namesOf = ({ arn, name }: Pick<SecretDescription, 'arn' | 'name'>) => [
  name,
  arn,
  arn.replace(/-[^-]{6}$/, ''),
];

/** The version that has a staging label; a label sits on one version at a time. */
export function versionWith(secret: SecretDescription, label: string): string | undefined {
  for (const [versionId, labels] of secret.versions) if (labels.includes(label)) return versionId;
  return undefined;
}

/** @throws KeysError CURRENT_MISSING */
export function requireCurrent(secret: SecretDescription): string {
  const versionId = versionWith(secret, 'AWSCURRENT');
  if (versionId) return versionId;
  throw new KeysError(
    'CURRENT_MISSING',
    `Secret ${secret.name} has no version labelled AWSCURRENT, so there is nothing to replace. Put a value, then rotate again.`,
  );
}

export function labelsOf(secret: SecretDescription, versionId: string): readonly string[] {
  return secret.versions.get(versionId) ?? [];
}

/**
 * Where in its life a version is. AWSCURRENT comes first: a finishSecret that died before the move
 * leaves RETAINED-UNTIL on the current version, and nothing may act on that.
 */
export function stateOf(labels: readonly string[]): VersionState {
  if (labels.includes('AWSCURRENT')) return 'current';
  if (labels.some(isCompromised)) return 'compromised';
  if (labels.includes('AWSPENDING')) return 'pending';
  if (labels.some(isAwaitingRevocation)) return 'awaiting-revocation';
  if (labels.some(isRetained)) return 'retained';
  return labels.includes('AWSPREVIOUS') ? 'previous' : 'foreign';
}

/** The latest deadline among the labels. */
export function retainedUntilOf(labels: readonly string[]): Date | undefined {
  const times = labels.map(parseRetainedUntil).filter((time) => time !== undefined);
  return times.sort((a, b) => b.getTime() - a.getTime())[0];
}
