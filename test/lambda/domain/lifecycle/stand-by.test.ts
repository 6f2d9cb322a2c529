import { describe, expect, it } from 'vitest';
import { isStandbyMissing } from '../../../../lambda/domain/lifecycle/stand-by.ts';
import {
  ago,
  ahead,
  atRest,
  current,
  DAY,
  FP,
  kinds,
  NOTHING,
  NOW,
  plan,
  rejected,
  type Seed,
  said,
  seen,
  V,
} from './seen.ts';

describe('a standby key that is missing', () => {
  const DUE = ahead(30 * DAY);
  /** So many days before the rotation is due. */
  const due = (left: number, more: Partial<Seed> = {}) =>
    atRest({
      versions: { [V.second]: { ...current, createdAt: ago(60 * DAY) } },
      staged: [],
      verdicts: {},
      now: new Date(DUE.getTime() - left * DAY),
      ...more,
      tags: {
        'amplitude-note-staged': '',
        'amplitude-note-checked': `${FP.second} ${new Date(DUE.getTime() - left * DAY).toISOString()} accepted`,
        ...more.tags,
      },
    });
  const noteOf = (seed: Seed) =>
    plan(seed).told.flatMap((action) => (action.do === 'remember' ? action.value : []));

  it.each([21, 14, 7, 3, 1])('is reminded of %d days before the due date, once', (left) => {
    expect(kinds(due(left))).toEqual(['stage']);
    const [said = ''] = noteOf(due(left));
    const told = { 'amplitude-note-reminder': said };
    expect(kinds(due(left, { tags: told }))).toEqual([]);
    expect(kinds(due(left - 0.04, { tags: told }))).toEqual([]);
  });

  it.each([60, 21.1])('is not reminded of %d days before', (left) => {
    expect(kinds(due(left))).toEqual([]);
  });

  it('is reminded of daily when overdue', () => {
    const [first = ''] = noteOf(due(-0.5));
    const told = { 'amplitude-note-reminder': first };
    expect(kinds(due(-0.9, { tags: told }))).toEqual([]);
    expect(kinds(due(-1.1, { tags: told }))).toEqual(['stage']);
    expect(said(due(-2))).toMatch(
      /Overdue: stage[\s\S]*overdue since 2026-12-24, and no key is staged/,
    );
  });

  it('gets one reminder for steps that were slept through', () => {
    const told = { 'amplitude-note-reminder': noteOf(due(21))[0] ?? '' };
    expect(kinds(due(2, { tags: told }))).toEqual(['stage']);
  });

  it('is reminded of fewer times in a short cycle', () => {
    const managed = { rotateEveryDays: 10 };
    const secret = { schedule: 'rate(10 days)' };
    const seed = (left: number) => {
      const versions = { [V.second]: { ...current, createdAt: ago((10 - left) * DAY) } };
      return due(0, { managed, secret, versions, now: NOW });
    };
    expect(kinds(seed(7))).toEqual([]);
    expect(kinds(seed(3))).toEqual(['stage']);
  });

  const missing = (seed: Seed) => isStandbyMissing(seen(seed));

  it('is an alarm from a week after a promotion, or only from the first reminder on', () => {
    const only = { managed: { standby: 'before due' as const } };
    expect([missing(due(83.1)), missing(due(82.9))]).toEqual([false, true]);
    expect([missing(due(21.1, only)), missing(due(20.9, only))]).toEqual([false, true]);
  });

  it('is an alarm sooner in a short cycle', () => {
    const seed = (age: number) => {
      const versions = { [V.second]: { ...current, createdAt: ago(age * DAY) } };
      return due(0, { managed: { rotateEveryDays: 8 }, versions, now: NOW });
    };
    expect([missing(seed(1.9)), missing(seed(2.1))]).toEqual([false, true]);
  });

  it('is a staged key that Amplitude rejects, too', () => {
    const seed = due(7, { staged: [{}], verdicts: { [FP.third]: rejected() } });
    expect(kinds(seed)).toEqual(['stage', 'finding']);
  });

  it("is nobody's business before the first key", () => {
    const versions = { [V.first]: { labels: ['AWSCURRENT'], content: 'placeholder' as const } };
    expect(plan(due(1, { versions }))).toEqual(NOTHING);
  });
});
