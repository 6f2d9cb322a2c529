import type { Fingerprint } from '../../lambda/domain/secret-value.ts';
import type { LineAndColumn } from './line-count.ts';

/** A known key where it shouldn't be. */
export type Find = {
  readonly fingerprint: Fingerprint;
  /** How often it is in there. */
  readonly times: number;
} & Partial<LineAndColumn> &
  Place;

export type Place =
  | { readonly where: 'file' | 'file name' | 'staged file'; readonly path: string }
  | {
      readonly where: 'history';
      /** Absent for an object that no commit has: it is staged, or was once. */
      readonly path?: string;
      /** The earliest that has it so, and its time. */
      readonly commit?: string;
      readonly committedAt?: string;
      readonly object: string;
      /** Contents of this path that hold the key. */
      readonly versions: number;
    }
  | { readonly where: 'commit message' | 'tag message'; readonly object: string };

/** What should have been searched and couldn't be. */
export interface Unsearched {
  readonly what: string;
  readonly message: string;
}

export interface Searched {
  readonly finds: readonly Find[];
  readonly unsearched: readonly Unsearched[];
  /** Files or objects whose content was searched. */
  readonly count: number;
  readonly bytes: number;
}
