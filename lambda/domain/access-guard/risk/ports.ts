/** What one principal did so far, as far as it is remembered. */
export interface Baseline {
  /**
   * What was seen of its reads, `place vpce-0a1b2c3d` or `agent Boto3` say, and on which days since
   * 1970. What was suspicious is not among it.
   */
  readonly traits: ReadonlyMap<string, readonly number[]>;
  /** Its reads by day, suspicious ones included; one whose message came again is counted again. */
  readonly reads: ReadonlyMap<number, number>;
  /** What it did within the last days that may be part of a sequence. */
  readonly steps: readonly string[];
}

/** What a batch shows of one principal, whatever is thought of it. */
export interface Doings {
  /** Number of reads by day since 1970. */
  readonly reads: ReadonlyMap<number, number>;
  readonly steps: readonly string[];
}

/** Who usually does what, kept for 60 days after the last time. */
export interface Baselines {
  /** Adds to what the principal did, and answers all that is known of it, this included. */
  note(principal: string, doings: Doings, expires: Date): Promise<Baseline>;
  /** All that is known of it; nothing of one who was never noted. */
  known(principal: string): Promise<Baseline>;
  /** Adds these traits on a day, each once; takes what is outdated away. */
  learn(
    principal: string,
    traits: readonly string[],
    day: number,
    outdated: Outdated,
  ): Promise<void>;
  /** Keeps that granted principals read from an address as usual. */
  keepAddress(address: string, expires: Date): Promise<void>;
  isKept(address: string, now: Date): Promise<boolean>;
}

export interface Outdated {
  /** To be forgotten as a whole. */
  readonly traits: readonly string[];
  /** Days of other traits. */
  readonly seen: ReadonlyMap<string, readonly number[]>;
  /** Days of reads. */
  readonly days: readonly number[];
  readonly steps: readonly string[];
}

/** Where an address is, by a database that the operator supplies. */
export interface Countries {
  /** ISO 3166-1 alpha-2; undefined: the database doesn't know it, or there is none. */
  countryOf(address: string): string | undefined;
  /** When the database was made; absent without one that can be read. */
  readonly builtAt?: Date | undefined;
  /**
   * Why there is none: none was supplied, or what is wrong with the one that was, which may turn out
   * with any look-up.
   */
  readonly missing?: string | undefined;
  /** What to know about the one that is used: that it is old, say. */
  readonly note?: string | undefined;
}
