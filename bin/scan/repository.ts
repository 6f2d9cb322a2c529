import { Refusal } from '../keyctl/refusal.ts';
import { GitFailure, type GitPlace, git } from './git.ts';

/** The repository that a folder is in. */
export interface Repository {
  readonly place: GitPlace;
  /** False for a bare one and within `.git`: there is history only. */
  readonly hasFiles: boolean;
  /** Why its history isn't all here; undefined when it is. */
  readonly partial: string | undefined;
}

/**
 * undefined where there is none.
 * @throws Refusal GIT_MISSING, GIT_FAILED (it doesn't trust the folder's owner, say)
 */
export async function repositoryAt(place: GitPlace): Promise<Repository | undefined> {
  try {
    const asked = ['--is-inside-work-tree', '--is-shallow-repository'];
    const answer = (await git(place, ['rev-parse', ...asked])).toString().split('\n');
    const [inWorkTree, shallow] = answer;
    const partial = shallow === 'true' ? SHALLOW : await promised(place);
    return { place, hasFiles: inWorkTree === 'true', partial };
  } catch (error) {
    if (!(error instanceof GitFailure)) throw error;
    if (error.message.startsWith('fatal: not a git repository (or any')) return undefined;
    throw gitRefused(error);
  }
}

const SHALLOW =
  'This clone is shallow, so only a part of the history is here. Fetch the rest: git fetch --unshallow; in GitHub Actions, fetch-depth: 0 of actions/checkout. Or leave it out: --no-history';
const PROMISED =
  'This clone is partial (--filter), so contents that were never needed are not here. Scan a full clone, or leave the history out: --no-history';

/** Whether the server keeps a part of the objects. */
async function promised(place: GitPlace): Promise<string | undefined> {
  try {
    await git(place, ['config', '--get-regexp', String.raw`^remote\..*\.promisor$`, '^true$']);
    return PROMISED;
  } catch (error) {
    if (error instanceof GitFailure && error.exitCode === 1) return undefined;
    throw error;
  }
}

/** A folder that git ignores: nothing in it is listed. */
export async function isIgnored(place: GitPlace): Promise<boolean> {
  try {
    await git(place, ['check-ignore', '--quiet', '.']);
    return true;
  } catch (error) {
    if (error instanceof GitFailure && error.exitCode === 1) return false;
    throw error;
  }
}

export const gitRefused = (cause: GitFailure) =>
  new Refusal(
    'GIT_FAILED',
    cause.message.includes('dubious ownership')
      ? `Git doesn't open this repository, since the folder belongs to somebody else. If you trust them: git config --global --add safe.directory <folder>. Git said: ${cause.message}`
      : `Git can't open this repository: ${cause.message}. Try git status there; or search all files and no history: --no-history`,
    { cause },
  );
