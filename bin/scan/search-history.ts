import { type Introduction, introductionsOf } from './commits.ts';
import type { Find, Searched, Unsearched } from './find.ts';
import { GitFailure } from './git.ts';
import type { Known } from './key-search.ts';
import type { Repository } from './repository.ts';
import type { Tell } from './search-files.ts';
import { lacking, lineIn, type ObjectSighting, searchObjects } from './search-objects.ts';
import { shownPath } from './shown-path.ts';

const HISTORY = 'a part of the history';

/** Searches all that a repository keeps, and finds out where a find came from. */
export async function searchHistory(
  repository: Repository,
  known: Known,
  tell: Tell,
): Promise<Searched> {
  const found = await searchObjects(repository.place, known, tell);
  const { sightings, failure, count, bytes } = found;
  const unsearched: Unsearched[] = lacking(found);
  if (repository.partial) unsearched.push({ what: HISTORY, message: repository.partial });
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
  const finds: Find[] = [];
  for (const same of Map.groupBy(appearances, placeOf).values()) {
    finds.push(await findOf(repository, known, same));
  }
  return { finds, unsearched, count, bytes };
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

async function findOf(
  { place }: Repository,
  known: Known,
  same: readonly Appearance[],
): Promise<Find> {
  const [first] = [...same].sort((a, b) => timeOf(a) - timeOf(b)) as [Appearance];
  const { object, fingerprint, offset, times } = first.sighting;
  const seen = { fingerprint, times, object: object.id };
  if (object.type !== 'blob') {
    return { ...seen, where: object.type === 'tag' ? 'tag message' : 'commit message' };
  }
  const at = await lineIn(place, object, offset);
  const its = { ...seen, ...at, where: 'history', versions: same.length } as const;
  if (!first.introduction) return its;
  const { path, commit } = first.introduction;
  const committedAt = new Date(timeOf(first)).toISOString();
  return { ...its, path: shownPath(path, known), commit, committedAt };
}
