import { expect, it } from 'vitest';
import { completeSince } from '../../../../lambda/domain/access-guard/complete-since.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const ago = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

it.each([
  ['the oldest use, when none is missing', [1, 2, 3, 4], 4],
  ['the oldest use, in whatever order they are told', [3, 1, 4, 2], 4],
  ['the end of the latest gap of over four hours', [1, 2, 6.5, 7, 30], 2],
  ['the oldest use, across a shorter gap', [1, 5, 9], 9],
  ['a use of only just now', [0], 0],
])('is complete since %s', (_, hours, since) => {
  expect(completeSince(hours.map(ago), NOW)).toEqual(ago(since));
});

it.each([
  ['of which nothing is told', []],
  ['that has nothing of the last hours', [4.1, 5]],
])('is not known to be complete at all, a record %s', (_, hours) => {
  expect(completeSince(hours.map(ago), NOW)).toBeUndefined();
});
