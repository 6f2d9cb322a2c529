import type { SecretValue } from '../secret-value.ts';
import type { RelayEvent } from './relay-event.ts';

/** Where events wait for the sender. */
export interface RelayQueue {
  /** @throws KeysError unless all were taken; some may have been, and come again with the same insert_id */
  put(events: readonly RelayEvent[]): Promise<void>;
}

/** Which models an execution used, told by spans that came before the execution's own. */
export interface Models {
  /** Adds models to a trace; kept for an hour. */
  add(trace: string, models: readonly string[]): Promise<void>;
  /** Of each trace that is known, its models in alphabetical order. */
  of(traces: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
}

/** Tokens that a request may present: the current and the previous one, neither ever printed. */
export interface RelayTokens {
  /** @throws KeysError when the secret can't be read and no earlier answer is younger than an hour */
  accepted(): Promise<readonly SecretValue[]>;
  /** The key of the digests of user ids. */
  digestKey(): Promise<SecretValue>;
}

/** Of a batch that was sent. */
export type Sent =
  | { readonly outcome: 'taken' }
  /** Amplitude names these events by their index; the others weren't taken either. */
  | { readonly outcome: 'refused'; readonly indexes: readonly number[]; readonly reason: string }
  | { readonly outcome: 'too large' }
  /** Of these users or devices too much came; the others weren't taken either. */
  | { readonly outcome: 'throttled'; readonly indexes: readonly number[]; readonly waitMs: number }
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
  /** @throws KeysError */
  current(): Promise<SendingKey>;
  /** The retained ones, the latest first. */
  retained(): Promise<readonly SendingKey[]>;
}

/** Whether the sender is handed events. */
export interface Feed {
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Where events go that Amplitude will never take. */
export interface FailedEvents {
  /** The texts of messages as they came, each with a code. @throws KeysError unless all were taken */
  put(messages: readonly { readonly body: string; readonly reason: string }[]): Promise<void>;
}
