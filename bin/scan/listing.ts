import { isUtf8 } from 'node:buffer';
import { existsSync, readdirSync } from 'node:fs';
import { GitFailure, type GitPlace, git } from './git.ts';

const SLASH = Buffer.from('/');
const NUL = 0;
const GIT_FOLDER = Buffer.from('.git');
const NODE_MODULES = Buffer.from('node_modules');

export interface ListingOptions {
  /** Folders that git ignores, and node_modules anywhere. @default false */
  readonly ignored?: boolean;
}

export const join = (folder: Buffer, name: Buffer) => Buffer.concat([folder, SLASH, name]);

/** Some of its names are folders again. */
export interface Listing {
  readonly names: readonly Buffer[];
  readonly isRepository: boolean;
}

/** A folder below the one that is searched. @throws the system's error */
export async function listingOf(folder: Buffer, options: ListingOptions): Promise<Listing> {
  const isRepository = existsSync(join(folder, GIT_FOLDER));
  const byGit = isRepository && isUtf8(folder);
  const names = byGit && (await gitNames({ cwd: folder.toString() }, options).catch(nothing));
  return { names: names || plainNames(folder, options), isRepository };
}

/** What git doesn't open is walked through. */
function nothing(error: unknown): undefined {
  if (!(error instanceof GitFailure)) throw error;
}

/** One level. @throws the system's error */
export function plainNames(folder: Buffer, { ignored }: ListingOptions): Buffer[] {
  const names = readdirSync(folder, { encoding: 'buffer' });
  return names.filter(
    (name) => !name.equals(GIT_FOLDER) && (ignored === true || !name.equals(NODE_MODULES)),
  );
}

/**
 * All levels: what git tracks, what it could, and the single files that it ignores: a `.env` is
 * where keys are pasted. Repositories within are listed as folders. @throws GitFailure
 */
export async function gitNames(place: GitPlace, { ignored }: ListingOptions): Promise<Buffer[]> {
  const known = ['--cached', '--others', '--exclude-standard', '--deduplicate'];
  const others = ['--others', '--ignored', '--exclude-standard'];
  const [kept, left] = await Promise.all([
    git(place, ['ls-files', '-z', ...known]),
    git(place, ['ls-files', '-z', ...others, ...(ignored ? [] : ['--directory'])]),
  ]);
  const ignoredNames = split(left).filter((name) => ignored || !isFolderName(name));
  return [...split(kept), ...ignoredNames].map(withoutSlash);
}

const isFolderName = (name: Buffer) => name[name.length - 1] === SLASH[0];
const withoutSlash = (name: Buffer) => (isFolderName(name) ? name.subarray(0, -1) : name);

export function split(list: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let begin = 0;
  for (let end = list.indexOf(NUL); end !== -1; end = list.indexOf(NUL, begin)) {
    parts.push(list.subarray(begin, end));
    begin = end + 1;
  }
  return parts;
}
