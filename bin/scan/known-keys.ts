import type { Audience } from '../../lambda/contract.ts';
import type { Fingerprint } from '../../lambda/domain/secret-value.ts';
import { unsearchable } from '../../lambda/domain/which.ts';
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

export function knownIn(report: InventoryReport, environment: string): Told {
  const unknown = [...report.unreadable, ...report.keys.flatMap(unsearchable)];
  return {
    keys: report.keys.flatMap((one) => keysOf(one, environment)),
    gaps: unknown.map(({ key, error }) => gapOf(environment, key, error)),
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
