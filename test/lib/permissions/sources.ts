import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/** Texts without their comments, by their paths from the root. */
export type Sources = ReadonlyMap<string, string>;

/** One name that a file takes from another as a value, not as a type. */
export interface Taken {
  readonly name: string;
  /** A path from the root for a file of ours, else the package's name. */
  readonly from: string;
}

const ROOT = join(import.meta.dirname, '..', '..', '..');

export function sourcesIn(folder: 'bin' | 'lambda'): Sources {
  const paths = globSync(`${folder}/**/*.ts`, { cwd: ROOT });
  return new Map(paths.map((path) => [path, bare(readFileSync(join(ROOT, path), 'utf8'))]));
}

const bare = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');

const IMPORT = /^import\s+(?!type\s)(?:([\w$]+)|\{([^}]*)\}|\* as [\w$]+)\s+from\s+'([^']+)'/gm;

export function takenBy(path: string, sources: Sources): Taken[] {
  return [...textOf(path, sources).matchAll(IMPORT)].flatMap(([, single, list = '', what = '']) => {
    const from = what.startsWith('.') ? normalize(join(dirname(path), what)) : what;
    const names = single ? [single] : list.split(',').map((name) => name.trim());
    return names
      .filter((name) => name !== '' && !name.startsWith('type '))
      .map((name) => ({ name, from }));
  });
}

/** The file and all that it takes values from, and so on. */
export function reachedFrom(path: string, sources: Sources, seen = new Set<string>()): Set<string> {
  if (seen.has(path) || !sources.has(path)) return seen;
  seen.add(path);
  for (const { from } of takenBy(path, sources)) reachedFrom(from, sources, seen);
  return seen;
}

export function textOf(path: string, sources: Sources): string {
  const text = sources.get(path);
  if (text === undefined) throw new Error(`There is no ${path}.`);
  return text;
}
