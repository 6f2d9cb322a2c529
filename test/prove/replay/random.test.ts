import { expect, it } from 'vitest';
import { Random } from './random.ts';

const drawn = (random: Random) => Array.from({ length: 20 }, () => random.bits());

it('draws the same again by the same name, and by another name other things', () => {
  expect(drawn(new Random('one'))).toEqual(drawn(new Random('one')));
  expect(drawn(new Random('one'))).not.toEqual(drawn(new Random('other')));
});

it('gives everybody a stream of their own, whatever was drawn before', () => {
  const random = new Random('one');
  const before = drawn(random.of('ann', 1));
  random.share();
  expect(drawn(random.of('ann', 1))).toEqual(before);
  expect(drawn(random.of('ann', 2))).not.toEqual(before);
});

it('spreads evenly', () => {
  const random = new Random('dice');
  const counts = Map.groupBy(
    Array.from({ length: 6_000 }, () => random.whole(1, 6)),
    (side) => side,
  );
  expect([...counts.keys()].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  for (const some of counts.values()) expect(Math.abs(some.length - 1_000)).toBeLessThan(120);
});

it('waits and is skewed around what is asked for', () => {
  const random = new Random('mean');
  const mean = (draw: () => number) =>
    Array.from({ length: 4_000 }, draw).reduce((sum, one) => sum + one, 0) / 4_000;
  expect(mean(() => random.wait(10))).toBeCloseTo(10, 0);
  const sorted = Array.from({ length: 4_001 }, () => random.skewed(10, 0.5)).sort((a, b) => a - b);
  expect(sorted[2_000]).toBeCloseTo(10, 0);
});

it('picks each at most once when it picks some', () => {
  const some = new Random('hand').some([1, 2, 3, 4, 5], 3);
  expect(new Set(some).size).toBe(3);
  expect(new Random('hand').some([1, 2], 9)).toHaveLength(2);
});

it('has nothing to pick from nothing', () => {
  expect(() => new Random('none').pick([])).toThrow('nothing to pick from');
});
