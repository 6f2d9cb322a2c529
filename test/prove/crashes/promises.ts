import {
  isAwaitingRevocation,
  isCompromised,
  isReaders,
  isRetained,
  parseRetainedUntil,
} from '../../../lambda/domain/labels.ts';
import { AWAITING, note } from '../../../lambda/domain/lifecycle/notes.ts';
import { compromisedIn, currentIn, type KeyWord, type SeenVersion, type Sight } from './sight.ts';

/** What was seen before, as far as it matters. */
export interface Past {
  /** When a key was seen as the current one last. */
  readonly current: ReadonlyMap<KeyWord, Date>;
  /** Keys that were current and were replaced. */
  readonly replaced: ReadonlySet<KeyWord>;
}

export interface Watched {
  readonly now: Sight;
  readonly past: Past;
  /** Declared compromised: they get no retention. */
  readonly leaked: readonly KeyWord[];
  /** Milliseconds for which a replaced key stays readable. */
  readonly retention: number;
}

export interface Rule {
  readonly promise: string;
  /** What is seen against it. */
  readonly broken: (watched: Watched) => readonly string[];
}

export const ACCEPTED: Rule = {
  promise: 'The current key is one that Amplitude accepts',
  broken: ({ now }) => {
    const current = currentIn(now);
    return current && now.accepted.includes(current) ? [] : [`${current ?? 'no key'} is current`];
  },
};

export const NOT_LOST: Rule = {
  promise: 'No key is lost before its time',
  broken: ({ now, past, leaked, retention }) =>
    [...past.current]
      .filter(([key]) => key !== currentIn(now) && !leaked.includes(key))
      .map(([key, last]) => ({ key, until: new Date(last.getTime() + retention) }))
      .filter(({ key, until }) => now.at < until && !isReadableUntil(now, key, until))
      .map(({ key, until }) => `${key} is not kept until ${until.toISOString()}`),
};

export const NEVER_BACK: Rule = {
  promise: 'A replaced key never becomes current again',
  broken: ({ now, past }) => {
    const current = currentIn(now);
    return current && past.replaced.has(current) ? [`${current} is current again`] : [];
  },
};

export const ONLY_LEAKED_MARKED: Rule = {
  promise: 'Only a leaked key is marked as compromised',
  broken: ({ now, leaked }) =>
    compromisedIn(now)
      .filter((key) => !leaked.includes(key))
      .map((key) => `${key} is marked`),
};

/** Held at every moment, whatever failed. */
export const ALWAYS: readonly Rule[] = [ACCEPTED, NOT_LOST, NEVER_BACK, ONLY_LEAKED_MARKED];

export const NO_LABEL_LEFT: Rule = {
  promise: 'No label is left behind',
  broken: ({ now }) => now.versions.filter(hasLeftover).map(told),
};

export const LEAKED_OUT_OF_REACH: Rule = {
  promise: 'A leaked key is not current, not retained and read by no label',
  broken: ({ now, leaked }) =>
    now.versions
      .filter(({ key, labels }) => isOneOf(leaked, key) && labels.some(isForReaders))
      .map(told),
};

export const LEAKED_MARKED: Rule = {
  promise: 'A leaked key is marked as compromised until it is retired',
  broken: ({ now, leaked }) =>
    now.versions
      .filter(({ key, labels }) => isOneOf(leaked, key) && !labels.some(isCompromised))
      .map(told),
};

/** From the end of a revocation on, whatever goes on after it. */
export const CONTAINED: readonly Rule[] = [LEAKED_OUT_OF_REACH, LEAKED_MARKED];

export const NOTHING_STAGED_LEFT: Rule = {
  promise: 'A key that was promoted or leaked is no longer staged',
  broken: ({ now, past, leaked }) =>
    now.staged
      .filter((key) => past.current.has(key) || leaked.includes(key) || isIn(now, key))
      .map((key) => `${key} is staged`),
};

/** Once all was run again as the service would. */
export const SETTLED: readonly Rule[] = [NO_LABEL_LEFT, ...CONTAINED, NOTHING_STAGED_LEFT];

/** Once every replaced key was revoked at Amplitude and reported retired. */
export const OVER: Rule = {
  promise: 'In the end only the current key is left',
  broken: ({ now }) => [
    ...now.versions.filter(({ labels }) => labels.join() !== 'AWSCURRENT').map(told),
    ...Object.keys(now.tags).filter(isPassing),
  ],
};

export function brokenBy(rules: readonly Rule[], watched: Watched) {
  return rules.flatMap(({ promise, broken }) => broken(watched).map((seen) => ({ promise, seen })));
}

function isReadableUntil({ versions }: Sight, word: KeyWord, until: Date): boolean {
  // A label tells whole seconds
  const least = Math.floor(until.getTime() / 1000) * 1000;
  return versions
    .filter(({ key }) => key === word)
    .flatMap(({ labels }) => labels.map(parseRetainedUntil))
    .some((deadline) => deadline !== undefined && deadline.getTime() >= least);
}

function hasLeftover({ labels }: SeenVersion): boolean {
  if (labels.includes('AWSPENDING')) return true;
  if (labels.includes('AWSCURRENT')) return labels.length > 1;
  const [retained, awaiting] = [isRetained, isAwaitingRevocation].map(
    (is) => labels.filter(is).length,
  );
  return (retained ?? 0) + (awaiting ?? 0) !== 1;
}

const isForReaders = (label: string) =>
  isReaders(label) || label === 'AWSCURRENT' || label === 'AWSPENDING';

const isOneOf = (keys: readonly string[], key: string) => keys.includes(key);

const isIn = ({ versions }: Sight, word: KeyWord) => versions.some(({ key }) => key === word);

const isPassing = (tag: string) =>
  tag.startsWith(AWAITING) || tag === note.pending || tag === note.rollback;

const told = ({ key, labels }: SeenVersion) => `${key} has ${labels.join(', ')}`;
