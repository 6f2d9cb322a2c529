import type { Ledger } from '../ledger.ts';
import type { Moment } from '../moment.ts';

export interface Promised {
  readonly name: string;
  /** What breaks it, naming keys by their fingerprint; undefined while it holds. */
  readonly broken: (moment: Moment, ledger: Ledger) => string | undefined;
}
