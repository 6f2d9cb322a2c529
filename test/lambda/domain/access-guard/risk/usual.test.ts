import { describe, expect, it } from 'vitest';
import {
  familiarityOf,
  isRoaming,
  isUsualHour,
  medianReads,
  staysInVpc,
} from '../../../../../lambda/domain/access-guard/risk/usual.ts';
import { baselineOf, DAYS, type Past, TODAY } from './past.ts';

const places = (count: number, days: readonly number[]): Past =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`place 203.0.${days.length}${index}.0/24`, days]),
  );

const ELSEWHERE: Past = Object.fromEntries(
  Array.from({ length: 12 }, (_, index) => [
    `place ${index % 2 ? `vpce-${index}` : `service-${index}.amazonaws.com`}`,
    [3],
  ]),
);

describe('a trait', () => {
  it.each<[readonly number[], string]>([
    [[], 'new'],
    [[0], 'new'],
    [[0, 1], 'rare'],
    [[1, 30], 'rare'],
    [[0, 1, 2, 3], 'usual'],
    // As one saw it whose message came days late
    [[-1, -2, -3], 'new'],
  ])('seen %j days ago is %s', (days, familiarity) => {
    expect(familiarityOf(baselineOf({ 'key web': days }), 'key web', TODAY)).toBe(familiarity);
  });
});

describe('a principal', () => {
  it.each<[string, boolean, Past]>([
    ['with two places', false, places(2, DAYS)],
    ['with nine places', false, places(9, [1, 2])],
    ['with ten places', true, places(10, [1, 2])],
    ['with ten places of today', false, places(10, [0])],
    ['with four places that it came to once', true, places(4, [3])],
    ['with many VPC endpoints and services', false, ELSEWHERE],
    ['with three of these', false, places(3, [3])],
    ['with four of these among nine', false, { ...places(4, [3]), ...places(5, DAYS) }],
  ])('%s comes from anywhere: %s', (_, roams, past) => {
    expect(isRoaming(baselineOf(past), TODAY)).toBe(roams);
  });

  it('stays in its VPC as long as it never left it', () => {
    const inVpc = { 'place vpce-1': DAYS };
    expect(staysInVpc(baselineOf(inVpc), TODAY)).toBe(true);
    expect(staysInVpc(baselineOf({ ...inVpc, ...places(1, [4]) }), TODAY)).toBe(false);
    expect(staysInVpc(baselineOf({}), TODAY)).toBe(false);
  });

  it.each([
    [0, [0], true],
    [23, [0], true],
    [1, [0], true],
    [2, [0], false],
    [22, [0], false],
    [12, [], true],
    [12, [0, 1, 2, 3, 4, 5, 6, 7, 8, 18], true],
    [12, [0, 1, 2, 3, 4, 5, 6, 7, 18], false],
  ])('at %d o’clock reads as usual after %j: %s', (hour, hours, isUsual) => {
    const past = Object.fromEntries(hours.map((one) => [`hour ${one}`, [1]]));
    expect(isUsualHour(baselineOf(past), hour, TODAY)).toBe(isUsual);
  });

  it('reads usually what it reads on the median of its latest fourteen days', () => {
    expect(medianReads(baselineOf({}, []), TODAY)).toBe(0);
    expect(medianReads(baselineOf({}, [7]), TODAY)).toBe(7);
    expect(medianReads(baselineOf({}, [1, 9, 5]), TODAY)).toBe(5);
    const changed = [...Array(8).fill(50), ...Array(20).fill(1)];
    expect(medianReads(baselineOf({}, changed), TODAY)).toBe(50);
    expect(medianReads(baselineOf({}, changed.slice(2)), TODAY)).toBe(1);
  });
});
