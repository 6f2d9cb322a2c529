import type { EnvironmentConfig } from '../../lib/config.ts';
import type { Options } from '../keyctl/command.ts';
import { wrongUse } from '../keyctl/refusal.ts';
import { chooseKey } from '../keyctl/selection.ts';

/** What a lockdown is of. */
export type Scope =
  | { readonly scope: 'key'; readonly key: string }
  | { readonly scope: 'environment' };

export const SCOPE_OPTION = [
  '--scope <scope>',
  'environment: all its keys, in place of --key',
] as const;

/** Never guessed, not even where there is one key. @throws Refusal WRONG_USE */
export function scopeOf(config: EnvironmentConfig, { key, scope }: Options): Scope {
  if (scope !== undefined && scope !== 'environment') {
    throw wrongUse('--scope takes environment only; one key is named by --key <name>.');
  }
  if (key !== undefined && scope === undefined) {
    return { scope: 'key', key: chooseKey(config, { key }).name };
  }
  if (key === undefined && scope !== undefined) return { scope };
  throw wrongUse('Say what: one key (--key <name>) or all of them (--scope environment).');
}

/** `prod/server`, or `all keys of prod` */
export const placeOf = (environment: string, scope: Scope) =>
  scope.scope === 'key' ? `${environment}/${scope.key}` : `all keys of ${environment}`;
