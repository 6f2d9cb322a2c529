import { refuseCandidate } from './candidate.ts';
import { KeysError } from './errors.ts';
import { type Incumbent, incumbentOf } from './incumbent.ts';
import type { KeyDocument } from './key-document.ts';
import type { KeyFacts, VersionFacts } from './key-facts.ts';
import { isOutcast } from './labels.ts';
import type { StagedKey } from './ports.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const currentOf = ({ versions }: KeyFacts): VersionFacts | undefined =>
  versions.find(({ labels }) => labels.includes('AWSCURRENT'));

/** The version of a rotation that runs, or was left over. */
export const pendingOf = ({ versions }: KeyFacts): VersionFacts | undefined =>
  versions.find(({ labels }) => labels.includes('AWSPENDING') && !labels.includes('AWSCURRENT'));

/** The version's key, if it could be read and is one. */
export function documentOf(version: VersionFacts | undefined): KeyDocument | undefined {
  const reading = version?.reading;
  if (!reading || reading instanceof KeysError || reading.content !== 'key') return undefined;
  return reading.document;
}

/** When the current key's version was made; a placeholder has no such time. */
export function promotedAt(facts: KeyFacts): Date | undefined {
  const current = currentOf(facts);
  if (!documentOf(current)) return undefined;
  const reading = current?.reading;
  return reading instanceof KeysError ? undefined : reading?.createdAt;
}

/** When the next rotation is due. Counted by ourselves: NextRotationDate moves on after a failure. */
export function dueAt(facts: KeyFacts): Date | undefined {
  const promoted = promotedAt(facts);
  return promoted && new Date(promoted.getTime() + facts.managed.rotateEveryDays * DAY);
}

/** Since when a key is awaited that was never there: the placeholder's time. */
export function awaitedSince(facts: KeyFacts): Date | undefined {
  const reading = currentOf(facts)?.reading;
  if (!reading || reading instanceof KeysError || reading.content !== 'placeholder')
    return undefined;
  return (incumbentIn(facts)?.held ?? []).length === 0 ? reading.createdAt : undefined;
}

/** What a staged key is measured against; undefined while the current value can't be read. */
export function incumbentIn(facts: KeyFacts): Incumbent | undefined {
  const current = currentOf(facts);
  const previous = facts.versions.find(({ labels }) => labels.includes('AWSPREVIOUS'))?.reading;
  if (!current || current.reading instanceof KeysError) return undefined;
  const pushedAside = previous instanceof KeysError ? undefined : previous;
  const outcast = facts.versions
    .filter(({ labels }) => isOutcast(labels))
    .flatMap(({ reading }) => (reading instanceof KeysError ? [] : [reading]));
  return incumbentOf(facts.secret, current.versionId, current.reading, pushedAside, outcast);
}

/** Why a rotation would not take this staged key, as far as can be told without asking Amplitude. */
export function refusalOf(facts: KeyFacts, staged: StagedKey): KeysError | undefined {
  const incumbent = incumbentIn(facts);
  if (!incumbent) return undefined;
  try {
    refuseCandidate(facts.managed, staged, incumbent);
    return undefined;
  } catch (error) {
    if (error instanceof KeysError) return error;
    throw error;
  }
}

/** Why current or staged key couldn't be read, most of all a disabled CMK: then nothing is healed. */
export const faultOf = (facts: KeyFacts): KeysError | undefined =>
  [currentOf(facts)?.reading, facts.staged].find((one) => one instanceof KeysError);
