export interface BatchLimits {
  readonly count: number;
  readonly bytes: number;
}

/** In batches as large as they may be, in order; one that is too large alone goes alone. */
export function inBatches<Thing>(
  things: readonly Thing[],
  bytesOf: (thing: Thing) => number,
  most: BatchLimits,
): Thing[][] {
  const batches: Thing[][] = [];
  let bytes = 0;
  for (const thing of things) {
    const size = bytesOf(thing);
    const open = batches.at(-1);
    if (!open || open.length >= most.count || bytes + size > most.bytes) {
      batches.push([thing]);
      bytes = size;
    } else {
      open.push(thing);
      bytes += size;
    }
  }
  return batches;
}
