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

export function halves(parcels: readonly Parcel[]): Parcel[][] {
  const middle = Math.ceil(parcels.length / 2);
  return [parcels.slice(0, middle), parcels.slice(middle)].filter((half) => half.length > 0);
}
