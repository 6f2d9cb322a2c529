import { currentSince } from '../hand-over/current-since.ts';
import { deployCommand, isLocked, servicesOf } from '../hand-over/services.ts';
import type { Standing } from '../hand-over/standing.ts';
import { currentOf } from '../key-state.ts';
import type { Finding } from './finding.ts';
import { keyOf } from './notices.ts';
import { isPutOff, stragglersOf } from './retention.ts';
import type { Sighting } from './sighting.ts';

const HAND_OVER_FAILED = 'hand-over-failed';
const SERVICE_UNKNOWN = 'service-unknown';
const SERVICE_NOT_FOUND = 'service-not-found';
const OF_SERVICES: ReadonlySet<string> = new Set([
  HAND_OVER_FAILED,
  SERVICE_UNKNOWN,
  SERVICE_NOT_FOUND,
]);

/** ECS gave no answer about one of the services, or none was asked for since no key is current. */
export function isHandOverUndecided({ facts, standings, now }: Sighting, code: string): boolean {
  if (!OF_SERVICES.has(code) || code === SERVICE_UNKNOWN) return false;
  const words = [...standings.values()].map(({ word }) => word);
  return words.includes('unknown') || words.length < servicesOf(facts.managed, now).length;
}

/** A deployment was rolled back, or never becomes steady: restarting it again would not help. */
export function failedHandOver(sighting: Sighting): Finding | undefined {
  const failed = withWord(sighting, 'failed');
  if (failed.length === 0) return undefined;
  const since = currentSince(sighting.facts, sighting.now)?.toISOString();
  return {
    code: HAND_OVER_FAILED,
    about: aboutOf(sighting, failed),
    happened: `ECS does not run with the key of ${keyOf(sighting)} that is current since ${since}: ${told(failed)}.`,
    todo: `Look at the events of the service, mend it, and deploy it: ${failed.map(([name]) => deployCommand(name)).join('; ')}`,
    againAfterDays: 1,
  };
}

/** Named wrongly, or gone: it holds no key. */
export function missingService(sighting: Sighting): Finding | undefined {
  const missing = withWord(sighting, 'not found');
  if (missing.length === 0) return undefined;
  return {
    code: SERVICE_NOT_FOUND,
    about: namesOf(missing),
    happened: `ECS services that ${keyOf(sighting)} is to be handed to do not exist: ${told(missing)}`,
    todo: 'Name the right cluster and service in the configuration, or take ecsService out, and deploy.',
  };
}

export function unknownService(sighting: Sighting): Finding | undefined {
  const unknown = withWord(sighting, 'unknown');
  if (unknown.length === 0) return undefined;
  return {
    code: SERVICE_UNKNOWN,
    about: namesOf(unknown),
    happened: `ECS could not be asked whether services run with the current key of ${keyOf(sighting)}: ${told(unknown)}`,
    todo: 'See whether the function may ask ECS about them; until it can, none of them is restarted.',
  };
}

/** Reported, not cut off: what runs with the replaced key would lose events once it is revoked. */
export function extendedRetention(sighting: Sighting): Finding | undefined {
  const { facts } = sighting;
  const kept = facts.versions.filter((version) => isPutOff(sighting, version));
  if (kept.length === 0 || isLocked(facts.secret)) return undefined;
  const services = stragglersOf(sighting);
  const ids = kept.map(({ versionId }) => versionId).sort();
  return {
    code: 'retention-extended',
    about: ids.map((id) => id.slice(0, 8).replaceAll(/\s/g, '_')).join('+'),
    happened: `The retention of replaced keys of ${keyOf(sighting)} is over and goes on all the same (versions ${ids.join(', ')}): ${services.map((name) => `ECS service ${name}: ${wordOf(sighting, name)}`).join('; ')}.`,
    todo: `Bring these services to the current key, or take ecsService out of the configuration: ${services.map(deployCommand).join('; ')}`,
    againAfterDays: 1,
  };
}

type Named = readonly [name: string, standing: Standing];

const withWord = ({ standings }: Sighting, word: Standing['word']): Named[] =>
  [...standings].filter(([, standing]) => standing.word === word).sort();

const told = (some: readonly Named[]) =>
  some.map(([name, { why = '' }]) => `ECS service ${name}: ${why}`).join('; ');

/** Without spaces and of a tag's characters, as a mark's name is. */
const namesOf = (some: readonly Named[]) =>
  some
    .map(([name]) => name)
    .join('+')
    .slice(0, 150);

/** Told anew for another version. */
const aboutOf = ({ facts }: Sighting, some: readonly Named[]) =>
  `${(currentOf(facts)?.versionId ?? '').slice(0, 8).replaceAll(/\s/g, '_')}+${namesOf(some)}`;

const wordOf = ({ standings }: Sighting, name: string) => standings.get(name)?.word ?? 'unknown';
