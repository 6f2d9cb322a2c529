import { KeysError } from '../errors.ts';
import type { VersionFacts } from '../key-facts.ts';
import { currentOf, DAY, documentOf, dueAt, HOUR, pendingOf } from '../key-state.ts';
import { isAwaitingRevocation, isRetained, retainedUntilLabel } from '../labels.ts';
import { stateOf } from '../versions.ts';
import { moves, plan, type SweepPlan, together } from './action.ts';
import { formatMark, markIn, note, rollbackIn } from './notes.ts';
import { called, command, keyOf } from './notices.ts';
import { type Sighting, standbyOf } from './sighting.ts';
import { transitionOf } from './transition.ts';

/** A pending version is dead that long after it was first sighted. */
const DEAD_AFTER = { empty: HOUR, filled: 24 * HOUR } as const;

/** What was left over, put by hand or missed is put in order. */
export function planHealing(sighting: Sighting): SweepPlan {
  if (isRollingBack(sighting)) return clearPending(sighting);
  const { tags } = sighting.facts.secret;
  return together([
    plan(tags.has(note.rollback) ? { actions: [{ do: 'forget', tag: note.rollback }] } : {}),
    clearPending(sighting),
    removeStrayDeadline(sighting),
    adopt(sighting),
    startOverdue(sighting),
  ]);
}

/** One that died is taken up by whoever runs it again; until then its labels are its own. */
const isRollingBack = ({ facts, now }: Sighting) =>
  rollbackIn(facts.secret.tags, now) !== undefined;

function isDead({ facts, now }: Sighting, { versionId, reading }: VersionFacts): boolean {
  const mark = markIn(facts.secret.tags, note.pending);
  if (mark?.id !== versionId) return false;
  const empty = !(reading instanceof KeysError) && reading.content === 'empty';
  return now.getTime() - mark.at.getTime() > DEAD_AFTER[empty ? 'empty' : 'filled'];
}

function clearPending(sighting: Sighting): SweepPlan {
  const { facts, now } = sighting;
  const pending = pendingOf(facts);
  const mark = markIn(facts.secret.tags, note.pending);
  if (!pending) return plan(mark ? { actions: [{ do: 'forget', tag: note.pending }] } : {});
  if (mark?.id !== pending.versionId) {
    const value = formatMark({ id: pending.versionId, at: now });
    return plan({ actions: [{ do: 'remember', tag: note.pending, value }] });
  }
  if (!isDead(sighting, pending)) return plan();
  const key = keyOf(sighting);
  const document = documentOf(pending);
  const held = document ? `key ${called(document)}` : 'no value';
  const notice = {
    kind: 'healed' as const,
    subject: `A dead rotation of Amplitude key ${key} was cleared`,
    happened: `A rotation of ${key}, begun before ${mark.at.toISOString()}, never ended (AWSPENDING with ${held}); AWSPENDING is taken off now, and no key is promoted by that.`,
    todo: `See whether a key is staged and promote it: ${command(sighting, 'status')}`,
  };
  return plan({
    notices: [notice],
    transitions: [transitionOf(sighting, 'pending-cleared', pending.versionId)],
    actions: [
      ...moves([{ label: 'AWSPENDING', from: pending.versionId }]),
      { do: 'forget', tag: note.pending },
    ],
  });
}

const isOfReplaced = (label: string) => isRetained(label) || isAwaitingRevocation(label);

/**
 * A finishSecret that died before the move leaves a deadline on the current key, and somebody who
 * moved AWSCURRENT back leaves what the key had as a replaced one. On the current key it means
 * nothing, and once that is replaced again it would cut its retention short.
 */
function removeStrayDeadline(sighting: Sighting): SweepPlan {
  const current = currentOf(sighting.facts);
  const stray = current?.labels.filter(isOfReplaced) ?? [];
  if (!current || stray.length === 0 || pendingOf(sighting.facts)) return plan();
  const from = current.versionId;
  return plan({
    transitions: [transitionOf(sighting, 'deadline-removed', from, { detail: stray.join(', ') })],
    actions: [
      ...moves(stray.map((label) => ({ label, from }))),
      { do: 'forget', tag: note.awaiting(from) },
    ],
  });
}

/** What a value put by hand pushed aside has no deadline of its own, and would be lost next time. */
function adopt(sighting: Sighting): SweepPlan {
  const { facts, now } = sighting;
  const previous = facts.versions.find(({ labels }) => labels.includes('AWSPREVIOUS'));
  const document = documentOf(previous);
  if (!previous || !document || stateOf(previous.labels) !== 'previous') return plan();
  const until = new Date(now.getTime() + facts.managed.retainPreviousDays * DAY);
  const to = previous.versionId;
  const key = keyOf(sighting);
  const notice = {
    kind: 'adopted' as const,
    subject: `A replaced Amplitude key of ${key} was given its retention`,
    happened: `Key ${called(document)} of ${key} was replaced by hand, without a retention; it stays readable until ${until.toISOString()}.`,
    todo: "Don't revoke it at Amplitude before then. If nobody of yours put the current value, treat it as an incident.",
  };
  const detail = `readable until ${until.toISOString()}`;
  return plan({
    notices: [notice],
    transitions: [transitionOf(sighting, 'adopted', to, { detail })],
    actions: moves([{ label: retainedUntilLabel(until, to), to }]),
  });
}

/** Secrets Manager tries an overdue rotation again on another day; a late key needn't wait so long. */
function startOverdue(sighting: Sighting): SweepPlan {
  const { facts, now } = sighting;
  const due = dueAt(facts);
  const pending = pendingOf(facts);
  const free = !pending || isDead(sighting, pending);
  if (!due || due > now || !free || !facts.secret.rotationEnabled) return plan();
  const current = currentOf(facts)?.versionId ?? '';
  return standbyOf(sighting) ? plan({ actions: [{ do: 'rotate', current }] }) : plan();
}
