import type { KeyIdentity, VersionChoice } from '../../payloads.ts';
import { KeysError } from '../errors.ts';
import type { KeyDocument } from '../key-document.ts';
import type { KeyFacts, VersionFacts } from '../key-facts.ts';
import { currentOf, documentOf, HOUR, promotedAt } from '../key-state.ts';
import { isAwaitingRevocation, isOutcast, parseCompromised } from '../labels.ts';
import { awaitingIn, type Mark, markIn, note } from '../lifecycle/notes.ts';
import type { ManagedKey } from '../managed-key.ts';
import type { StagedKey } from '../ports.ts';
import { digestOf } from '../secret-value.ts';
import { stateOf } from '../versions.ts';

/** What leaked: a version of the secret, or a key that only waits to be promoted. */
export type Subject =
  | { readonly in: 'vault'; readonly version: VersionFacts }
  | { readonly in: 'stage'; readonly staged: StagedKey };

/** A second `revoke` so soon means the same leak, not the key that has just replaced it. */
const SAME_LEAK = 24 * HOUR;

/** By which Lambda's and Secrets Manager's clocks may differ. */
const SKEW = 60_000;

/**
 * @throws KeysError VERSION_UNKNOWN naming what there is or that it holds no key, SEVERAL_KEYS_STAGED
 */
export function subjectOf(facts: KeyFacts, choice: VersionChoice, now: Date): Subject {
  const found = find(facts, choice, now);
  if (found) return requireAKey(facts, found);
  const { environment, name } = facts.managed;
  const ids = facts.versions.map(({ versionId, labels }) => `${versionId} (${stateOf(labels)})`);
  throw new KeysError(
    'VERSION_UNKNOWN',
    `Key ${environment}/${name} has no version "${choice}"; nothing was changed. There are: current, previous, staged, ${ids.join(', ') || 'no version'}.`,
    { environment, key: name },
  );
}

/**
 * An empty AWSPENDING or a placeholder would await its revocation for ever: Amplitude can't be asked
 * about it. What can't be read now may hold a key.
 */
function requireAKey({ managed: { environment, name } }: KeyFacts, subject: Subject): Subject {
  const reading = subject.in === 'vault' ? subject.version.reading : undefined;
  const content = reading && 'content' in reading ? reading.content : undefined;
  if (subject.in === 'stage' || (content !== 'empty' && content !== 'placeholder')) return subject;
  const { versionId } = subject.version;
  const what = content === 'empty' ? 'has no value' : 'is a placeholder';
  throw new KeysError(
    'VERSION_UNKNOWN',
    `Version ${versionId} of ${environment}/${name} ${what}, so no key of it can have leaked; nothing was changed. A key that is staged: --version staged. See npx keyctl status --env ${environment} --key ${name}`,
    { environment, key: name, versionId },
  );
}

function find(facts: KeyFacts, choice: VersionChoice, now: Date): Subject | undefined {
  if (choice === 'staged') return stagedSubject(facts);
  const version = versionOf(facts, choice, now);
  return version && { in: 'vault', version };
}

function versionOf(facts: KeyFacts, choice: VersionChoice, now: Date): VersionFacts | undefined {
  const { versions } = facts;
  if (choice === 'current') return recentLeak(facts, now) ?? currentOf(facts);
  if (choice === 'previous') return versions.find(({ labels }) => labels.includes('AWSPREVIOUS'));
  return versions.find(({ versionId }) => versionId === choice);
}

/**
 * What was current when it was declared compromised a short time ago, replaced meanwhile or not.
 * @throws KeysError VERSION_UNKNOWN when it is gone: the key that replaced it isn't meant
 */
function recentLeak(facts: KeyFacts, now: Date): VersionFacts | undefined {
  const current = currentOf(facts);
  if (current && isMarked(current)) return current;
  const noted = markIn(facts.secret.tags, note.leak);
  if (noted && now.getTime() - noted.at.getTime() < SAME_LEAK && noted.id !== current?.versionId) {
    const version = facts.versions.find(({ versionId }) => versionId === noted.id);
    if (!version) throw retiredAlready(facts, noted);
    if (isMarked(version)) return version;
  }
  return facts.versions.find((version) => isMarked(version) && isJustReplaced(facts, version, now));
}

/** Without a note yet: a revocation that died left it behind. */
function isJustReplaced(facts: KeyFacts, { versionId, labels }: VersionFacts, now: Date): boolean {
  const at =
    labels
      .map(parseCompromised)
      .find((time) => time !== undefined)
      ?.getTime() ?? 0;
  const replaced = documentOf(currentOf(facts))?.replaces?.versionId;
  const since = promotedAt(facts)?.getTime() ?? now.getTime();
  // A current value put by hand doesn't tell what it replaces
  const follows = replaced ? versionId === replaced : labels.includes('AWSPREVIOUS');
  return follows && now.getTime() - since < SAME_LEAK && at <= since + SKEW;
}

function retiredAlready(facts: KeyFacts, { at }: Mark): KeysError {
  const { environment, name } = facts.managed;
  const current = currentOf(facts)?.versionId;
  return new KeysError(
    'VERSION_UNKNOWN',
    `The key of ${environment}/${name} that was declared compromised at ${at.toISOString()} is retired already; nothing was changed. If the current key is meant, name it: --version ${current}`,
    { environment, key: name },
  );
}

/** A version may hold it already: a rotation's, or that of a revocation that died. */
function stagedSubject({ managed, staged, versions }: KeyFacts): Subject | undefined {
  if (staged instanceof KeysError) throw staged;
  const [only, ...others] = staged;
  if (!only) return undefined;
  if (others.length > 0) throw severalStaged(managed, staged);
  const version = versions.find(
    (one) => documentOf(one)?.value.fingerprint === only.value.fingerprint,
  );
  return version ? { in: 'vault', version } : { in: 'stage', staged: only };
}

function severalStaged({ environment, name }: ManagedKey, staged: readonly StagedKey[]): KeysError {
  const ids = staged.map(({ id }) => id).join(', ');
  return new KeysError(
    'SEVERAL_KEYS_STAGED',
    `${staged.length} keys are staged for ${environment}/${name} (${ids}), and which one leaked isn't said; nothing was changed. Take back the others, then repeat: npx keyctl unstage --env ${environment} --key ${name} --fingerprint <one>`,
    { environment, key: name },
  );
}

export function leakedDocument(facts: KeyFacts, subject: Subject): KeyDocument | undefined {
  if (subject.in === 'vault') return documentOf(subject.version);
  const { value, name } = subject.staged;
  return { kind: facts.managed.kind, value, ...(name ? { name } : {}), held: [] };
}

/** Compromised, out of readers' reach, and its Revoke asked for: nothing is left to be done here. */
export function isRevokedAlready({ secret }: KeyFacts, subject: Subject): boolean {
  if (subject.in === 'stage') return false;
  const { labels, versionId } = subject.version;
  const ours = labels.filter((label) => !isOutcast([label]));
  return (
    labels.some(isAwaitingRevocation) &&
    isMarked(subject.version) &&
    ours.length === 0 &&
    awaitingIn(secret.tags, versionId)?.revoked === true
  );
}

/** Declared compromised already. */
export const isMarked = ({ labels }: Pick<VersionFacts, 'labels'>) =>
  labels.some((label) => parseCompromised(label) !== undefined);

export function identityOf(
  document: Pick<KeyDocument, 'value' | 'name'> | undefined,
  versionId?: string,
): KeyIdentity {
  return {
    ...(versionId ? { versionId } : {}),
    ...(document ? { fingerprint: document.value.fingerprint } : {}),
    ...(document?.name ? { name: document.name } : {}),
  };
}

/** The token of a leaked staged key's version, and of the version that replaces a leaked key. */
export const tokenOf = (...words: readonly string[]) => digestOf(words.join(' '));

export const leakedVersionId = (subject: Subject) =>
  subject.in === 'vault' ? subject.version.versionId : tokenOf(subject.staged.value.fingerprint);
