import type { Audience } from '../../lambda/contract.ts';
import type { Fingerprint } from '../../lambda/domain/secret-value.ts';
import type { InventoryReport, KeyReport, VersionState } from '../../lambda/payloads.ts';
import type { EnvironmentConfig } from '../../lib/config.ts';
import type { Context } from '../keyctl/context.ts';
import { inventory } from '../operator/inspect.ts';
import { type Gap, gapBy, gapOf } from '../operator/search.ts';
import { openSession } from '../operator/session.ts';

/** A key that may be found, by its fingerprint alone. */
export interface KnownKey {
  readonly fingerprint: Fingerprint;
  readonly environment: string;
  readonly key: string;
  readonly audience: Audience;
  readonly state: VersionState | 'staged' | 'held before';
  readonly versionId?: string;
  /** In Amplitude's UI. */
  readonly name?: string;
}

export interface KnownKeys {
  readonly environments: readonly string[];
  /** When AWS told it. */
  readonly at: Date;
  readonly keys: readonly KnownKey[];
  /** What a search can't find since its fingerprint isn't known. */
  readonly gaps: readonly Gap[];
}

/** Asks environments for the fingerprints of all their keys, or of one. */
export async function askKnownKeys(
  context: Context,
  environments: readonly EnvironmentConfig[],
  key: string | undefined,
): Promise<KnownKeys> {
  const told = await Promise.all(environments.map((one) => askOne(context, one, key)));
  return {
    environments: environments.map(({ name }) => name),
    at: context.clock.now(),
    keys: told.flatMap(({ keys }) => keys),
    gaps: told.flatMap(({ gaps }) => gaps),
  };
}

type Told = Pick<KnownKeys, 'keys' | 'gaps'>;

async function askOne(
  context: Context,
  config: EnvironmentConfig,
  key: string | undefined,
): Promise<Told> {
  try {
    return knownIn(await inventory(await openSession(context, config), key), config.name);
  } catch (error) {
    return { keys: [], gaps: [gapBy(config.name, error)] };
  }
}

/** A value that can't be read has no fingerprint, and neither has one that is no key. */
export function knownIn(report: InventoryReport, environment: string): Told {
  const unreadable = report.unreadable.map(({ key, error }) => gapOf(environment, key, error));
  return {
    keys: report.keys.flatMap((one) => keysOf(one, environment)),
    gaps: [...unreadable, ...report.keys.flatMap((one) => gapsOf(one, environment))],
  };
}

function keysOf({ key, audience, versions, staged, held }: KeyReport, environment: string) {
  const its = { environment, key, audience };
  const found: KnownKey[] = [];
  for (const { fingerprint, state, versionId, name } of versions) {
    if (fingerprint === undefined) continue;
    found.push({ fingerprint, ...its, state, versionId, ...(name ? { name } : {}) });
  }
  for (const { fingerprint, name } of staged) {
    found.push({ fingerprint, ...its, state: 'staged', name });
  }
  const known = new Set(found.map(({ fingerprint }) => fingerprint));
  for (const fingerprint of held) {
    if (!known.has(fingerprint)) found.push({ fingerprint, ...its, state: 'held before' });
  }
  return found;
}

function gapsOf({ key, versions, stagedUnreadable }: KeyReport, environment: string): Gap[] {
  const gaps = versions
    .filter(({ content }) => content === 'unreadable' || content === 'malformed')
    .map(({ content, state, versionId }) =>
      gapOf(environment, key, {
        code: `VALUE_${content.toUpperCase()}`,
        message: `Its ${state} version ${versionId} is ${content}, so it has no fingerprint: npx keyctl status --env ${environment}`,
      }),
    );
  if (stagedUnreadable === undefined) return gaps;
  const staged = { code: 'STAGED_UNREADABLE', message: stagedUnreadable };
  return [...gaps, gapOf(environment, key, staged)];
}
