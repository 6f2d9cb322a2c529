import { KeysError } from './errors.ts';
import { labelsOf, type SecretDescription } from './versions.ts';

export const STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type Step = (typeof STEPS)[number];

/** What Secrets Manager sends for each step of a rotation. */
export interface RotationEvent {
  readonly step: Step;
  /** ARN of the secret. */
  readonly secretId: string;
  /** ClientRequestToken: id of the version being made. */
  readonly token: string;
}

/** `promoted`: the token is AWSCURRENT already, a retry after finishSecret moved the label. */
export type Progress = 'pending' | 'promoted';

/**
 * Only Secrets Manager's own rotation may drive the function: whoever invokes it by hand has no
 * token that is AWSPENDING or AWSCURRENT, or gets no further than a repeat of what was done. A
 * rotation's own version has no other label beside AWSPENDING: with one it was something before.
 * @throws KeysError ROTATION_NOT_ENABLED, TOKEN_UNKNOWN, TOKEN_NOT_PENDING
 */
export function progressOf(event: RotationEvent, secret: SecretDescription): Progress {
  const fields = { versionId: event.token };
  if (!secret.rotationEnabled) {
    throw new KeysError(
      'ROTATION_NOT_ENABLED',
      `Secret ${secret.name} has no rotation switched on; nothing was changed. Switch it on with aws secretsmanager rotate-secret and its rotation rules: a deploy without changes puts nothing back.`,
      fields,
    );
  }
  const labels = labelsOf(secret, event.token);
  if (labels.includes('AWSCURRENT')) return 'promoted';
  const others = labels.filter((label) => label !== 'AWSPENDING');
  if (labels.length > 0 && others.length === 0) return 'pending';
  if (labels.length === 0) {
    throw new KeysError(
      'TOKEN_UNKNOWN',
      `Secret ${secret.name} has no version ${event.token}; nothing was changed. Rotations are started by RotateSecret only: npx keyctl rotate.`,
      fields,
    );
  }
  throw new KeysError(
    'TOKEN_NOT_PENDING',
    `Version ${event.token} of secret ${secret.name} has the labels ${labels.join(', ')}, where that of a running rotation has AWSPENDING alone: this rotation was abandoned or replaced, or the label was put by hand. Nothing was changed. Look at npx keyctl status.`,
    fields,
  );
}
