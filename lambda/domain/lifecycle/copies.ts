import type { VersionFacts } from '../key-facts.ts';
import { documentOf } from '../key-state.ts';
import { compromisedLabel, isCompromised, MAX_LABELS } from '../labels.ts';
import { moves, plan, type SweepPlan, together } from './action.ts';
import type { Sighting } from './sighting.ts';
import { transitionOf } from './transition.ts';

interface Marked {
  readonly marking: SweepPlan;
  /** As they are once it is carried out. */
  readonly versions: readonly VersionFacts[];
}

/**
 * What leaked is a key, not a version: its value may have been put again by hand, or in a version
 * that nobody could read when the leak was declared. Each of them is compromised.
 */
export function markCopies(sighting: Sighting): Marked {
  const { facts, now } = sighting;
  const used = facts.versions.flatMap(({ labels }) => labels).length;
  const leaked = facts.versions.filter(({ labels }) => labels.some(isCompromised));
  const fingerprints = leaked.map(fingerprintOf);
  const copies = facts.versions
    .filter((version) => !leaked.includes(version) && isIn(fingerprints, fingerprintOf(version)))
    .slice(0, MAX_LABELS - used);
  const labelOf = ({ versionId }: VersionFacts) => compromisedLabel(now, versionId);
  return {
    marking: together(
      copies.map((copy) =>
        plan({
          transitions: [transitionOf(sighting, 'compromised', copy.versionId, { detail: DETAIL })],
          actions: moves([{ label: labelOf(copy), to: copy.versionId }]),
        }),
      ),
    ),
    versions: facts.versions.map((version) =>
      copies.includes(version)
        ? { ...version, labels: [...version.labels, labelOf(version)] }
        : version,
    ),
  };
}

const DETAIL = 'it holds a key that was declared compromised';

const fingerprintOf = (version: VersionFacts) => documentOf(version)?.value.fingerprint;

const isIn = (all: readonly (string | undefined)[], one: string | undefined) =>
  one !== undefined && all.includes(one);
