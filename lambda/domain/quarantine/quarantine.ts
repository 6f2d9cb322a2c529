import type { QuarantineReport } from '../../payloads.ts';

/** A reader who is denied every key of the environment until some time. */
export interface Quarantine extends QuarantineReport {
  /** Whether the event bus was told. */
  readonly isAnnounced: boolean;
}

/** The quarantines as they are to be; the tags of the secrets follow. */
export interface Desired {
  /** Grows with every change. */
  readonly version: number;
  readonly quarantines: readonly Quarantine[];
}
