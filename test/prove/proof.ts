/** One search for a way to break a promise of the README. */
export interface Proof {
  /** The word on the command line. */
  readonly name: string;
  /** What it searches, in one line. */
  readonly about: string;
  run(options: ProofOptions): Promise<Outcome>;
}

export interface ProofOptions {
  /** The same seed makes the same search. */
  readonly seed: number;
  /** `short` is the part for every commit, `long` the search. */
  readonly size: 'short' | 'long';
  /** Says how far it is; may be called often. */
  readonly progress: (text: string) => void;
}

export interface Outcome {
  /** One line with its figures: `49 crash points × 3, 0 violations`. */
  readonly summary: string;
  /** More to be read below it, a line each. @default nothing */
  readonly rows?: readonly string[];
  /** The figures of the summary and what else was counted, by snake_case name. */
  readonly figures: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
}

export interface Violation {
  /** What should have held. */
  readonly promise: string;
  /** What was done and what was seen, so that it can be played again. It names no key. */
  readonly how: string;
}
