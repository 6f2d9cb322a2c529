import { type GitPlace, git } from './git.ts';
import { split } from './listing.ts';

/** Where a content came into the history. */
export interface Introduction {
  readonly path: Buffer;
  /** The earliest commit that has it there, and its time as ISO 8601. */
  readonly commit: string;
  readonly at: string;
}

/** So many ids fit on a command line. */
const AT_ONCE = 500;
const COMMIT_MARK = '\x01';

/**
 * The paths under which these contents are in any commit, also of a stash or a reflog; a content
 * that no commit has is left out. @throws GitFailure
 */
export async function introductionsOf(
  place: GitPlace,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly Introduction[]>> {
  const found = new Map<string, Map<string, Introduction>>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    readLog(await git(place, logArguments(some)), new Set(some), found);
  }
  return new Map([...found].map(([id, byPath]) => [id, [...byPath.values()]]));
}

/**
 * Ids of contents and trees that commits need and git hasn't: it lists all that it has without a
 * word of what it lacks. @throws GitFailure when a commit itself is missing
 */
export async function missingObjects(place: GitPlace): Promise<string[]> {
  const walk = ['rev-list', '--objects', '--all', '--reflog', '--missing=print', '--quiet'];
  const told = (await git(place, walk)).toString('latin1').split('\n');
  return told.filter((line) => line.startsWith('?')).map((line) => line.slice(1));
}

const logArguments = (ids: readonly string[]) => [
  'log',
  ...['--all', '--reflog', '--ignore-missing', '--topo-order'],
  ...['-m', '--root', '--raw', '-z', '--no-abbrev', '--no-renames'],
  ...['--no-ext-diff', '--no-textconv', '--no-color', '--no-notes', '--no-mailmap'],
  `--format=${COMMIT_MARK}%H %cI`,
  ...ids.map((id) => `--find-object=${id}`),
];

/** Commits come newest first, so the last one that adds a content is kept. */
function readLog(
  log: Buffer,
  ids: ReadonlySet<string>,
  found: Map<string, Map<string, Introduction>>,
): void {
  let commit = '';
  let at = '';
  const parts = split(log).values();
  for (const part of parts) {
    const text = part.toString('latin1').trimStart();
    if (text.startsWith(COMMIT_MARK)) {
      [commit = '', at = ''] = text.slice(COMMIT_MARK.length).split(' ');
      continue;
    }
    const id = text.split(' ')[3] ?? '';
    const path = parts.next().value;
    if (!ids.has(id) || path === undefined) continue;
    const byPath = found.get(id) ?? new Map<string, Introduction>();
    found.set(id, byPath.set(path.toString('latin1'), { path, commit, at }));
  }
}
