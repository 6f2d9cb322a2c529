import { KeysError } from '../errors.ts';
import type { KeyDocument } from '../key-document.ts';
import type { VersionFacts } from '../key-facts.ts';
import { currentOf, documentOf, incumbentIn } from '../key-state.ts';
import type { Transition } from '../transition.ts';
import { retainedUntilOf } from '../versions.ts';
import { plan, type SweepPlan, together } from './action.ts';
import { note } from './notes.ts';
import type { Sighting } from './sighting.ts';
import { transitionOf } from './transition.ts';

/** Neither verdicts nor surroundings matter to it. */
type Known = Pick<Sighting, 'facts' | 'now'>;

/** A tag's value has room for so many fingerprints; more than one is a mistake anyway. */
const MOST_STAGED = 19;

/**
 * Lines of the audit trail for what others did: operators who staged, rotations, values put by hand.
 * They are read from the vault itself, so that none is lost with a function that died.
 */
export function planRecord(sighting: Sighting): SweepPlan {
  return together([recordPromotions(sighting), recordStaged(sighting)]);
}

function recordPromotions(sighting: Known): SweepPlan {
  const current = currentOf(sighting.facts);
  const transitions = unrecordedPromotions(sighting);
  if (!current || transitions.length === 0) return plan();
  const actions = [{ do: 'remember' as const, tag: note.promoted, value: current.versionId }];
  return plan({ transitions, actions });
}

/**
 * Lines for what no sweep has seen yet. Whoever makes another key current and tells the sweep so
 * writes them down, or nobody does.
 */
export function unrecordedPromotions(sighting: Known): Transition[] {
  const { facts } = sighting;
  const current = currentOf(facts);
  const known = facts.secret.tags.get(note.promoted);
  if (!current || !documentOf(current) || known === current.versionId) return [];
  return promotedSince(sighting, current, known).flatMap((one) => promotionLines(sighting, one));
}

/** The current version and those it replaced, as far as they are still there; oldest first. */
function promotedSince({ facts }: Known, current: VersionFacts, known?: string): VersionFacts[] {
  const chain: VersionFacts[] = [];
  let next: VersionFacts | undefined = current;
  while (next && next.versionId !== known && !chain.includes(next)) {
    chain.unshift(next);
    const replaced: string | undefined = documentOf(next)?.replaces?.versionId;
    next = facts.versions.find(({ versionId }) => versionId === replaced);
  }
  return chain.filter((version) => documentOf(version) !== undefined);
}

function promotionLines(sighting: Known, { versionId, reading }: VersionFacts): Transition[] {
  const { now } = sighting;
  const created = reading instanceof KeysError ? undefined : reading.createdAt;
  const document = documentOf({ versionId, labels: [], reading });
  if (wasReplaced(sighting, document)) {
    const told = { by: 'hand' as const, detail: 'AWSCURRENT was moved back to it' };
    return [transitionOf(sighting, 'promoted', versionId, { at: now, ...told })];
  }
  const at = created ? { at: created } : {};
  const replaces = document?.replaces;
  const by = replaces ? ('rotation' as const) : ('hand' as const);
  const promoted = transitionOf(sighting, 'promoted', versionId, { ...at, by });
  const staged = stagedBefore(sighting, versionId, document, at);
  const replaced = sighting.facts.versions.find((one) => one.versionId === replaces?.versionId);
  const until = replaced && retainedUntilOf(replaced.labels);
  if (!replaced || !until) return [...staged, promoted];
  const detail = `readable until ${until.toISOString()}`;
  return [
    ...staged,
    promoted,
    transitionOf(sighting, 'retained', replaced.versionId, { ...at, by, detail }),
  ];
}

/** AWSCURRENT was moved back by hand, and no sweep has seen it yet. */
export function isMovedBack(known: Pick<Sighting, 'facts'>): boolean {
  const current = currentOf(known.facts);
  const recorded = known.facts.secret.tags.get(note.promoted);
  return recorded !== current?.versionId && wasReplaced(known, documentOf(current));
}

/** Some other version here replaced it, and yet it is current. */
function wasReplaced({ facts }: Pick<Known, 'facts'>, document: KeyDocument | undefined): boolean {
  const { fingerprint } = document?.value ?? {};
  return facts.versions.some((version) =>
    documentOf(version)?.held?.some((held) => held === fingerprint),
  );
}

/** A key that was staged and promoted between two sweeps was never seen staged. */
function stagedBefore(
  sighting: Known,
  versionId: string,
  document: KeyDocument | undefined,
  at: { readonly at?: Date },
): Transition[] {
  if (!document?.replaces || knownStaged(sighting).includes(document.value.fingerprint)) return [];
  const { versionId: _, ...line } = transitionOf(sighting, 'staged', versionId, {
    ...at,
    by: 'operator',
  });
  return [line];
}

const knownStaged = ({ facts }: Known) =>
  (facts.secret.tags.get(note.staged) ?? '').split(' ').filter(Boolean);

function recordStaged(sighting: Sighting): SweepPlan {
  const { facts, now } = sighting;
  if (facts.staged instanceof KeysError) return plan();
  const staged = new Map(facts.staged.map((key) => [key.value.fingerprint, key]));
  const present = [...staged.keys()].sort().slice(0, MOST_STAGED);
  const known = knownStaged(sighting);
  if (present.join(' ') === known.join(' ')) return plan();
  const { environment, name: key } = facts.managed;
  const line = { environment, key, by: 'operator' as const };
  const added = present.filter((id) => !known.includes(id));
  const gone = known.filter((id) => !staged.has(id) && !wasTaken(sighting, id));
  return plan({
    transitions: [
      ...added.map((id) => {
        const { name = '', stagedAt = now } = staged.get(id) ?? {};
        const at = stagedAt.toISOString();
        return { ...line, at, transition: 'staged' as const, fingerprint: id, name };
      }),
      ...gone.map((id) => {
        const at = now.toISOString();
        return { ...line, at, transition: 'unstaged' as const, fingerprint: id };
      }),
    ],
    actions: [{ do: 'remember', tag: note.staged, value: present.join(' ') }],
  });
}

/** Into the vault, by a rotation. */
function wasTaken({ facts }: Sighting, fingerprint: string): boolean {
  const inVault = facts.versions.map((version) => documentOf(version)?.value.fingerprint);
  return inVault.includes(fingerprint) || (incumbentIn(facts)?.held ?? []).includes(fingerprint);
}
