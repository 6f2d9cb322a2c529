import type { EnvironmentConfig } from './config.ts';
import { isObject } from './config-schema.ts';

/** One value of the merged configuration and where it came from. */
export interface Explained {
  /** `keys.web.retainPreviousDays` */
  readonly path: string;
  /** null: left to the credentials. */
  readonly value: unknown;
  readonly source: 'environment' | 'keyDefaults' | 'default' | 'dataResidency';
}

/** The merged configuration of one environment, flat, beside what its file says. */
export function explain(environment: EnvironmentConfig, written: unknown): Explained[] {
  const { keys, name: _, account = null, region = null, ...rest } = environment;
  return [
    ...leaves({ account, region, ...rest }).map(([path, value]) => ({
      path,
      value,
      source: sourceOf(path, written),
    })),
    ...keys.flatMap(({ name, ...key }) =>
      Object.entries(key).flatMap(([field, values]) => {
        const at = ['keys', name, field];
        const source = keySourceOf(at, field, written);
        return leaves(values, at).map(([path, value]) => ({ path, value, source }));
      }),
    ),
  ].map(({ path, ...row }) => ({ path: path.join('.'), ...row }));
}

type Leaf = [path: string[], value: unknown];

function leaves(value: unknown, path: string[] = []): Leaf[] {
  const isListOfObjects = Array.isArray(value) && value.some(isObject);
  if (!isObject(value) && !isListOfObjects) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(inner, [...path, name]));
}

function sourceOf(path: readonly string[], written: unknown): Explained['source'] {
  if (isWritten(written, path)) return 'environment';
  return path[1] === 'endpoints' ? 'dataResidency' : 'default';
}

function keySourceOf(
  path: readonly string[],
  field: string,
  written: unknown,
): Explained['source'] {
  if (isWritten(written, path)) return 'environment';
  return isWritten(written, ['keyDefaults', field]) ? 'keyDefaults' : 'default';
}

function isWritten(written: unknown, path: readonly string[]): boolean {
  let at = written;
  for (const name of path) {
    if (!isObject(at) || !(name in at)) return false;
    at = at[name];
  }
  return at !== undefined;
}
