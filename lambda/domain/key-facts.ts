import { KeysError } from './errors.ts';
import { type ManagedKey, managedKey } from './managed-key.ts';
import type { Secrets, StagedKey, StagedKeys, VersionReading } from './ports.ts';
import { markedForDeletion, type SecretDescription } from './versions.ts';

export interface FactsPorts {
  readonly environment: string;
  readonly secrets: Secrets;
  readonly stagedKeys: Pick<StagedKeys, 'list'>;
}

/** A version as read, or the reason why it couldn't be (a disabled CMK, say). */
export interface VersionFacts {
  readonly versionId: string;
  readonly labels: readonly string[];
  readonly reading: VersionReading | KeysError;
}

/** All that can be known of one key, values included: it never leaves the function as it is. */
export interface KeyFacts {
  readonly managed: ManagedKey;
  readonly secret: SecretDescription;
  readonly versions: readonly VersionFacts[];
  readonly staged: readonly StagedKey[] | KeysError;
}

/** @throws KeysError when the secret can't be described, is to be deleted, or isn't of this environment */
export async function keyFacts(ports: FactsPorts, secretId: string): Promise<KeyFacts> {
  const secret = await ports.secrets.describe(secretId);
  if (secret.deletedAt) throw markedForDeletion(secret.name, secret.deletedAt);
  const managed = managedKey(secret, ports.environment);
  const versions = [...secret.versions].map(async ([versionId, labels]) => ({
    versionId,
    labels,
    reading: await ports.secrets.read(secret.arn, versionId).catch(asFact),
  }));
  const staged = ports.stagedKeys.list(managed.environment, managed.name).catch(asFact);
  return { managed, secret, versions: await Promise.all(versions), staged: await staged };
}

/** Lists the staged keys of a whole environment once: Parameter Store answers few questions a second. */
export async function listedOnce(
  stagedKeys: StagedKeys,
  environment: string,
): Promise<Pick<StagedKeys, 'list'>> {
  const all = await stagedKeys.listAll(environment).catch(asFact);
  return {
    async list(_, key) {
      if (all instanceof KeysError) throw all;
      return all.get(key) ?? [];
    },
  };
}

function asFact(error: unknown): KeysError {
  if (error instanceof KeysError) return error;
  throw error;
}
