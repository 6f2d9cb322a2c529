import type { QuarantineReport } from '../../../payloads.ts';

/** What was done about one use, by its risk. */
export type AnswerWord =
  | 'recorded'
  | 'notified'
  /** Its reader is denied the keys from now on, or was already. */
  | 'quarantined'
  /** It would have been, if the guard did more than observe. */
  | 'would-quarantine';

export interface Answer {
  readonly word: AnswerWord;
  /** What is denied, or would be. */
  readonly quarantine?: QuarantineReport;
  /** Whether that began with this batch. */
  readonly hasBegun?: boolean;
  /** Why no more was done than its score asks for, in words. */
  readonly why?: string;
  /** Whether that is for want of room: nobody else can be quarantined just now either. */
  readonly isHeldBack?: boolean;
  /** What else a person has to know of it, in words: what was spared, and what failed. */
  readonly besides?: readonly string[];
  /** Whether the emergency function was asked to revoke the key, by this use or another of the day. */
  readonly isRevoked?: boolean;
}
