import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cut, halves } from '../../../../../lambda/domain/relay/sender/cut.ts';
import { parcels } from './parcels.ts';

const lengths = (batches: readonly (readonly unknown[])[]) => batches.map(({ length }) => length);

describe('events', () => {
  it('are sent 2,000 in a request', () => {
    expect(lengths(cut(parcels(4_001)))).toEqual([2_000, 2_000, 1]);
    expect(cut([])).toEqual([]);
  });

  it('are sent in requests of 20 MB', () => {
    expect(lengths(cut(parcels(5, 9_999_000)))).toEqual([2, 2, 1]);
  });

  it('that are too large for any request go alone', () => {
    expect(lengths(cut([...parcels(1), ...parcels(1, 30_000_000), ...parcels(1)]))).toEqual([
      1, 1, 1,
    ]);
  });

  it('are cut in order, each once, within the limits, whatever their sizes', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 12_000_000 }), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, (all) => {
        const events = all.flatMap((bytes) => parcels(1, bytes));
        const batches = cut(events);
        expect(batches.flat()).toEqual(events);
        for (const batch of batches) {
          const bytes = batch.reduce((sum, parcel) => sum + parcel.bytes + 1, 0);
          expect(batch.length === 1 || bytes <= 20_000_000).toBe(true);
        }
      }),
      { seed: 9, numRuns: 200 },
    );
  });

  it.each([
    [1, [1]],
    [2, [1, 1]],
    [7, [4, 3]],
  ])('%i are halved, every other one', (count, expected) => {
    const events = parcels(count);
    expect(lengths(halves(events))).toEqual(expected);
    expect(new Set(halves(events).flat())).toEqual(new Set(events));
    expect(halves(events)[0]?.slice(0, 2)).toEqual(events.slice(0, 3).filter((_, at) => at !== 1));
  });
});
