import { MINUTE, SECOND } from './calendar.ts';
import type { Happening } from './happening.ts';
import type { Random } from './random.ts';

/** An event as it comes out of the queue. */
export interface Delivered {
  /** Milliseconds since 1970. */
  readonly arrives: number;
  readonly happening: Happening;
}

/** Of what takes at least once it is delivered twice so often. */
const TWICE = 0.005;
const LATEST = 15 * MINUTE;

/** CloudTrail takes some minutes, of one event more than of the next, and a queue may deliver twice. */
export function deliveriesOf(happening: Happening, random: Random): Delivered[] {
  const delay = Math.min(LATEST, 15 * SECOND + random.skewed(2 * MINUTE, 0.7));
  const arrives = happening.at + delay;
  const once = { arrives, happening };
  if (!random.isTrue(TWICE)) return [once];
  return [once, { arrives: arrives + random.between(0, 10) * MINUTE, happening }];
}

const MOST_IN_BATCH = 100;

/** By their arrival, as Lambda hands them over when much has come. @param longest of a batch, in milliseconds */
export function batchesOf(delivered: readonly Delivered[], longest: number): Delivered[][] {
  const batches: Delivered[][] = [];
  for (const one of delivered.toSorted((a, b) => a.arrives - b.arrives)) {
    const last = batches.at(-1);
    const isFull = !last?.[0] || last.length === MOST_IN_BATCH;
    if (isFull || one.arrives - (last?.[0]?.arrives ?? 0) > longest) batches.push([one]);
    else last?.push(one);
  }
  return batches;
}
