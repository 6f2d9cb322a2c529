import { describe, expect, it } from 'vitest';
import { currentSince } from '../../../../lambda/domain/hand-over/current-since.ts';
import { ago, atRest, DAY, FP, HOUR, KEY, NOW, type Seed, seen, V } from '../lifecycle/seen.ts';

const NOTE = 'amplitude-note-hand-over';
const since = (over: Partial<Seed> = {}) => currentSince(seen(atRest(over)).facts, NOW);
const MADE = ago(45 * DAY);
const noted = (id: string, at: Date) => ({ [NOTE]: `${id} ${at.toISOString()}` });
const byRotation = {
  [V.first]: { labels: ['AWSPREVIOUS'], key: KEY.first },
  [V.second]: {
    labels: ['AWSCURRENT'],
    key: KEY.second,
    document: {
      held: [FP.first],
      replaces: { versionId: V.first, fingerprint: FP.first, content: 'key' as const },
    },
  },
};

describe('the current key is current since', () => {
  it('whoever promoted it wrote that down', () => {
    expect(since({ tags: noted(V.second, ago(HOUR)) })).toEqual(ago(HOUR));
  });

  it('its version is there, where nobody has written down a promotion yet', () => {
    expect(since()).toEqual(MADE);
    expect(since({ versions: byRotation })).toEqual(MADE);
    expect(since({ tags: { [NOTE]: 'nonsense' } })).toEqual(MADE);
  });

  it('it was put by hand', () => {
    expect(since({ tags: noted(V.first, ago(60 * DAY)) })).toEqual(MADE);
  });

  it('now, at the latest, where its rotation died before it wrote that down', () => {
    const tags = noted(V.first, ago(60 * DAY));
    expect(since({ versions: byRotation, tags })).toEqual(NOW);
  });

  it('now, at the latest, where AWSCURRENT was moved back to it', () => {
    expect(since({ tags: noted(V.third, ago(DAY)) })).toEqual(NOW);
    const versions = {
      [V.first]: { labels: ['AWSCURRENT'], key: KEY.first },
      [V.second]: { labels: ['AWSPREVIOUS'], key: KEY.second, document: { held: [FP.first] } },
    };
    expect(since({ versions })).toEqual(NOW);
  });

  it.each(['placeholder', 'malformed', 'unreadable'] as const)(
    'no time while it is %s',
    (content) => {
      const versions = { [V.second]: { labels: ['AWSCURRENT'], content } };
      expect(since({ versions, tags: noted(V.second, ago(HOUR)) })).toBeUndefined();
    },
  );
});
