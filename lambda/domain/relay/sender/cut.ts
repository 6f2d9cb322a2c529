import { inBatches } from '../../in-batches.ts';
import type { Parcel } from './parcel.ts';

/**
 * Of one request to Amplitude's Batch API, less a little for what stands around the events.
 * https://amplitude.com/docs/apis/analytics/batch-event-upload
 */
const MOST = { count: 2_000, bytes: 20_000_000 - 1_000 } as const;

/** In requests as large as Amplitude takes them, with a comma after each event. */
export const cut = (parcels: readonly Parcel[]): Parcel[][] =>
  inBatches(parcels, ({ bytes }) => bytes + 1, MOST);

/** Every other one: of many bad ones in a row each half gets some, and none of the good ones waits for all. */
export const halves = (parcels: readonly Parcel[]): Parcel[][] =>
  [0, 1].map((odd) => parcels.filter((_, at) => at % 2 === odd)).filter((half) => half.length > 0);
