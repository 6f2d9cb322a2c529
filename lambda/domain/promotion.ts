import { KeysError } from './errors.ts';
import type { KeyDocument } from './key-document.ts';
import {
  isAwaitingRevocation,
  isCompromised,
  isRetained,
  MAX_LABELS,
  retainedUntilLabel,
} from './labels.ts';
import type { ManagedKey } from './managed-key.ts';
import type { LabelMove } from './ports.ts';
import {
  labelsOf,
  requireCurrent,
  retainedUntilOf,
  type SecretDescription,
  versionWith,
} from './versions.ts';

const DAY = 86_400_000;
/**
 * Besides AWSPENDING, which is about to come off: a sweep and a revocation label a version before
 * they take another label off.
 */
const KEPT_FREE = 2;

export interface PromotionPlan {
  /** In this order; each is safe to repeat. */
  readonly moves: readonly LabelMove[];
  /** The replaced key's version; absent when a placeholder or a compromised key was replaced. */
  readonly retained?: string;
  readonly retainedUntil: Date;
}

/**
 * Retain the current version, make `token` AWSCURRENT, take AWSPENDING off. Retention labels are
 * attached before the move, so a crash between the two never leaves a replaced key without one.
 * @throws KeysError CURRENT_MISSING, CURRENT_CHANGED, VALUE_MALFORMED, LABEL_LIMIT
 */
export function planPromotion(
  managed: ManagedKey,
  secret: SecretDescription,
  token: string,
  document: KeyDocument,
  now: Date,
  /** The key's version that would lose its last label, AWSPREVIOUS, to the move. */
  pushedOff?: string,
): PromotionPlan {
  const current = requireCurrent(secret);
  const previous = versionWith(secret, 'AWSPREVIOUS');
  const retainedUntil = new Date(now.getTime() + managed.retainPreviousDays * DAY);
  const moves: LabelMove[] = [];
  const replaced = current === token ? previous : current;
  const retained =
    replaced && replacesKey(document) && !isLeaked(secret, replaced) ? replaced : undefined;

  if (current !== token) {
    refuseOtherCurrent(managed, token, current, document);
    if (retained) moves.push(...renewRetention(secret, retained, retainedUntil));
    if (pushedOff) moves.push(...ensureRetention(secret, pushedOff, retainedUntil));
    moves.push({ label: 'AWSCURRENT', to: token, from: current });
  } else if (retained) {
    moves.push(...ensureRetention(secret, retained, retainedUntil));
  }
  if (labelsOf(secret, token).includes('AWSPENDING'))
    moves.push({ label: 'AWSPENDING', from: token });
  refuseBeyondLimit(managed, secret, moves);
  const deadline = (retained && current === token && deadlineOf(secret, retained)) || retainedUntil;
  return { moves, retainedUntil: deadline, ...(retained ? { retained } : {}) };
}

const deadlineOf = (secret: SecretDescription, versionId: string) =>
  retainedUntilOf(labelsOf(secret, versionId));

const replacesKey = (document: KeyDocument) => document.replaces?.content !== 'placeholder';

/** A compromised key gets no retention. */
const isLeaked = (secret: SecretDescription, versionId: string) =>
  labelsOf(secret, versionId).some(isCompromised);

/**
 * The move takes AWSPREVIOUS away from the version before the current one. If that one holds a key
 * (one put by hand pushed it there, or AWSCURRENT was moved back by hand), it would be lost without
 * a label of its own. Undefined when nothing would be.
 */
export function pushedOffBy(secret: SecretDescription, token: string): string | undefined {
  const previous = versionWith(secret, 'AWSPREVIOUS');
  if (!previous || previous === token || versionWith(secret, 'AWSCURRENT') === token)
    return undefined;
  return labelsOf(secret, previous).some(isSettled) ? undefined : previous;
}

/**
 * A finishSecret that died before the move left an earlier deadline, which would be too short; so
 * would be what a key had that was made current again.
 */
function renewRetention(secret: SecretDescription, versionId: string, until: Date): LabelMove[] {
  const label = retainedUntilLabel(until, versionId);
  const labels = labelsOf(secret, versionId);
  const outdated = labels.filter(
    (other) => (isRetained(other) || isAwaitingRevocation(other)) && other !== label,
  );
  return [
    ...(labels.includes(label) ? [] : [{ label, to: versionId }]),
    ...outdated.map((other) => ({ label: other, from: versionId })),
  ];
}

/** A deadline that runs already stays as it is. */
export function ensureRetention(
  secret: SecretDescription,
  versionId: string,
  until: Date,
): LabelMove[] {
  if (labelsOf(secret, versionId).some(isSettled)) return [];
  return [{ label: retainedUntilLabel(until, versionId), to: versionId }];
}

const isSettled = (label: string) =>
  isRetained(label) || isAwaitingRevocation(label) || isCompromised(label);

/** Only createSecret writes what a version replaces, and it has had the key judged. */
function refuseOtherCurrent(
  managed: ManagedKey,
  token: string,
  current: string,
  document: KeyDocument,
) {
  if (document.replaces?.versionId === current) return;
  if (document.replaces === undefined) {
    throw new KeysError(
      'VALUE_MALFORMED',
      `The pending version of ${managed.environment}/${managed.name} was written by no rotation, so nobody judged its key; nothing was promoted. Take AWSPENDING off it, stage a key and rotate: npx keyctl stage --env ${managed.environment} --key ${managed.name}`,
      { environment: managed.environment, key: managed.name, versionId: token },
    );
  }
  throw new KeysError(
    'CURRENT_CHANGED',
    `The current key of ${managed.environment}/${managed.name} changed while this rotation ran (now version ${current}); nothing was promoted. Start another rotation: npx keyctl rotate --env ${managed.environment} --key ${managed.name}`,
    { environment: managed.environment, key: managed.name, versionId: current },
  );
}

function refuseBeyondLimit(
  managed: ManagedKey,
  secret: SecretDescription,
  moves: readonly LabelMove[],
) {
  const attached = [...secret.versions.values()].flat().length;
  const added = moves.filter(({ from }) => from === undefined).length;
  if (added === 0 || attached + added <= MAX_LABELS - KEPT_FREE) return;
  throw new KeysError(
    'LABEL_LIMIT',
    `Secret ${secret.name} has ${attached} staging labels of ${MAX_LABELS}, no room to retain the replaced key; nothing was promoted. Revoke the keys that await it at Amplitude, or take foreign labels off.`,
    { environment: managed.environment, key: managed.name },
  );
}
