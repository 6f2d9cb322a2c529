import { isRetained, parseRetainedUntil } from '../../../lambda/domain/labels.ts';
import type { World } from '../../lambda/world.ts';

export const SECRET = 'amplitude/dev/web';

/** What can be seen of the secret from outside at one time. */
export interface Sight {
  readonly at: number;
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly isCmkOn: boolean;
  /** Keys that are staged. */
  readonly staged: number;
  /** Key by version id, as far as the vault still has it; of a placeholder none. */
  readonly keyOf: (versionId: string | undefined) => string | undefined;
}

export async function look(world: World, keyOf: Sight['keyOf']): Promise<Sight> {
  const { aws } = world;
  return {
    at: aws.clock.now().getTime(),
    labels: world.labels(),
    tags: aws.secretsManager.tagsOf(SECRET),
    isCmkOn: await world.isCmkOn(),
    staged: aws.ssm.names().length,
    keyOf,
  };
}

/** A version's value never changes, so each is read once. */
export function keysByVersion({ aws }: World): Sight['keyOf'] {
  const known = new Map<string, string | undefined>();
  return (versionId = '') => {
    if (known.has(versionId)) return known.get(versionId);
    const text = aws.secretsManager.valueOf(SECRET, versionId);
    if (text === undefined) return undefined;
    const key = JSON.parse(text).apiKey;
    known.set(versionId, key);
    return key;
  };
}

export const holder = ({ labels }: Sight, label: string): string | undefined =>
  Object.keys(labels).find((id) => labels[id]?.includes(label));

export const currentKey = (sight: Sight) => sight.keyOf(holder(sight, 'AWSCURRENT'));

/** Labels of all versions that hold this key. */
export function labelsOfKey({ labels, keyOf }: Sight, key: string): string[] {
  return Object.entries(labels).flatMap(([id, own]) => (keyOf(id) === key ? own : []));
}

/** Until when readers find it by a label of its own. */
export function readableUntil(sight: Sight, key: string): number {
  const labels = labelsOfKey(sight, key).filter(isRetained);
  return Math.max(0, ...labels.map((label) => parseRetainedUntil(label)?.getTime() ?? 0));
}
