import type { Parcel } from './parcel.ts';

/**
 * Of one request to Amplitude's Batch API, less a little for what stands around the events.
 * https://amplitude.com/docs/apis/analytics/batch-event-upload
 */
const MOST = { events: 2_000, bytes: 20_000_000 - 1_000 } as const;

/** In requests as large as Amplitude takes them; one that is too large alone goes alone. */
export function cut(parcels: readonly Parcel[]): Parcel[][] {
  const batches: Parcel[][] = [];
  let bytes = 0;
  for (const parcel of parcels) {
    // And a comma
    const size = parcel.bytes + 1;
    const open = batches.at(-1);
    if (!open || open.length >= MOST.events || bytes + size > MOST.bytes) {
      batches.push([parcel]);
      bytes = size;
    } else {
      open.push(parcel);
      bytes += size;
    }
  }
  return batches;
}

export function halves(parcels: readonly Parcel[]): Parcel[][] {
  const middle = Math.ceil(parcels.length / 2);
  return [parcels.slice(0, middle), parcels.slice(middle)].filter((half) => half.length > 0);
}
