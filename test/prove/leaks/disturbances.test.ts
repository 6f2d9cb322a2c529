import { expect, it } from 'vitest';
import { disturbancesOf, spread } from './disturbances.ts';
import { ECHOES, waysToFail } from './echoes.ts';

const named = (seed: number) => disturbancesOf(3, seed).map(({ name }) => name);

it('every call fails in every way, before and after its effect within two seeds', () => {
  const both = new Set([...named(90), ...named(91)]);
  expect(both.size).toBe(ECHOES.length + 3 * waysToFail('').length * 2);
});

it('a few of them come from all over, and another seed takes others', () => {
  const all = Array.from({ length: 100 }, (_, index) => index);
  expect(spread(all, 4, 0)).toEqual([0, 25, 50, 75]);
  expect(spread(all, 4, 7)).toEqual([7, 32, 57, 82]);
  expect(spread([1, 2], 4, 7)).toEqual([1, 2]);
});
