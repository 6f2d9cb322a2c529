import type { Config, EnvironmentConfig, KeyConfig } from '../../lib/config.ts';
import { named } from '../operator/key-like.ts';
import { wrongUse } from './refusal.ts';

interface Choice {
  readonly env?: string;
  readonly key?: string;
}

/** @throws Refusal WRONG_USE naming the environments that exist */
export const chooseEnvironment = (config: Config, { env }: Choice): EnvironmentConfig =>
  pick('environment', '--env', config, env);

/** The key named, or the only one. @throws Refusal WRONG_USE naming the keys that exist */
export function chooseKey(environment: EnvironmentConfig, { key }: Choice): KeyConfig {
  const [only, ...others] = environment.keys;
  if (key === undefined && only && others.length === 0) return only;
  const keys = Object.fromEntries(environment.keys.map((each) => [each.name, each]));
  return pick(`key of ${environment.name}`, '--key', keys, key);
}

/** The key named, or all. @throws Refusal WRONG_USE naming the keys that exist */
export const chooseKeys = (environment: EnvironmentConfig, choice: Choice): readonly KeyConfig[] =>
  choice.key === undefined ? environment.keys : [chooseKey(environment, choice)];

function pick<Thing>(
  what: string,
  option: string,
  things: Readonly<Record<string, Thing>>,
  name: string | undefined,
): Thing {
  const found = name !== undefined && Object.hasOwn(things, name) ? things[name] : undefined;
  if (found) return found;
  const names = Object.keys(things).join(', ') || 'none';
  if (name === undefined)
    throw wrongUse(`Say which ${what}: ${option} <name>. There are: ${names}.`);
  throw wrongUse(`There is no ${what}${named(name)}. There are: ${names}.`);
}
