import type { Find, Searched } from './find.ts';
import { type GitPlace, git } from './git.ts';
import { type Known, searchIn } from './key-search.ts';
import { split } from './listing.ts';
import type { Tell } from './search-files.ts';
import { lacking, linesOf, searchObjects } from './search-objects.ts';
import { shownPath } from './shown-path.ts';

const SUBMODULE = '160000';
const NO_OBJECT = /^0+$/;

/** Searches the files that the commit being made adds or changes, as they are staged. @throws GitFailure */
export async function searchStaged(place: GitPlace, known: Known, tell: Tell): Promise<Searched> {
  const paths = await stagedPaths(place);
  const found = await searchObjects(place, known, tell, [...paths.keys()]);
  if (found.failure) throw found.failure;
  const lines = await linesOf(place, found.sightings);
  const finds: Find[] = [];
  for (const sighting of found.sightings) {
    const { object, fingerprint, times } = sighting;
    const at = lines.get(sighting);
    for (const path of paths.get(object.id) ?? []) {
      finds.push({ fingerprint, times, where: 'staged file', path: shownPath(path, known), ...at });
    }
  }
  for (const path of [...paths.values()].flat()) {
    for (const { fingerprint, times } of searchIn(path, known)) {
      finds.push({ fingerprint, times, where: 'file name', path: shownPath(path, known) });
    }
  }
  return { finds, unsearched: lacking(found.missing), count: found.count, bytes: found.bytes };
}

/** By id of the content. */
async function stagedPaths(place: GitPlace): Promise<ReadonlyMap<string, readonly Buffer[]>> {
  const diff = await git(place, [
    'diff',
    ...['--cached', '--raw', '-z', '--no-abbrev', '--no-renames', '--no-relative'],
    ...['--no-ext-diff', '--no-textconv', '--no-color', '--ignore-submodules=dirty'],
  ]);
  const paths = new Map<string, Buffer[]>();
  const parts = split(diff).values();
  for (const part of parts) {
    const [, mode, , id = ''] = part.toString('latin1').split(' ');
    const path = parts.next().value;
    if (path === undefined || mode === SUBMODULE || NO_OBJECT.test(id)) continue;
    paths.set(id, [...(paths.get(id) ?? []), path]);
  }
  return paths;
}
