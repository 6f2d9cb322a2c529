import type { KeyFacts, VersionFacts } from '../key-facts.ts';
import { documentOf } from '../key-state.ts';
import { isOutcast, isReaders } from '../labels.ts';
import { awaitingIn } from '../lifecycle/notes.ts';
import { isMarked, leakedDocument, type Subject } from './subject.ts';

/** Versions that hold the key that leaked, the current one first: somebody put its value again by hand. */
export function versionsOf(facts: KeyFacts, subject: Subject): readonly VersionFacts[] {
  const fingerprint = leakedDocument(facts, subject)?.value.fingerprint;
  const holding = facts.versions.filter(
    (version) =>
      fingerprint !== undefined && documentOf(version)?.value.fingerprint === fingerprint,
  );
  return holding.sort((one, other) => Number(isCurrent(other)) - Number(isCurrent(one)));
}

/** Whichever version was named, it is the current one that has to be replaced. */
export function replaceable(facts: KeyFacts, subject: Subject): Subject {
  const [first] = versionsOf(facts, subject);
  return first && isCurrent(first) ? { in: 'vault', version: first } : subject;
}

export function copiesOf(facts: KeyFacts, subject: Subject): readonly VersionFacts[] {
  const others = versionsOf(facts, subject);
  return subject.in === 'vault'
    ? others.filter(({ versionId }) => versionId !== subject.version.versionId)
    : others;
}

/** Marked, out of readers' reach, and its end is being proved. */
export const isOutOfReach = ({ secret }: KeyFacts, version: VersionFacts) =>
  isMarked(version) &&
  isOutcast(version.labels) &&
  !version.labels.some(isReaders) &&
  awaitingIn(secret.tags, version.versionId)?.revoked === true;

const isCurrent = ({ labels }: VersionFacts) => labels.includes('AWSCURRENT');
