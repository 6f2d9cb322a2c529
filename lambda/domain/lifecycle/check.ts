import { KeysError } from '../errors.ts';
import type { KeyDocument } from '../key-document.ts';
import type { KeyFacts } from '../key-facts.ts';
import { currentOf, documentOf, HOUR, refusalOf } from '../key-state.ts';
import type { SecretValue } from '../secret-value.ts';
import { plan, type SweepPlan } from './action.ts';
import { formatLastCheck, type LastCheck, lastCheckIn, note } from './notes.ts';
import { isBeyondRetention } from './retention.ts';
import type { Sighting } from './sighting.ts';

/** The current key is asked about once a day, by sweeps an hour apart. */
const DAILY = 23.5 * HOUR;

/**
 * Whom a sweep asks Amplitude about: what awaits its revocation and the staged key every time, the
 * current key once a day, and every time while it isn't accepted.
 */
export function questionsOf(
  facts: KeyFacts,
  known: Pick<Sighting, 'now' | 'standings'>,
): SecretValue[] {
  const awaiting = facts.versions
    .filter((version) => isBeyondRetention({ ...known, facts }, version))
    .flatMap((version) => documentOf(version) ?? []);
  const current = documentOf(currentOf(facts));
  const paired = awaiting.some(({ kind }) => kind === 'secret');
  const asked = current && (paired || isCheckDue(facts, current, known.now)) ? [current.value] : [];
  return [...awaiting.map(({ value }) => value), ...stagedIn(facts), ...asked];
}

function stagedIn(facts: KeyFacts): SecretValue[] {
  if (facts.staged instanceof KeysError) return [];
  return facts.staged.filter((key) => !refusalOf(facts, key)).map(({ value }) => value);
}

function isCheckDue({ secret }: KeyFacts, { value }: KeyDocument, now: Date): boolean {
  const last = lastCheckIn(secret.tags);
  if (last?.id !== value.fingerprint || last.word !== 'accepted') return true;
  return now.getTime() - last.at.getTime() >= DAILY;
}

/** What Amplitude said of the current key, now or at the last check that gave an answer. */
export function currentCheck({ facts, verdicts, now }: Sighting): LastCheck | undefined {
  const current = documentOf(currentOf(facts));
  if (!current) return undefined;
  const { fingerprint: id } = current.value;
  const word = verdicts.get(id)?.word;
  if (word === 'accepted' || word === 'rejected') return { id, at: now, word };
  const last = lastCheckIn(facts.secret.tags);
  return last?.id === id ? last : undefined;
}

/** Remembers what Amplitude said, for the days on which it isn't asked. */
export function planCheck(sighting: Sighting): SweepPlan {
  const check = currentCheck(sighting);
  const value = check && formatLastCheck(check);
  if (!value || sighting.facts.secret.tags.get(note.checked) === value) return plan();
  return plan({ actions: [{ do: 'remember', tag: note.checked, value }] });
}
