import type { CloudTrailRecord } from '../../aws/recorded/cloudtrail.ts';
import type { AttackName } from './attacks.ts';

/** One attack that was planted. */
export interface Planted {
  readonly kind: AttackName;
  /** Differs among the attacks of a kind. */
  readonly number: number;
  /** It is beyond what can be told from a log, and counted apart. @default false */
  readonly isBeyond?: boolean;
  /** Who, from where, with what. */
  readonly told: string;
}

/**
 * `usual`: nobody wants to hear of it. `worth telling`: no attack, but what the guard promises to
 * tell of whoever does it, as a changed trail or a denied read.
 */
export type Origin =
  | { readonly is: 'usual' | 'worth telling'; readonly who: string }
  | { readonly is: 'attack'; readonly planted: Planted };

/** What CloudTrail records, and why it happened. */
export interface Happening {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** CloudTrail's eventID. */
  readonly idOf: () => string;
  readonly origin: Origin;
  /** As the guard tells it. */
  readonly principal: string;
  /** Whether it reads one of the environment's keys, and gets it. */
  readonly isRead: boolean;
  /** Of a service that reads day and night: in the warm-up it is enough to play a part of it. */
  readonly isBulk: boolean;
  /** Made only of what is played. */
  record(): CloudTrailRecord;
}
