import { describe, expect, it } from 'vitest';
import {
  ago,
  ahead,
  atRest,
  current,
  DAY,
  FP,
  HOUR,
  KEY,
  label,
  NOW,
  plan,
  V,
  words,
} from './seen.ts';

describe('the audit trail', () => {
  it('learns of a promotion and of what it retained, at the time of it, once', () => {
    const made = ago(2 * HOUR);
    const replaces = { versionId: V.first, content: 'key' as const };
    const seed = atRest({
      versions: {
        [V.first]: { labels: ['AWSPREVIOUS', label(ahead(DAY), V.first)], key: KEY.first },
        [V.second]: { ...current, createdAt: made, document: { held: [FP.first], replaces } },
      },
      tags: {
        'amplitude-note-promoted': V.first,
        'amplitude-note-staged': `${FP.second} ${FP.third}`,
      },
    });
    expect(plan(seed).transitions).toEqual([
      {
        at: made.toISOString(),
        environment: 'dev',
        key: 'web',
        transition: 'promoted',
        by: 'rotation',
        versionId: V.second,
        fingerprint: FP.second,
        name: 'web, 2',
      },
      {
        at: made.toISOString(),
        environment: 'dev',
        key: 'web',
        transition: 'retained',
        by: 'rotation',
        versionId: V.first,
        fingerprint: FP.first,
        name: 'web, 1',
        detail: `readable until ${ahead(DAY).toISOString()}`,
      },
    ]);
    expect(plan(seed).actions).toContainEqual({
      do: 'remember',
      tag: 'amplitude-note-promoted',
      value: V.second,
    });
  });

  it('learns of two promotions between two sweeps', () => {
    const replaces = (versionId: string) => ({ versionId, content: 'key' as const });
    const seed = atRest({
      versions: {
        [V.first]: { labels: [label(ahead(DAY), V.first)], key: KEY.first },
        [V.second]: {
          labels: ['AWSPREVIOUS', label(ahead(DAY), V.second)],
          key: KEY.second,
          document: { replaces: replaces(V.first) },
        },
        [V.third]: {
          ...current,
          key: KEY.third,
          document: { held: [], replaces: replaces(V.second) },
        },
      },
      staged: [],
      tags: {
        'amplitude-note-promoted': V.first,
        'amplitude-note-staged': `${FP.second} ${FP.third}`,
        'amplitude-note-checked': `${FP.third} ${NOW.toISOString()} accepted`,
      },
    });
    expect(
      plan(seed).transitions.map(({ transition, versionId }) => [transition, versionId]),
    ).toEqual([
      ['promoted', V.second],
      ['retained', V.first],
      ['promoted', V.third],
      ['retained', V.second],
    ]);
  });

  it('learns of a key that was staged and promoted between two sweeps', () => {
    const made = ago(HOUR);
    const replaces = { versionId: V.first, content: 'key' as const };
    const seed = atRest({
      versions: {
        [V.first]: { labels: ['AWSPREVIOUS', label(ahead(DAY), V.first)], key: KEY.first },
        [V.second]: { ...current, createdAt: made, document: { held: [FP.first], replaces } },
      },
      tags: { 'amplitude-note-promoted': V.first },
    });
    expect(words(seed)).toEqual(['staged', 'promoted', 'retained']);
    expect(plan(seed).transitions[0]).toMatchObject({ by: 'operator', fingerprint: FP.second });
  });

  it('learns that AWSCURRENT was moved back by hand, now and not when the version was made', () => {
    const seed = atRest({
      versions: {
        [V.first]: { labels: ['AWSCURRENT'], key: KEY.first },
        [V.second]: {
          labels: ['AWSPREVIOUS', label(ahead(DAY), V.second)],
          key: KEY.second,
          document: { held: [FP.first] },
        },
      },
      tags: {
        'amplitude-note-promoted': V.second,
        'amplitude-note-checked': `${FP.first} ${NOW.toISOString()} accepted`,
      },
    });
    expect(plan(seed).transitions).toMatchObject([
      { transition: 'promoted', by: 'hand', at: NOW.toISOString(), fingerprint: FP.first },
    ]);
  });

  it('learns who was staged, and who was taken back', () => {
    const staged = atRest({ tags: { 'amplitude-note-staged': '' } });
    expect(plan(staged).transitions).toMatchObject([
      {
        transition: 'staged',
        by: 'operator',
        fingerprint: FP.third,
        at: ago(DAY).toISOString(),
      },
    ]);
    const taken = atRest({ staged: [] });
    expect(plan(taken).transitions).toMatchObject([
      { transition: 'unstaged', by: 'operator', fingerprint: FP.third },
    ]);
  });

  it('does not call a key taken back that was promoted', () => {
    const seed = atRest({ tags: { 'amplitude-note-staged': `${FP.second} ${FP.third}` } });
    expect(words(seed)).toEqual([]);
  });
});
