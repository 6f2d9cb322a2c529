import type { Quarantine } from '../../quarantine/quarantine.ts';

/** What was done about one use, by its risk. */
export type AnswerWord =
  | 'recorded'
  | 'notified'
  /** Its reader is denied the keys from now on, or was already. */
  | 'quarantined'
  /** It would have been, if the guard did more than observe. */
  | 'would quarantine';

export interface Answer {
  readonly word: AnswerWord;
  /** What is denied, or would be. */
  readonly quarantine?: Quarantine;
  /** Why no more was done than its score asks for, in words. */
  readonly why?: string;
  /** Whether the emergency function was asked to revoke the key. */
  readonly isRevoked?: boolean;
}
