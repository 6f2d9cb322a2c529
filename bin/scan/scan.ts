import { realpath } from 'node:fs/promises';
import { Refusal, wrongUse } from '../keyctl/refusal.ts';
import type { Searched } from './find.ts';
import { GitFailure, type GitPlace } from './git.ts';
import type { Known } from './key-search.ts';
import { gitNames, plainNames } from './listing.ts';
import { gitRefused, isIgnored, type Repository, repositoryAt } from './repository.ts';
import { FileSearch, type SearchedFiles, type Tell } from './search-files.ts';
import { searchHistory } from './search-history.ts';
import { searchStaged } from './search-staged.ts';
import type { Target } from './target.ts';

export interface ScanOptions {
  /** Only what the commit being made adds. */
  readonly staged: boolean;
  readonly history: boolean;
  readonly ignored: boolean;
}

export interface Scanned {
  readonly files?: Searched;
  readonly history?: Searched;
  readonly staged?: Searched;
  /** What to know of what was scanned, in sentences. */
  readonly notes: readonly string[];
}

/** Shows how far the search of one part is. */
export type Progress = (noun: 'file' | 'staged file' | 'object') => Tell;

/** @throws Refusal WRONG_USE, GIT_MISSING, GIT_FAILED */
export async function scan(
  { folder, file }: Target,
  known: Known,
  options: ScanOptions,
  progress: Progress,
): Promise<Scanned> {
  if (file !== undefined) return scanFile(folder, file, known, options, progress);
  const place: GitPlace = { cwd: folder };
  try {
    if (options.staged) return await scanStaged(place, known, progress);
    return await scanFolder(place, known, options, progress);
  } catch (error) {
    throw error instanceof GitFailure ? gitRefused(error) : error;
  }
}

async function scanFile(
  folder: string,
  file: string,
  known: Known,
  { staged, ignored }: ScanOptions,
  progress: Progress,
): Promise<Scanned> {
  if (staged) throw wrongUse('--staged looks at a whole commit: name a folder, or none.');
  const search = new FileSearch(Buffer.from(folder), known, { ignored }, progress('file'));
  const files = await search.run([Buffer.from(file)]);
  return { files, notes: ['Only this file was scanned, and no history.'] };
}

/** A hook's variables tell of the repository it runs in, and of no other. */
async function scanStaged({ cwd }: GitPlace, known: Known, progress: Progress): Promise<Scanned> {
  const place = { cwd, inHook: cwd === (await realpath('.')) };
  if (!(await repositoryAt(place))) throw wrongUse('--staged needs a git repository.');
  return { staged: await searchStaged(place, known, progress('staged file')), notes: [] };
}

async function scanFolder(
  place: GitPlace,
  known: Known,
  options: ScanOptions,
  progress: Progress,
): Promise<Scanned> {
  const repository = await openedRepository(place, options);
  const listed = await listedBy(place, repository, options);
  const search = new FileSearch(Buffer.from(place.cwd), known, options, progress('file'));
  const files = await search.run(listed.names);
  const history =
    repository && options.history
      ? await searchHistory(repository, known, progress('object'))
      : undefined;
  const notes = [...listed.notes, ...(history ? histories(files) : [])];
  return { files, ...(history ? { history } : {}), notes };
}

/** Without git, and where it refuses, files can still be searched. */
async function openedRepository(
  place: GitPlace,
  { history }: ScanOptions,
): Promise<Repository | undefined> {
  try {
    return await repositoryAt(place);
  } catch (error) {
    if (history || !(error instanceof Refusal)) throw error;
    return undefined;
  }
}

async function listedBy(
  place: GitPlace,
  repository: Repository | undefined,
  options: ScanOptions,
): Promise<{ names: readonly Buffer[]; notes: readonly string[] }> {
  if (repository && !repository.hasFiles) return { names: [], notes: [NO_FILES] };
  const ignored = repository !== undefined && (await isIgnored(place));
  if (repository && !ignored) return { names: await gitNames(place, options), notes: [] };
  const names = plainNames(Buffer.from(place.cwd), options);
  return { names, notes: [ignored ? IGNORED : NO_REPOSITORY] };
}

const NO_FILES = 'This repository has no working files here: only its history was scanned.';
const IGNORED =
  'Git ignores this folder, so every file in it was scanned, but those in node_modules.';
const NO_REPOSITORY =
  'Git knows no repository here, so there is no history, and every file was scanned, but those in node_modules.';

const histories = ({ repositories }: SearchedFiles) =>
  repositories.length === 0
    ? []
    : [
        `Repositories within have histories of their own, which were not scanned: ${repositories.join(', ')}. Scan each by itself.`,
      ];
