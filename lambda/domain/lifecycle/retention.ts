import { serviceName, servicesOf } from '../hand-over/services.ts';
import { stragglersIn } from '../hand-over/standing.ts';
import type { VersionFacts } from '../key-facts.ts';
import { currentOf, documentOf } from '../key-state.ts';
import { isOutcast } from '../labels.ts';
import { retainedUntilOf, stateOf } from '../versions.ts';
import { awaitingIn } from './notes.ts';
import type { Sighting } from './sighting.ts';

type Known = Pick<Sighting, 'facts' | 'now' | 'standings'>;

/**
 * Over, and no longer to be read by consumers: asked about at every sweep. So is a compromised key
 * that a rotation replaced, or a revocation that died.
 */
export function isBeyondRetention(known: Known, version: VersionFacts): boolean {
  if (stateOf(version.labels) === 'current') return false;
  if (isOutcast(version.labels)) return true;
  return isPastDeadline(known, version) && stragglersOf(known).length === 0;
}

/** Over, but for an ECS service that may still run with the key. */
export const isPutOff = (known: Known, version: VersionFacts): boolean =>
  isPastDeadline(known, version) && stragglersOf(known).length > 0;

/** Where the current value is no key, whatever runs has a replaced one, and ECS was not asked. */
export function stragglersOf({ facts, now, standings }: Known): readonly string[] {
  if (documentOf(currentOf(facts))) return stragglersIn(standings);
  return servicesOf(facts.managed, now).map(serviceName);
}

function isPastDeadline({ now }: Known, { labels }: VersionFacts): boolean {
  const until = retainedUntilOf(labels);
  return stateOf(labels) === 'retained' && until !== undefined && until <= now;
}

/** Whoever is asked to press Revoke also wants to know who still reads the key. */
export function isToBeAsked(known: Known): boolean {
  const { facts } = known;
  return facts.versions.some(
    (version) =>
      isBeyondRetention(known, version) && !awaitingIn(facts.secret.tags, version.versionId)?.asked,
  );
}
