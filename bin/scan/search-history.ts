import { type Introduction, introductionsOf, missingObjects } from './commits.ts';
import type { Find, Searched, Unsearched } from './find.ts';
import { GitFailure } from './git.ts';
import type { Known } from './key-search.ts';
import type { LineAndColumn } from './line-count.ts';
import type { Repository } from './repository.ts';
import type { Tell } from './search-files.ts';
import { lacking, linesOf, type ObjectSighting, searchObjects } from './search-objects.ts';
import { shownPath } from './shown-path.ts';

const HISTORY = 'a part of the history';

/** Searches all that a repository keeps, and finds out where a find came from. */
export async function searchHistory(
  repository: Repository,
  known: Known,
  tell: Tell,
): Promise<Searched> {
  const [found, gaps] = await Promise.all([
    searchObjects(repository.place, known, tell),
    gapsOf(repository),
  ]);
  const { sightings, failure, count, bytes } = found;
  const missing = new Set([...found.missing, ...gaps.missing]);
  const unsearched: Unsearched[] = [...lacking([...missing]), ...gaps.unsearched];
  if (failure) unsearched.push({ what: HISTORY, message: broken(failure) });
  const introductions = await introductionsOf(
    repository.place,
    sightings.filter(isBlob).map(({ object }) => object.id),
  ).catch((error: unknown) => {
    if (!(error instanceof GitFailure)) throw error;
    unsearched.push({ what: 'commits of what was found', message: broken(error) });
    return new Map<string, readonly Introduction[]>();
  });
  const appearances = sightings.flatMap((one) => appearancesOf(one, introductions));
  const places = [...Map.groupBy(appearances, placeOf).values()].map(firstOf);
  const firsts = new Set(places.map(({ first }) => first.sighting).filter(isBlob));
  const lines = await linesOf(repository.place, [...firsts]);
  const finds = places.map((one) => findOf(known, one, lines.get(one.first.sighting)));
  return { finds, unsearched, count, bytes };
}

interface Gaps {
  readonly missing: readonly string[];
  readonly unsearched: readonly Unsearched[];
}

/** What of the history isn't here. Of a partial clone that is known, and would be a long list. */
async function gapsOf({ place, partial }: Repository): Promise<Gaps> {
  const unsearched = (message: string) => ({
    missing: [],
    unsearched: [{ what: HISTORY, message }],
  });
  if (partial) return unsearched(partial);
  try {
    return { missing: await missingObjects(place), unsearched: [] };
  } catch (error) {
    if (error instanceof GitFailure) return unsearched(broken(error));
    throw error;
  }
}

const broken = ({ message }: GitFailure) =>
  `Git ended with an error: ${message}. Look at the repository: git fsck --full.`;

const isBlob = ({ object }: ObjectSighting) => object.type === 'blob';

/** A sighting under one of the paths it ever had, or under none. */
interface Appearance {
  readonly sighting: ObjectSighting;
  readonly introduction?: Introduction;
}

function appearancesOf(
  sighting: ObjectSighting,
  introductions: ReadonlyMap<string, readonly Introduction[]>,
): Appearance[] {
  const its = introductions.get(sighting.object.id) ?? [];
  return its.length > 0 ? its.map((one) => ({ sighting, introduction: one })) : [{ sighting }];
}

/** A file that changed around the key is one place. */
const placeOf = ({ sighting, introduction }: Appearance) =>
  `${sighting.fingerprint} ${introduction?.path.toString('latin1') ?? ` ${sighting.object.id}`}`;

const timeOf = ({ introduction }: Appearance) => Date.parse(introduction?.at ?? '') || 0;

interface Origin {
  readonly first: Appearance;
  /** Contents with the key that were there. */
  readonly versions: number;
}

function firstOf(same: readonly Appearance[]): Origin {
  const [first] = [...same].sort((a, b) => timeOf(a) - timeOf(b)) as [Appearance];
  return { first, versions: same.length };
}

function findOf(known: Known, { first, versions }: Origin, at: LineAndColumn | undefined): Find {
  const { object, fingerprint, times } = first.sighting;
  const seen = { fingerprint, times, object: object.id };
  if (object.type !== 'blob') {
    return { ...seen, where: object.type === 'tag' ? 'tag message' : 'commit message' };
  }
  const its = { ...seen, ...at, where: 'history', versions } as const;
  if (!first.introduction) return its;
  const { path, commit } = first.introduction;
  const committedAt = new Date(timeOf(first)).toISOString();
  return { ...its, path: shownPath(path, known), commit, committedAt };
}
