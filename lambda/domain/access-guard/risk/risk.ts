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
  /** Whether a successful read is among them, which may have arrived before the event that is told. */
  readonly hasRead: boolean;
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
  /**
   * Whether this very session was seen on an earlier day with nothing suspicious about it, as those
   * of Lambda and EC2 are, whose names are constant: denying it would deny the whole consumer.
   */
  readonly isUsualSession?: boolean;
}

/** What makes a risk more than nothing, in words. */
export function reasonsOf({ device, location, behaviour, sequence }: Risk): string[] {
  const factors = [device, location, behaviour].filter(({ score = 0 }) => score > 0);
  return [...(sequence ? [sequence.reason] : []), ...factors.flatMap(({ reasons }) => reasons)];
}
