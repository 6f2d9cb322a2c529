import fc from 'fast-check';
import type { ProofOptions } from '../proof.ts';
import type { Schedule } from './turns.ts';

/** Calls that the one and the other make when nobody disturbs them. */
export interface Calls {
  readonly one: number;
  readonly other: number;
}

const upTo = (last: number) => Array.from({ length: Math.max(0, last) }, (_, index) => index + 1);

/** The whole of either at every call of the other, before its first and after its last one too. */
export const oneChange = ({ one, other }: Calls): Schedule[] => [
  ...[0, ...upTo(one)].map((calls) => [calls]),
  ...upTo(other - 1).map((calls) => [0, calls]),
];

/** And every part of either at every call of the other. */
export const twoChanges = ({ one, other }: Calls): Schedule[] => [
  ...upTo(one - 1).flatMap((first) => upTo(other - 1).map((second) => [first, second])),
  ...upTo(other - 1).flatMap((first) => upTo(one - 1).map((second) => [0, first, second])),
];

export function manyChanges(seed: number, count: number): Schedule[] {
  const turns = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 12 });
  return fc.sample(turns, { seed, numRuns: count });
}

/** So many for every commit. */
const FEW = { oneChange: 9, manyChanges: 4 };
const MANY = 60;

export function schedulesOf(calls: Calls, { seed, size }: ProofOptions): Schedule[] {
  const all = oneChange(calls);
  if (size === 'short')
    return [...some(all, FEW.oneChange, seed), ...manyChanges(seed, FEW.manyChanges)];
  return [...all, ...twoChanges(calls), ...manyChanges(seed, MANY)];
}

function some<One>(all: readonly One[], count: number, seed: number): One[] {
  const length = Math.min(count, all.length);
  const subarray = fc.shuffledSubarray([...all], { minLength: length, maxLength: length });
  return fc.sample(subarray, { seed, numRuns: 1 }).flat();
}
