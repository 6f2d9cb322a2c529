import type { Desired, Kept, Quarantine } from './quarantine.ts';

/** Which quarantines there are to be: one item, changed as a whole. */
export interface Quarantines {
  all(): Promise<Desired>;
  /** @returns undefined: somebody else changed them since that version, and nothing was done */
  change(to: readonly Kept[], ifVersion: number): Promise<Desired | undefined>;
}

/** The tags by which a secret's policy knows who is quarantined. */
export interface QuarantineTags {
  /** Sets some and takes others off; any other tag stays. */
  change(
    secretId: string,
    set: Readonly<Record<string, string>>,
    off: readonly string[],
  ): Promise<void>;
}

/** A reader is quarantined; told to the event bus. */
export interface ReaderQuarantined {
  readonly environment: string;
  readonly quarantine: Quarantine;
  /** Of the key that was read; absent of a sign-in, and where it isn't known. */
  readonly secretArn?: string | undefined;
}

export interface QuarantineAnnouncer {
  announce(event: ReaderQuarantined): Promise<void>;
}
