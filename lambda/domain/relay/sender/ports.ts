import type { KeysError } from '../../errors.ts';
import type { SecretValue } from '../../secret-value.ts';
import type { RelayEvent } from '../relay-event.ts';

/** Of a batch that was sent; but for the first, nothing of it was taken. */
export type Sent =
  | { readonly outcome: 'taken' }
  /** Amplitude names what is wrong with these events, by their index; none: it doesn't say with which. */
  | { readonly outcome: 'refused'; readonly reasons: ReadonlyMap<number, string> }
  | { readonly outcome: 'too large' }
  /** Of the users or devices of these events too much came; none: it doesn't say of which. */
  | {
      readonly outcome: 'throttled';
      readonly indexes: ReadonlySet<number>;
      readonly waitMs: number;
    }
  | { readonly outcome: 'key rejected' }
  | { readonly outcome: 'unavailable'; readonly reason: string };

/** Amplitude's Batch API. Never throws: what isn't an answer is `unavailable`. */
export interface BatchApi {
  send(key: SecretValue, events: readonly RelayEvent['event'][]): Promise<Sent>;
}

/** A key that the sender may use. */
export interface SendingKey {
  readonly value: SecretValue;
  readonly fingerprint: string;
  readonly label: string;
}

/** The keys of the relay's secret, read by label as any consumer reads them. */
export interface SendingKeys {
  /** At most five minutes old. @throws KeysError NO_KEY_YET, or why it can't be read */
  current(): Promise<SendingKey>;
  /** The next `current` is read anew. */
  forget(): void;
  /** The retained ones, the last replaced first. @throws KeysError at its end, of what can't be read */
  retained(): AsyncIterable<SendingKey>;
}

/** That no key is accepted, or none can be read. */
export interface Held {
  readonly since: Date;
  /** Fingerprints of the keys that Amplitude rejected; none: the current key couldn't be read. */
  readonly rejected: readonly string[];
  /** When a rejected key was tried again last. */
  readonly triedAt?: Date;
  /** When Amplitude accepted a key again: what is left to be done is to end it. */
  readonly overAt?: Date;
}

/** What holds the sender back, shared by all that run at once. */
export interface Holding {
  read(): Promise<Held | undefined>;
  /** Begins it, or adds keys to what has begun; it isn't over then. */
  hold(rejected: readonly string[], now: Date): Promise<void>;
  /** Keeps when it was tried again; of what has ended already, nothing. */
  tried(held: Held, now: Date): Promise<void>;
  /** Keeps that it is over, for whoever ends it; unless it has ended, or a key was added since. */
  over(held: Held, acceptedAt: Date): Promise<void>;
  /** Ends it, unless that is done and another has begun, or a key was added since it was read. */
  release(held: Held): Promise<void>;
}

/** Lambda's poller of the queue. Disabling what is disabled is done too, and so is enabling. */
export interface EventSourceMapping {
  /** @throws KeysError */
  disable(): Promise<void>;
  /** @throws KeysError */
  enable(): Promise<void>;
}

/** Where events go that Amplitude will never take. */
export interface FailedEvents {
  /**
   * Texts of messages, each with a code: as they came, but for models that are known by now. Never
   * throws.
   */
  put(messages: readonly { readonly body: string; readonly reason: string }[]): Promise<Untaken>;
}

/** Of what was put into a queue. */
export interface Untaken {
  /** Indexes of what the queue didn't take, or gave no answer of; none: it took all. */
  readonly untaken: ReadonlySet<number>;
  /** Why, of the first. */
  readonly error?: KeysError;
}
