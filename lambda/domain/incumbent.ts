import { KeysError } from './errors.ts';
import type { VersionValue } from './key-document.ts';
import { isOutcast } from './labels.ts';
import { barredIn } from './lifecycle/notes.ts';
import type { Secrets } from './ports.ts';
import type { Fingerprint } from './secret-value.ts';
import { requireCurrent, type SecretDescription, versionWith } from './versions.ts';

/** What a candidate is measured against. */
export interface Incumbent {
  readonly versionId: string;
  readonly value: VersionValue;
  /** Fingerprints of all keys the secret held before the current one, oldest first. */
  readonly held: readonly Fingerprint[];
  /** Keys that leaked or were rolled back and whose end isn't proved yet: they must not come back. */
  readonly barred: readonly Fingerprint[];
}

/**
 * A value put by hand and a placeholder that came back have no history: what they pushed aside,
 * AWSPREVIOUS, has. Only then is it read.
 * @throws KeysError CURRENT_MISSING
 */
export async function readIncumbent(
  secrets: Secrets,
  secret: SecretDescription,
): Promise<Incumbent> {
  const versionId = requireCurrent(secret);
  const value = await secrets.read(secret.arn, versionId);
  const previous = versionWith(secret, 'AWSPREVIOUS');
  const needsPrevious = previous !== undefined && ownHistory(value) === undefined;
  const pushedAside = needsPrevious ? await secrets.read(secret.arn, previous) : undefined;
  return incumbentOf(secret, versionId, value, pushedAside, await readOutcast(secrets, secret));
}

/** One that can't be read is told by its note, and must not stop a rotation. */
async function readOutcast(secrets: Secrets, { arn, versions }: SecretDescription) {
  const outcast = [...versions].filter(([, labels]) => isOutcast(labels));
  const read = outcast.map(async ([id]): Promise<VersionValue[]> => {
    try {
      return [await secrets.read(arn, id)];
    } catch (error) {
      if (error instanceof KeysError) return [];
      throw error;
    }
  });
  return (await Promise.all(read)).flat();
}

const fingerprintOf = (value: VersionValue) =>
  value.content === 'key' ? [value.document.value.fingerprint] : [];

export function incumbentOf(
  { tags }: SecretDescription,
  versionId: string,
  value: VersionValue,
  pushedAside: VersionValue | undefined,
  outcast: readonly VersionValue[],
): Incumbent {
  const held = ownHistory(value) ?? historyThrough(pushedAside);
  return { versionId, value, held, barred: [...barredIn(tags), ...outcast.flatMap(fingerprintOf)] };
}

const ownHistory = (value: VersionValue) =>
  value.content === 'key' ? value.document.held : undefined;

function historyThrough(value: VersionValue | undefined): readonly Fingerprint[] {
  if (value?.content !== 'key') return [];
  return [...(value.document.held ?? []), value.document.value.fingerprint];
}
