import { describe, expect, it } from 'vitest';
import { relative, utc } from '../../../bin/terminal/times.ts';

const NOW = new Date('2026-11-24T02:00:00Z');
const from = (milliseconds: number) => relative(new Date(NOW.getTime() + milliseconds), NOW);

describe('times', () => {
  it('are told in UTC', () => {
    expect(utc('2026-11-24T02:31:59.999Z')).toBe('2026-11-24 02:31 UTC');
  });

  it.each([
    [0, 'just now'],
    [-59_000, 'just now'],
    [-60_000, '1 minute ago'],
    [-7_200_000, '2 hours ago'],
    [-3 * 86_400_000, '3 days ago'],
    [30_000, 'in a moment'],
    [86_400_000, 'in 1 day'],
  ])('%i ms from now is %s', (milliseconds, words) => {
    expect(from(milliseconds)).toBe(words);
  });
});
