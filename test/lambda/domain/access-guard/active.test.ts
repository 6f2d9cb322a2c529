import { describe, expect, it } from 'vitest';
import { addressRanges } from '../../../../lambda/adapters/address-ranges.ts';
import { withDenied } from '../../../../lambda/domain/access-guard/active.ts';
import type { Kept } from '../../../../lambda/domain/quarantine/quarantine.ts';
import { NOW, RULES } from './answer/weighed.ts';

const kept = (denied: Kept['denied'], more: Partial<Kept> = {}): Kept => ({
  id: '0a1b2c3d',
  denied,
  principal: 'arn:aws:iam::111122223333:role/stranger',
  score: 90,
  reasons: [],
  eventId: 'e1',
  at: '2026-11-24T11:00:00.000Z',
  until: '2026-11-25T11:00:00.000Z',
  isAnnounced: true,
  slot: 1,
  ...more,
});
const rules = { ...RULES, deniedRanges: ['198.51.100.0/24'] };
const denied = (...some: Kept[]) =>
  withDenied(rules, { quarantines: some }, NOW, addressRanges).deniedRanges;

describe('a quarantined address', () => {
  it('is denied beside the ranges of the configuration', () => {
    expect(denied(kept({ address: '203.0.113.9' }), kept({ address: '2001:db8::1' }))).toEqual([
      '198.51.100.0/24',
      '203.0.113.9/32',
      '2001:db8::1/128',
    ]);
  });

  it('is denied however it is written', () => {
    const blocks = denied(kept({ address: '::ffff:203.0.113.9' }));
    expect(addressRanges.isWithin('203.0.113.9', blocks)).toBe(true);
  });

  it.each([
    ['it is over', { until: NOW.toISOString() }],
    ['it was released', { releasedAt: '2026-11-24T11:30:00.000Z' }],
  ])('is denied no more once %s', (_, more) => {
    expect(denied(kept({ address: '203.0.113.9' }, more))).toEqual(rules.deniedRanges);
  });

  it('is none where a session alone is denied, or of what is no address', () => {
    expect(denied(kept({ session: 'AROAEXAMPLE:x' }), kept({ address: 'somewhere' }))).toEqual(
      rules.deniedRanges,
    );
  });
});
