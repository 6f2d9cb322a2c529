/** One of the three things that a risk is made of. */
export interface Factor {
  /** 0–100, whole; absent: neutral, since nothing can be said, and of no weight. */
  readonly score?: number;
  /** In words; of a neutral factor why it is neutral. */
  readonly reasons: readonly string[];
}

/** Steps that one principal took one after the other, suspicious only together. */
export interface Sequence {
  readonly code: string;
  /** 0–100: the whole risk is at least that. */
  readonly score: number;
  readonly reason: string;
}

/** How suspicious one use of a key is. */
export interface Risk {
  /** 0–100, whole. */
  readonly score: number;
  readonly device: Factor;
  readonly location: Factor;
  readonly behaviour: Factor;
  readonly sequence?: Sequence;
  /** Its principal hasn't been seen for long enough to know what is usual for it. */
  readonly isLearning: boolean;
  /** Whether it came from where this principal usually comes from; undefined: nobody can tell. */
  readonly isUsualPlace?: boolean;
  /** Whether this very session was seen before, from a usual place. */
  readonly isUsualSession?: boolean;
}
