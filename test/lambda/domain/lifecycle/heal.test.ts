import { describe, expect, it } from 'vitest';
import {
  accepted,
  ago,
  ahead,
  atRest,
  current,
  DAY,
  FP,
  HOUR,
  KEY,
  kinds,
  label,
  move,
  NOTHING,
  NOW,
  plan,
  rejected,
  type Seed,
  said,
  V,
  words,
} from './seen.ts';

describe('a rotation that died', () => {
  const left = (seed: Partial<Seed['versions'][string]>, tags: Record<string, string> = {}) =>
    atRest({
      versions: { [V.second]: current, [V.third]: { labels: ['AWSPENDING'], ...seed } },
      tags,
    });
  const sighted = (at: Date) => ({ 'amplitude-note-pending': `${V.third} ${at.toISOString()}` });

  it('is remembered when it is first sighted', () => {
    expect(plan(left({})).actions).toEqual([
      { do: 'remember', tag: 'amplitude-note-pending', value: `${V.third} ${NOW.toISOString()}` },
    ]);
  });

  it('is left alone for an hour without a value, for a day with one', () => {
    expect(plan(left({}, sighted(ago(HOUR))))).toEqual(NOTHING);
    expect(plan(left({ key: KEY.third }, sighted(ago(24 * HOUR))))).toEqual(NOTHING);
  });

  it.each([
    ['without a value', {}, HOUR + 1, 'no value'],
    ['with one', { key: KEY.third }, 24 * HOUR + 1, FP.third],
  ])('%s is cleared after that, and told', (_, seed, age, what) => {
    const swept = left(seed, sighted(ago(age)));
    expect(plan(swept).actions.slice(0, 2)).toEqual([
      move({ label: 'AWSPENDING', from: V.third }),
      { do: 'forget', tag: 'amplitude-note-pending' },
    ]);
    expect(kinds(swept)).toEqual(['healed']);
    expect(said(swept)).toContain(what);
    expect(words(swept)).toEqual(['pending-cleared']);
  });

  it('is counted from its own first sight, not from that of an earlier one', () => {
    const earlier = { 'amplitude-note-pending': `dddddddd ${ago(DAY).toISOString()}` };
    expect(plan(left({}, earlier)).actions).toMatchObject([{ do: 'remember' }]);
  });

  it('leaves no note once it is gone', () => {
    expect(plan(atRest({ tags: sighted(ago(HOUR)) })).actions).toEqual([
      { do: 'forget', tag: 'amplitude-note-pending' },
    ]);
  });

  it('before its label moved: the deadline stays while AWSPENDING is there, in the sweep that clears it too', () => {
    const stray = label(ahead(DAY), V.second);
    const labels = ['AWSCURRENT', stray];
    const versions = (at: Date) =>
      plan({
        ...left({}, sighted(at)),
        versions: { [V.second]: { ...current, labels }, [V.third]: { labels: ['AWSPENDING'] } },
      }).actions;
    const off = move({ label: stray, from: V.second });
    expect(versions(ago(HOUR / 2))).toEqual([]);
    expect(versions(ago(2 * HOUR))).not.toContainEqual(off);
  });
});

describe('a key that was made current again', () => {
  const awaiting = 'AWAITING-REVOCATION-bbbbbbbb';
  const again = (label: string) =>
    atRest({
      versions: { [V.second]: { ...current, labels: ['AWSCURRENT', label] } },
      verdicts: { [FP.second]: rejected(), [FP.third]: accepted() },
      tags: {
        'amplitude-note-awaiting-bbbbbbbb': `since=${ago(DAY).toISOString()} asked=yes told=0 rejected=${ago(DAY).toISOString()}`,
        'amplitude-note-finding-current-key-rejected': `${FP.second} ${NOW.toISOString()}`,
      },
    });

  it('is no longer awaiting its revocation, and its note is forgotten', () => {
    expect(plan(again(awaiting)).actions).toEqual(
      expect.arrayContaining([
        move({ label: awaiting, from: V.second }),
        { do: 'forget', tag: 'amplitude-note-awaiting-bbbbbbbb' },
      ]),
    );
  });

  it.each([awaiting, 'COMPROMISED-20261124T000000Z-bbbbbbbb', label(ago(DAY), V.second)])(
    'is never retired, whatever label (%s) and note it has',
    (one) => {
      expect(words(again(one))).not.toContain('retired');
      expect(words(again(one))).not.toContain('awaiting-revocation');
    },
  );
});

describe('a value put by hand', () => {
  const put = (document: object, more: Partial<Seed['versions'][string]> = {}) =>
    atRest({
      versions: {
        [V.first]: { labels: ['AWSPREVIOUS'], key: KEY.first, ...more },
        [V.second]: { labels: ['AWSCURRENT'], key: KEY.second, document },
      },
    });
  // A document without history, as written by hand
  const bare = { held: undefined } as object;

  it('gives what it pushed aside a full retention, and is reported', () => {
    const until = ahead(30 * DAY);
    expect(plan(put(bare)).actions).toContainEqual(
      move({ label: label(until, V.first), to: V.first }),
    );
    expect(kinds(put(bare))).toEqual(['finding', 'adopted']);
    expect(said(put(bare))).toMatch(/put by hand[\s\S]*treat it as an incident/);
    expect(words(put(bare))).toEqual(['adopted']);
  });

  it('over a placeholder retains nothing', () => {
    const seed = put(bare, { content: 'placeholder' });
    expect(kinds(seed)).toEqual(['finding']);
  });

  it('does not bring a leaked key back, but has it revoked', () => {
    const labels = ['AWSPREVIOUS', 'COMPROMISED-20261124T000000Z-aaaaaaaa'];
    expect(kinds(put({ held: [] }, { labels }))).toEqual(['revoke']);
  });
});

describe('an overdue rotation', () => {
  const overdue = (more: Partial<Seed> = {}) =>
    atRest({
      versions: { [V.second]: { ...current, createdAt: ago(90.5 * DAY) } },
      ...more,
    });

  it('starts within the hour once a key is staged', () => {
    expect(plan(overdue()).actions).toEqual([{ do: 'rotate', current: V.second }]);
  });

  it.each<[string, Partial<Seed>]>([
    ['nothing is staged', { staged: [], tags: { 'amplitude-note-staged': '' } }],
    ['Amplitude rejects the staged key', { verdicts: { [FP.third]: rejected() } }],
    ['rotation is switched off', { secret: { rotationEnabled: false } }],
    ['reads are locked down', { secret: { tags: new Map([['amplitude-lockdown', 'on']]) } }],
    [
      'one is running',
      {
        versions: {
          [V.second]: { ...current, createdAt: ago(91 * DAY) },
          [V.third]: { labels: ['AWSPENDING'] },
        },
      },
    ],
  ])('does not start while %s', (_, more) => {
    expect(plan(overdue(more)).actions).not.toContainEqual(
      expect.objectContaining({ do: 'rotate' }),
    );
  });

  it('is not overdue a minute before', () => {
    const versions = { [V.second]: { ...current, createdAt: ago(90 * DAY - 60_000) } };
    expect(plan(overdue({ versions }))).toEqual(NOTHING);
  });

  it('is reported from the third day on when its rotation fails', () => {
    const versions = { [V.second]: { ...current, createdAt: ago(93 * DAY) } };
    expect(said(overdue({ versions }))).toContain('needs a look: rotation overdue');
  });
});
