/** What may happen to a key, in the design's words; each is one line of the audit trail. */
export const TRANSITIONS = [
  'staged',
  'unstaged',
  'promoted',
  'retained',
  'adopted',
  'awaiting-revocation',
  'retired',
  'pending-cleared',
  'deadline-removed',
  'compromised',
  'rolled-back',
  'locked-down',
  'unlocked',
  'released',
] as const;
export type TransitionWord = (typeof TRANSITIONS)[number];

/** Who made it happen: an operator by keyctl, whoever put a value by hand, or one of the functions. */
export type TransitionAuthor = 'operator' | 'hand' | 'rotation' | 'lifecycle' | 'emergency';

/** A line of the audit trail, as JSON. It names keys by fingerprint and never holds one. */
export interface Transition {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly environment: string;
  readonly key: string;
  readonly transition: TransitionWord;
  readonly by: TransitionAuthor;
  readonly versionId?: string;
  readonly fingerprint?: string;
  /** The key's name in Amplitude's UI. */
  readonly name?: string;
  /** A sentence for an auditor: a deadline, an endpoint and its answer. */
  readonly detail?: string;
}
