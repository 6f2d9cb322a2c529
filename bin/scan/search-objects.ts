import type { Unsearched } from './find.ts';
import { GitFailure, type GitPlace, startGit } from './git.ts';
import { KeySearch, type Known, type Sighting } from './key-search.ts';
import { type LineAndColumn, LineCount } from './line-count.ts';
import { type GitObject, type ObjectReader, ObjectStream } from './object-stream.ts';
import type { Tell } from './search-files.ts';

export interface ObjectSighting extends Sighting {
  readonly object: GitObject;
}

export interface SearchedObjects {
  readonly sightings: readonly ObjectSighting[];
  /** Ids of objects that git should have. */
  readonly missing: readonly string[];
  readonly count: number;
  readonly bytes: number;
  /** Why git ended before it had written all; undefined when it had. */
  readonly failure: GitFailure | undefined;
}

/**
 * Searches contents and messages that git has: all, or those of the ids. It takes one process of
 * git and holds no more than a chunk of a content.
 */
export async function searchObjects(
  place: GitPlace,
  known: Known,
  tell: Tell,
  ids?: readonly string[],
): Promise<SearchedObjects> {
  const all = ids === undefined ? ['--batch-all-objects', '--unordered'] : [];
  const { child, done } = startGit(place, ['cat-file', '--batch', '--buffer', ...all]);
  child.stdin.end((ids ?? []).map((id) => `${id}\n`).join(''));
  const finder = new Finder(known);
  const stream = new ObjectStream(finder);
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    stream.push(chunk);
    tell(finder.count, finder.bytes);
  }
  finder.failure = await done.then(() => undefined, asGitFailure);
  return finder;
}

function asGitFailure(error: unknown): GitFailure {
  if (error instanceof GitFailure) return error;
  throw error;
}

export const lacking = (missing: readonly string[]): Unsearched[] =>
  missing.map((id) => ({
    what: `object ${id}`,
    message: 'Git lacks it, or it is broken: git fsck --full.',
  }));

class Finder implements ObjectReader, SearchedObjects {
  readonly sightings: ObjectSighting[] = [];
  readonly missing: string[] = [];
  count = 0;
  bytes = 0;
  failure: GitFailure | undefined;
  readonly #known: Known;
  #search: KeySearch;

  constructor(known: Known) {
    this.#known = known;
    this.#search = new KeySearch(known);
  }

  /** A tree has names and binary ids, no content. */
  begin({ type }: GitObject): boolean {
    return type !== 'tree';
  }

  push(chunk: Buffer): void {
    this.bytes += chunk.length;
    this.#search.push(chunk);
  }

  end(object: GitObject): void {
    this.count += 1;
    for (const sighting of this.#search.end()) this.sightings.push({ object, ...sighting });
    this.#search = new KeySearch(this.#known);
  }

  lack(id: string): void {
    this.missing.push(id);
  }
}

/** Where in the contents what was seen begins. It takes one process of git. @throws GitFailure */
export async function linesOf(
  place: GitPlace,
  sightings: readonly ObjectSighting[],
): Promise<ReadonlyMap<ObjectSighting, LineAndColumn>> {
  const found = new Map<ObjectSighting, LineAndColumn>();
  if (sightings.length === 0) return found;
  const byId = Map.groupBy(sightings, ({ object }) => object.id);
  let open: [ObjectSighting, LineCount][] = [];
  const stream = new ObjectStream({
    begin({ id }) {
      open = (byId.get(id) ?? []).map((one) => [one, new LineCount(one.offset)]);
      return true;
    },
    push: (chunk) => open.forEach(([, lines]) => void lines.push(chunk)),
    end: () => open.forEach(([one, lines]) => void found.set(one, lines.end())),
    lack() {},
  });
  const { child, done } = startGit(place, ['cat-file', '--batch', '--buffer']);
  child.stdin.end([...byId.keys()].map((id) => `${id}\n`).join(''));
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) stream.push(chunk);
  await done;
  return found;
}
