import { tag } from '../../contract.ts';
import { KeysError } from '../errors.ts';
import type { KeyDocument } from '../key-document.ts';
import type { KeyFacts, VersionFacts } from '../key-facts.ts';
import { currentOf, DAY, documentOf, HOUR } from '../key-state.ts';
import {
  awaitingRevocationLabel,
  isAwaitingRevocation,
  isCompromised,
  isOutcast,
  isReaders,
  MAX_LABELS,
  parseCompromised,
} from '../labels.ts';
import type { LabelMove } from '../ports.ts';
import { explain, type Verdict } from '../verdict.ts';
import { type Action, moves, plan, type SweepPlan, together } from './action.ts';
import { markCopies } from './copies.ts';
import { AWAITING, type AwaitingNote, awaitingIn, formatAwaiting, note } from './notes.ts';
import { retiredNotice, revokeNotice, stillAcceptedNotice } from './notices.ts';
import { isBeyondRetention } from './retention.ts';
import type { Sighting } from './sighting.ts';
import { transitionOf } from './transition.ts';

/** Amplitude says that a revoked key may work that long; only then is a rejection final. */
const REJECTED_FOR = 6 * HOUR;
/** Days after which a key that Amplitude still accepts is spoken of again. */
const ESCALATE_AFTER_DAYS = [7, 3, 1];

/**
 * From the end of its retention until Amplitude has rejected it for six hours. Under a lockdown none
 * begins, but what was begun goes on.
 */
export function planRetirement(sighting: Sighting): SweepPlan {
  const { secret } = sighting.facts;
  const locked = secret.tags.get(tag.lockdown) === 'on';
  const { marking, versions } = markCopies(sighting);
  const over = versions.filter(
    (version) => isBeyondRetention(sighting, version) && (!locked || isOutcast(version.labels)),
  );
  return together([
    marking,
    ...over.map((version) => retire(sighting, version)),
    plan({ actions: forgetOrphans(sighting) }),
  ]);
}

/** One that can't be read now is left to the next sweep; if it leaked, consumers must not read it either. */
function retire(sighting: Sighting, version: VersionFacts): SweepPlan {
  if (version.reading instanceof KeysError) {
    return version.labels.some(isCompromised) ? takeFromReaders(sighting, version) : plan();
  }
  const { facts, now } = sighting;
  const known = awaitingIn(facts.secret.tags, version.versionId);
  const before = known ?? { since: now, asked: false, told: 0 };
  const outOfReach = takeFromReaders(sighting, version);
  const document = documentOf(version);
  if (!document) return outOfReach;
  const verdict = verdictOf(sighting, document);
  const judged = rejection(before, verdict, now);
  if (verdict?.word === 'rejected' && isFinal(judged, now))
    return retired(sighting, version, document, judged, verdict);
  const { notices, after } = ask(sighting, version, document, judged, verdict);
  const { fingerprint } = document.value;
  const barred = version.labels.some(isCompromised) ? { ...after, fingerprint } : after;
  const told = keep(note.awaiting(version.versionId), facts.secret.tags, barred);
  return together([outOfReach, plan({ notices, told })]);
}

const labelCount = ({ facts }: Sighting) => facts.versions.flatMap(({ labels }) => labels).length;

/** The next label comes first, so that a crash in between leaves no version without one. */
function takeFromReaders(sighting: Sighting, { versionId, labels }: VersionFacts): SweepPlan {
  const leaked = labels.some(isCompromised);
  const off: LabelMove[] = labels
    .filter((label) => isReaders(label) || (leaked && label === 'AWSPENDING'))
    .map((label) => ({ label, from: versionId }));
  if (labels.some(isAwaitingRevocation)) return plan({ actions: moves(off) });
  const label = { label: awaitingRevocationLabel(versionId), to: versionId };
  const [first, ...others] = off;
  // With all labels used, one of two has to go before the next one can come
  const full = labelCount(sighting) >= MAX_LABELS && first !== undefined && others.length > 0;
  return plan({
    transitions: [transitionOf(sighting, 'awaiting-revocation', versionId)],
    actions: moves(full ? [first, label, ...others] : [label, ...off]),
  });
}

/**
 * A secret key is judged together with its API key, so its rejection may be the API key's fault:
 * it counts only if Amplitude accepts the current pair. What another region accepts isn't revoked.
 */
function verdictOf({ facts, verdicts }: Sighting, { kind, value }: KeyDocument) {
  const verdict = verdicts.get(value.fingerprint);
  if (verdict?.word !== 'rejected') return verdict;
  const doubtful = { ...verdict, word: 'unknown' as const };
  if (verdict.otherRegion?.word === 'accepted') return doubtful;
  if (kind !== 'secret') return verdict;
  const current = documentOf(currentOf(facts))?.value.fingerprint ?? '';
  return verdicts.get(current)?.word === 'accepted' ? verdict : doubtful;
}

/** Unknown changes nothing; accepted again begins anew. */
function rejection(before: AwaitingNote, verdict: Verdict | undefined, now: Date): AwaitingNote {
  const { rejectedSince, ...rest } = before;
  if (verdict?.word === 'accepted') return rest;
  if (verdict?.word !== 'rejected') return before;
  return { ...rest, rejectedSince: rejectedSince ?? now };
}

function isFinal({ rejectedSince }: AwaitingNote, now: Date): boolean {
  return rejectedSince !== undefined && now.getTime() - rejectedSince.getTime() >= REJECTED_FOR;
}

function ask(
  sighting: Sighting,
  version: VersionFacts,
  document: KeyDocument,
  judged: AwaitingNote,
  verdict: Verdict | undefined,
) {
  if (!judged.asked) {
    const revoked = judged.rejectedSince !== undefined;
    const notices = revoked ? [] : [revokeNotice(sighting, version, document, verdict)];
    return { notices, after: { ...judged, asked: !revoked } };
  }
  const days = (sighting.now.getTime() - judged.since.getTime()) / DAY;
  const level = ESCALATE_AFTER_DAYS.find((each) => days >= each) ?? 0;
  if (verdict?.word !== 'accepted' || level <= judged.told) return { notices: [], after: judged };
  const notices = [stillAcceptedNotice(sighting, document, level, verdict)];
  return { notices, after: { ...judged, told: level } };
}

function keep(tag: string, tags: ReadonlyMap<string, string>, after: AwaitingNote): Action[] {
  const value = formatAwaiting(after);
  return tags.get(tag) === value ? [] : [{ do: 'remember', tag, value }];
}

/** Without its label the version is gone from sight; that comes last. */
function retired(
  sighting: Sighting,
  { versionId, labels }: VersionFacts,
  document: KeyDocument,
  { since, rejectedSince = sighting.now }: AwaitingNote,
  verdict: Verdict,
): SweepPlan {
  const { endpoint, httpStatus } = explain(verdict);
  const declared = labels.map(parseCompromised).find((time) => time !== undefined);
  const leaked = declared ? `declared compromised at ${declared.toISOString()}; ` : '';
  const detail = `${leaked}rejected by ${endpoint} (HTTP ${httpStatus}) at every check since ${rejectedSince.toISOString()}; awaited since ${since.toISOString()}`;
  const ours = labels.filter(
    (label) => isAwaitingRevocation(label) || isCompromised(label) || isReaders(label),
  );
  return plan({
    notices: [retiredNotice(sighting, { labels }, document, rejectedSince, verdict)],
    transitions: [transitionOf(sighting, 'retired', versionId, { detail })],
    actions: [
      ...moves(ours.map((label) => ({ label, from: versionId }))),
      { do: 'forget', tag: note.awaiting(versionId) },
    ],
  });
}

/**
 * Left by a crash between a label's end and its note's, or by a rotation that retained a key anew
 * whose end had begun; one of a key that is still staged bars it.
 */
function forgetOrphans(sighting: Sighting): Action[] {
  const { facts } = sighting;
  const { tags } = facts.secret;
  const alive = facts.versions
    .filter((version) => isOutcast(version.labels) || isBeyondRetention(sighting, version))
    .map(({ versionId }) => note.awaiting(versionId));
  return [...tags.keys()]
    .filter((tag) => tag.startsWith(AWAITING) && !alive.includes(tag))
    .filter((tag) => !barsStaged(facts, awaitingIn(tags, tag.slice(AWAITING.length))))
    .map((tag) => ({ do: 'forget', tag }));
}

function barsStaged({ staged }: KeyFacts, noted: AwaitingNote | undefined): boolean {
  if (!noted?.fingerprint) return false;
  if (staged instanceof KeysError) return true;
  return staged.some(({ value }) => value.fingerprint === noted.fingerprint);
}
