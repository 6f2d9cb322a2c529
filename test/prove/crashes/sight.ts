import { isCompromised } from '../../../lambda/domain/labels.ts';
import { fingerprintOf } from '../../../lambda/domain/secret-value.ts';
import { KEYS, type World } from '../../lambda/world.ts';

/** A key as it is told: `first`, `second`. */
export type KeyWord = keyof typeof KEYS;

export interface SeenVersion {
  readonly key: KeyWord | 'none';
  readonly labels: readonly string[];
}

/** What is there of key `web` at one moment, keys told by their word. */
export interface Sight {
  readonly at: Date;
  readonly versions: readonly SeenVersion[];
  /** Keys that Amplitude lets in. */
  readonly accepted: readonly KeyWord[];
  readonly staged: readonly KeyWord[];
  readonly tags: Readonly<Record<string, string>>;
}

const SECRET = 'amplitude/dev/web';
const WORDS = Object.keys(KEYS) as KeyWord[];

export function look(world: World): Sight {
  return {
    at: world.aws.clock.now(),
    versions: Object.entries(world.labels()).map(([id, labels]) => ({
      key: keyOf(world, id),
      labels,
    })),
    accepted: WORDS.filter((word) => world.amplitude.accepts(KEYS[word])),
    staged: WORDS.filter((word) => isStaged(world, word)),
    tags: world.aws.secretsManager.tagsOf(SECRET),
  };
}

/** Words in place of fingerprints. */
export const inWords = (text: string) =>
  WORDS.reduce((told, word) => told.replaceAll(fingerprintOf(KEYS[word]), word), text);

/** Of a version, with labels or without; `none` while it has no value. */
export function keyOf(world: World, versionId: string): KeyWord | 'none' {
  const text = world.aws.secretsManager.valueOf(SECRET, versionId) ?? '{}';
  const { apiKey, secretKey } = JSON.parse(text);
  return WORDS.find((word) => KEYS[word] === (apiKey ?? secretKey)) ?? 'none';
}

const isStaged = (world: World, word: KeyWord) =>
  world.aws.ssm.names().some((name) => name.endsWith(`/${fingerprintOf(KEYS[word])}`));

export function currentIn({ versions }: Sight): KeyWord | undefined {
  const key = versions.find(({ labels }) => labels.includes('AWSCURRENT'))?.key;
  return key === 'none' ? undefined : key;
}

export const compromisedIn = ({ versions }: Sight): KeyWord[] =>
  versions.flatMap(({ key, labels }) =>
    key !== 'none' && labels.some(isCompromised) ? [key] : [],
  );
