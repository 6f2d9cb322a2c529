import type { RelaySettings } from '../../../contract.ts';
import type { AddressRanges } from '../../access-guard/ports.ts';
import type { AtOnce, Clock } from '../../ports.ts';
import type { Models, RelayQueue, RelayTokens } from '../ports.ts';
import type { Spans } from '../span.ts';
import type { Form } from './form.ts';
import type { CodedBody } from './request.ts';

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
