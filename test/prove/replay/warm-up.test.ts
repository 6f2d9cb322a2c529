import { expect, it } from 'vitest';
import { DAY, HOUR, START } from './calendar.ts';
import type { Happening } from './happening.ts';
import { Random } from './random.ts';
import { partOf } from './warm-up.ts';

const happening = (index: number, principal: string, isBulk: boolean): Happening => ({
  at: START + (index * DAY) / 1_000,
  idOf: () => `${principal} ${index}`,
  origin: { is: 'usual', who: principal },
  principal,
  isRead: true,
  isBulk,
  record: () => ({}),
});
const all = Array.from({ length: 1_000 }, (_, index) => [
  happening(index, 'service', true),
  happening(index, 'person', false),
]).flat();
const { played, leftOut } = partOf(all, 0.02, new Random('part'));

it('plays all of people, and of services a share, in every part of the day', () => {
  const of = (name: string) => played.filter(({ principal }) => principal === name);
  expect(of('person')).toHaveLength(1_000);
  expect(of('service').length).toBeGreaterThan(10);
  expect(of('service').length).toBeLessThan(60);
  const parts = new Set(of('service').map(({ at }) => Math.floor((at - START) / (2 * HOUR))));
  expect(parts.size).toBe(12);
});

it('leaves nothing out of both', () => {
  expect(played.length + leftOut.length).toBe(all.length);
  expect(new Set([...played, ...leftOut])).toEqual(new Set(all));
});
