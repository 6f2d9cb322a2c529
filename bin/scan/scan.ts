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
  const { repository, ...listed } = await survey(place, options);
  const search = new FileSearch(Buffer.from(place.cwd), known, options, progress('file'));
  const files = await search.run(listed.names);
  const history =
    repository && options.history
      ? await searchHistory(repository, known, progress('object'))
      : undefined;
  const notes = [...listed.notes, ...(history ? histories(files) : [])];
  return { files, ...(history ? { history } : {}), notes };
}

interface Survey {
  readonly repository?: Repository;
  readonly names: readonly Buffer[];
  readonly notes: readonly string[];
}

/** Without git, and where it refuses, files can still be searched. */
async function survey(place: GitPlace, options: ScanOptions): Promise<Survey> {
  const walked = (note: string) => ({
    names: plainNames(Buffer.from(place.cwd), options),
    notes: [`${note}, so every file was scanned${options.ignored ? '' : BUT_MODULES}.`],
  });
  try {
    const repository = await repositoryAt(place);
    if (!repository) return walked('There is no git repository here, and no history');
    if (!repository.hasFiles) return { repository, names: [], notes: [NO_FILES] };
    if (await isIgnored(place)) return { repository, ...walked('Git ignores this folder') };
    return { repository, names: await gitNames(place, options), notes: [] };
  } catch (error) {
    const byGit = error instanceof GitFailure || error instanceof Refusal;
    if (options.history || !byGit) throw error;
    return walked("Git can't be asked here");
  }
}

const BUT_MODULES = ', but those in node_modules';
const NO_FILES = 'This repository has no working files here, only a history.';
const histories = ({ repositories }: SearchedFiles) =>
  repositories.length === 0
    ? []
    : [
        `Repositories within have histories of their own, which were not scanned: ${repositories.join(', ')}. Scan each by itself.`,
      ];
