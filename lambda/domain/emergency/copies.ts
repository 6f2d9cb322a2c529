import type { KeyDocument } from '../key-document.ts';
import type { KeyFacts, VersionFacts } from '../key-facts.ts';
import { documentOf } from '../key-state.ts';
import { isOutcast, isReaders } from '../labels.ts';
import { awaitingIn, note } from '../lifecycle/notes.ts';
import { revocationLines } from './lines.ts';
import type { Occasion } from './occasion.ts';
import { awaitingNote, takeFromReaders } from './out-of-reach.ts';
import type { Step } from './step.ts';
import { isMarked, leakedDocument, type Subject } from './subject.ts';

/** Versions that hold the key that leaked, the current one first: somebody put its value again by hand. */
function versionsOf(facts: KeyFacts, subject: Subject): readonly VersionFacts[] {
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

/** By its note, which comes last, a second call knows that this one is done. */
export function takeCopyFromReaders(
  facts: KeyFacts,
  { versionId, labels }: VersionFacts,
  document: KeyDocument | undefined,
  occasion: Occasion,
): Step {
  const transitions = revocationLines(facts, document, versionId, undefined, occasion);
  const value = awaitingNote(document, occasion.now, true);
  return {
    what: `Take version ${versionId}, which holds the same key, out of its readers' reach`,
    acts: [
      ...takeFromReaders(versionId, labels, false),
      { do: 'record', transitions },
      { do: 'remember', tag: note.awaiting(versionId), value },
    ],
  };
}

/** Marked, out of readers' reach, and its end is being proved. */
export const isOutOfReach = ({ secret }: KeyFacts, version: VersionFacts) =>
  isMarked(version) &&
  isOutcast(version.labels) &&
  !version.labels.some(isReaders) &&
  awaitingIn(secret.tags, version.versionId)?.revoked === true;

const isCurrent = ({ labels }: VersionFacts) => labels.includes('AWSCURRENT');
