import { expect, it } from 'vitest';
import { HOUR, MINUTE, START } from './calendar.ts';
import { batchesOf, deliveriesOf } from './delivery.ts';
import type { Happening } from './happening.ts';
import { Random } from './random.ts';

const happening = (at: number): Happening => ({
  at,
  idOf: () => String(at),
  origin: { is: 'usual', who: 'somebody' },
  principal: 'somebody',
  isRead: true,
  isBulk: false,
  record: () => ({}),
});

const random = new Random('delivery');
const all = Array.from({ length: 4_000 }, (_, index) => happening(START + index * 1_000));
const delivered = all.flatMap((one) => deliveriesOf(one, random));

it('comes late by up to a quarter of an hour, in another order, and now and then twice', () => {
  const first = new Map(delivered.toReversed().map((one) => [one.happening, one.arrives]));
  const delays = [...first].map(([{ at }, arrives]) => arrives - at);
  expect(Math.min(...delays)).toBeGreaterThan(0);
  expect(Math.max(...delays)).toBeLessThanOrEqual(15 * MINUTE);
  expect(Math.max(...delays)).toBeGreaterThan(8 * MINUTE);
  const arrivals = all.map((one) => first.get(one) ?? 0);
  expect(arrivals).not.toEqual(arrivals.toSorted((one, other) => one - other));
  const twice = delivered.length - all.length;
  expect(twice / all.length).toBeGreaterThan(0.002);
  expect(twice / all.length).toBeLessThan(0.01);
});

it('comes in batches of a hundred by arrival, none of which gathers for longer than it may', () => {
  const batches = batchesOf(delivered, HOUR);
  expect(batches.flat()).toEqual(delivered.toSorted((one, other) => one.arrives - other.arrives));
  expect(Math.max(...batches.map(({ length }) => length))).toBe(100);
  const spread = [START, START + 2 * HOUR].map((at) => ({ arrives: at, happening: happening(at) }));
  expect(batchesOf(spread, HOUR)).toHaveLength(2);
});
