import type { KeyFacts } from '../key-facts.ts';
import { documentOf } from '../key-state.ts';
import { compromisedLabel } from '../labels.ts';
import { moves } from '../lifecycle/action.ts';
import { formatMark, markIn, note } from '../lifecycle/notes.ts';
import { copiesOf } from './copies.ts';
import { lineOf } from './lines.ts';
import type { Occasion } from './occasion.ts';
import { requireRoom, roomIn } from './room.ts';
import type { Act, Step } from './step.ts';
import { isMarked, type Subject } from './subject.ts';

/**
 * Needs neither KMS nor Amplitude, so it comes before all that may fail. Copies of the key that find no
 * room are marked by the sweep, once there is. @throws KeysError LABEL_LIMIT
 */
export function markLeaked(facts: KeyFacts, subject: Subject, { now }: Occasion): Step[] {
  if (subject.in === 'stage') return [];
  const unmarked = [subject.version, ...copiesOf(facts, subject)].filter((one) => !isMarked(one));
  if (unmarked.includes(subject.version)) requireRoom(facts, 1);
  const labels = unmarked.slice(0, roomIn(facts)).map(({ versionId }) => ({
    label: compromisedLabel(now, versionId),
    to: versionId,
  }));
  if (labels.length === 0) return [];
  return [{ what: 'Mark the leaked key as compromised', acts: moves(labels) }];
}

/** By this a later call knows which key was meant, whatever is current by then. */
export const leakNote = (id: string, at: Date) => ({
  do: 'remember' as const,
  tag: note.leak,
  value: formatMark({ id, at }),
});

/** While there is no next key the readers need the leaked one; that it leaked is on record. */
export function recordLeak(facts: KeyFacts, subject: Subject, occasion: Occasion): Step[] {
  if (subject.in === 'stage') return [];
  const { versionId } = subject.version;
  const known = markIn(facts.secret.tags, note.leak)?.id === versionId;
  const lines = [lineOf(facts, 'compromised', versionId, documentOf(subject.version), occasion)];
  const acts: Act[] = [
    { do: 'record', transitions: known ? [] : lines },
    leakNote(versionId, occasion.now),
  ];
  return [{ what: 'Write it down', acts }];
}
