import type { Price } from './prices.ts';

/** A month of the first year, of the second, and from the third on: at the end of each. */
export type Years = readonly [number, number, number];

/** `base` is there before any key; `keys` grows with them; the others are of what an environment may have. */
export type Group = 'base' | 'keys' | 'guard' | 'relay';

export interface Line {
  readonly group: Group;
  readonly what: string;
  readonly counts: Years;
  readonly price: Price;
}

/** The same count every year, unless each year's is said. */
export function line(group: Group, what: string, count: number | Years, price: Price): Line {
  const counts: Years = typeof count === 'number' ? [count, count, count] : count;
  return { group, what, counts, price };
}

export const costOf = ({ counts, price }: Line): Years =>
  eachYear((year) => (counts[year] / price.per) * price.usd);

export const totalOf = (lines: readonly Line[]): Years =>
  eachYear((year) => lines.reduce((sum, one) => sum + costOf(one)[year], 0));

/** `year` counts from 0. */
export const eachYear = (of: (year: 0 | 1 | 2) => number): Years => [of(0), of(1), of(2)];
