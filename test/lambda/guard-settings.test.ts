import { describe, expect, it } from 'vitest';
import { variable } from '../../lambda/contract.ts';
import { readGuardRules } from '../../lambda/guard-settings.ts';
import { GUARD_RULES } from './guard-rules.ts';

const rules = {
  ...GUARD_RULES,
  allowedRanges: ['192.0.2.0/24', '2001:db8::/32'],
  ownRanges: ['198.51.100.0/24'],
};
const read = (text: string) => readGuardRules({ [variable.guardRules]: text });

describe("the access guard's rules", () => {
  it('are read from one variable', () => {
    expect(read(JSON.stringify(rules))).toEqual(rules);
    const revoking = { ...rules, answer: 'quarantine', revokeAt: 95 };
    expect(read(JSON.stringify(revoking))).toEqual(revoking);
  });

  it('are none where there is no access guard', () => {
    expect(read('')).toBeUndefined();
    expect(readGuardRules({})).toBeUndefined();
  });

  it.each([
    '{',
    '[]',
    JSON.stringify({ ...rules, mostReads: 0 }),
    JSON.stringify({ ...rules, withinMinutes: 1.5 }),
    JSON.stringify({ ...rules, allowedRanges: ['192.0.2.0'] }),
    JSON.stringify({ ...rules, deniedRanges: ['anywhere/8'] }),
    JSON.stringify({ ...rules, ownRanges: ['198.51.100.0'] }),
    JSON.stringify({ ...rules, answer: 'deny' }),
    JSON.stringify({ ...rules, notifyAt: 101 }),
    JSON.stringify({ ...rules, quarantineAt: '70' }),
    JSON.stringify({ ...rules, revokeAt: -1 }),
    JSON.stringify({ ...rules, quarantineHours: 0 }),
    JSON.stringify({ ...rules, mostQuarantinesAnHour: undefined }),
    JSON.stringify({ ...rules, weights: { device: 30, location: 25 } }),
  ])('%j is refused by the name of the variable', (text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'SETTING_INVALID',
        message: expect.stringContaining(variable.guardRules),
      }),
    );
  });
});
