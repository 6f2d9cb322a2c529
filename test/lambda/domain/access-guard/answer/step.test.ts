import { describe, expect, it } from 'vitest';
import { stepOf } from '../../../../../lambda/domain/access-guard/answer/step.ts';
import { weighed } from './weighed.ts';

const thresholds = { notifyAt: 40, quarantineAt: 70 };
const at = (score: number) => stepOf(weighed({ risk: { score } }), thresholds).to;

describe('a score', () => {
  it.each([
    [0, 'record'],
    [39, 'record'],
    [40, 'notify'],
    [69, 'notify'],
    [70, 'quarantine'],
    [100, 'quarantine'],
  ])('of %i asks to %s', (score, to) => {
    expect(at(score)).toBe(to);
  });

  it('of what was not weighed asks to record', () => {
    const { risk: _, ...judged } = weighed();
    expect(stepOf(judged, thresholds)).toEqual({ to: 'record' });
  });

  it('leads to no quarantine untold, whatever the thresholds', () => {
    const odd = { notifyAt: 80, quarantineAt: 50 };
    expect(stepOf(weighed({ risk: { score: 79 } }), odd).to).toBe('record');
    expect(stepOf(weighed({ risk: { score: 80 } }), odd).to).toBe('quarantine');
  });

  it('tells what a quarantine takes', () => {
    expect(stepOf(weighed({ risk: { score: 50 } }), thresholds)).toEqual({
      to: 'notify',
      why: 'a quarantine takes a risk of 70',
    });
  });
});

describe('a score of 100', () => {
  const to = (of: Parameters<typeof weighed>[0]) =>
    stepOf(weighed({ ...of, risk: { score: 100 } }), thresholds).to;

  it.each([
    ['a read that was refused', { call: { error: 'AccessDenied' } }, 'notify'],
    ['a stopped trail', { subject: { of: 'trail' } }, 'notify'],
    ['a changed policy', { subject: { of: 'secret', secretId: 'amplitude/dev/web' } }, 'notify'],
    ['a sign-in', { subject: { of: 'sign-in' }, call: { signInFailed: false } }, 'quarantine'],
    ['a failed sign-in', { subject: { of: 'sign-in' }, call: { signInFailed: true } }, 'notify'],
  ] as const)('of %s', (_, of, step) => {
    expect(to(of)).toBe(step);
  });

  it.each([
    [true, 'quarantine'],
    [false, 'notify'],
  ])('of a stopped trail whose event came after that of a read: %s', (hasRead, step) => {
    const sequence = { code: 'blinded-trail', score: 95, reason: 'read after it', hasRead };
    const late = weighed({ subject: { of: 'trail' }, risk: { score: 100, sequence } });
    expect(stepOf(late, thresholds).to).toBe(step);
  });
});
