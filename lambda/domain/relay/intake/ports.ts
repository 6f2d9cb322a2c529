import type { RelaySettings } from '../../../contract.ts';
import type { AddressRanges } from '../../access-guard/ports.ts';
import type { AtOnce, Clock } from '../../ports.ts';
import type { SecretValue } from '../../secret-value.ts';
import type { Models } from '../ports.ts';
import type { RelayEvent } from '../relay-event.ts';
import type { Form } from './form.ts';
import type { CodedBody } from './request.ts';
import type { Spans } from './span.ts';

/** Where events wait for the sender. */
export interface RelayQueue {
  /** @throws KeysError unless all were taken; some may have been, and come again with the same insert_id */
  put(events: readonly RelayEvent[]): Promise<void>;
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

/** From where no request is taken. */
export interface DeniedBlocks {
  /** CIDR blocks; never throws, since those that the configuration names are always known. */
  now(): Promise<readonly string[]>;
}

export interface Bodies {
  /** Its bytes. @throws KeysError BODY_TOO_LARGE, BODY_UNREADABLE, ENCODING_UNSUPPORTED */
  read(body: CodedBody): Promise<Uint8Array>;
  /** @throws KeysError OTLP_UNREADABLE */
  spansIn(form: Form, body: Uint8Array): Spans;
}

/** What the relay's intake acts through. */
export interface IntakePorts {
  readonly settings: RelaySettings;
  readonly deniedBlocks: DeniedBlocks;
  readonly ranges: Pick<AddressRanges, 'isWithin'>;
  readonly tokens: RelayTokens;
  readonly bodies: Bodies;
  readonly models: Pick<Models, 'add'>;
  readonly queue: RelayQueue;
  readonly atOnce: AtOnce;
  readonly clock: Clock;
}
