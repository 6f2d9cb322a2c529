import { type Fingerprint, fingerprintOf } from '../../lambda/domain/secret-value.ts';
import type { KnownKey } from './known-keys.ts';
import { WordSearch } from './word-search.ts';

/** Known keys by fingerprint: the same key may be known in several places. */
export type Known = ReadonlyMap<Fingerprint, readonly KnownKey[]>;

export const byFingerprint = (keys: readonly KnownKey[]): Known =>
  Map.groupBy(keys, ({ fingerprint }) => fingerprint);

/** A known key in one content. */
export interface Sighting {
  readonly fingerprint: Fingerprint;
  /** Of its first digit, where it is seen first. */
  readonly offset: number;
  readonly times: number;
}

/** Finds known keys in a content that comes in chunks. */
export class KeySearch {
  readonly #search: WordSearch;
  readonly #seen = new Map<Fingerprint, { offset: number; times: number }>();

  constructor(known: Known) {
    this.#search = new WordSearch((word, offset) => {
      const fingerprint = fingerprintOf(word);
      if (!known.has(fingerprint)) return;
      const seen = this.#seen.get(fingerprint);
      if (seen) seen.times += 1;
      else this.#seen.set(fingerprint, { offset, times: 1 });
    });
  }

  push(chunk: Buffer): void {
    this.#search.push(chunk);
  }

  end(): readonly Sighting[] {
    this.#search.end();
    return [...this.#seen].map(([fingerprint, seen]) => ({ fingerprint, ...seen }));
  }
}

export function searchIn(bytes: Buffer, known: Known): readonly Sighting[] {
  const search = new KeySearch(known);
  search.push(bytes);
  return search.end();
}
