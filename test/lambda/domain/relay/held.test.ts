import { describe, expect, it } from 'vitest';
import { standingOf } from '../../../../lambda/domain/relay/held.ts';

const since = new Date('2026-11-24T00:00:00Z');
const hoursLater = (hours: number) => new Date(since.getTime() + hours * 3_600_000);
const held = { since, rejected: ['first', 'second'] };

describe('the relay', () => {
  it('is on where nothing holds it, whether or not a key can be read', () => {
    expect(standingOf(undefined, undefined, since)).toBe('on');
  });

  it('goes on with a current key that was not rejected', () => {
    expect(standingOf(held, 'third', since)).toBe('on');
    expect(standingOf({ since, rejected: [] }, 'first', since)).toBe('on');
  });

  it('stays held while the current key is one that was rejected, or can not be read', () => {
    expect(standingOf(held, 'second', hoursLater(5.9))).toBe('held');
    expect(standingOf(held, undefined, hoursLater(100))).toBe('held');
  });

  it('tries a rejected key again six hours after it was rejected, or tried', () => {
    expect(standingOf(held, 'first', hoursLater(6))).toBe('trying');
    const tried = { ...held, triedAt: hoursLater(6) };
    expect(standingOf(tried, 'first', hoursLater(11.9))).toBe('held');
    expect(standingOf(tried, 'first', hoursLater(12))).toBe('trying');
  });
});
