import type { KeysError } from '../errors.ts';
import type { SecretValue } from '../secret-value.ts';
import type { RelayEvent } from './relay-event.ts';

/** Where events wait for the sender. */
export interface RelayQueue {
  /** @throws KeysError unless all were taken; some may have been, and come again with the same insert_id */
  put(events: readonly RelayEvent[]): Promise<void>;
}

/** A call of a model, told by a span of its own. */
export interface ModelCall {
  readonly model: string;
  /** Milliseconds since 1970; 0: the span doesn't say. */
  readonly endedMs: number;
}

/** Calls of models, told by spans that come in other requests than the execution's own. */
export interface Models {
  /** Adds calls to a trace; kept for as long as an event may wait in the queue. */
  add(trace: string, calls: readonly ModelCall[]): Promise<void>;
  /** Of each trace that is known. */
  of(traces: readonly string[]): Promise<ReadonlyMap<string, readonly ModelCall[]>>;
}

/** Tokens that a request may present: the current and the previous one, neither ever printed. */
export interface RelayTokens {
  /** @throws KeysError when the secret can't be read and no earlier answer is younger than an hour */
  accepted(): Promise<readonly SecretValue[]>;
  /**
   * The same as they are now, since one that isn't known may be new: read anew, unless that was done
   * within ten seconds.
   * @throws KeysError when they can't be read
   */
  renewed(): Promise<readonly SecretValue[]>;
  /** The key of the digests of user ids. @throws KeysError likewise */
  digestKey(): Promise<SecretValue>;
}

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
  /** The retained ones, the last replaced first. @throws KeysError */
  retained(): Promise<readonly SendingKey[]>;
}

/** That no key is accepted, or none can be read. */
export interface Held {
  readonly since: Date;
  /** Fingerprints of the keys that Amplitude rejected; none: the current key couldn't be read. */
  readonly rejected: readonly string[];
  /** When a rejected key was tried again last. */
  readonly triedAt?: Date;
}

/** What holds the sender back, shared by all that run at once. */
export interface Holding {
  read(): Promise<Held | undefined>;
  /** Begins it, or adds keys to what has begun. */
  hold(rejected: readonly string[], now: Date): Promise<void>;
  /** Keeps when it was tried again; of what is over already, nothing. */
  tried(held: Held, now: Date): Promise<void>;
  /** Ends it, unless that is done and another has begun, or a key was added since it was read. */
  release(held: Held): Promise<void>;
}

/** Whether the sender is handed events. Stopping what has stopped is done too, and so is starting. */
export interface Feed {
  /** @throws KeysError */
  stop(): Promise<void>;
  /** @throws KeysError */
  start(): Promise<void>;
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
