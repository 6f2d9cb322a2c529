import type { Parcel } from '../../../../../lambda/domain/relay/sender/parcel.ts';
import { runEvent } from '../../../relay.ts';

/** So many events, each said to have so many bytes. */
export const parcels = (count: number, bytes = 200): Parcel[] =>
  Array.from({ length: count }, () => ({ event: runEvent().event, bytes, messages: [] }));
