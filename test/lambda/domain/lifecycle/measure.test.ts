import { describe, expect, it } from 'vitest';
import { measure, worst } from '../../../../lambda/domain/lifecycle/measure.ts';
import { ago, atRest, current, DAY, type Seed, seen, V } from './seen.ts';

const numbers = (over: Partial<Seed> = {}) => measure(seen(atRest(over)));

describe('the numbers of a key', () => {
  it('at rest are its age, its due date and what it has at hand', () => {
    expect(numbers()).toEqual({
      daysSinceRotation: 45,
      daysUntilRotation: 45,
      stagedKeyReady: 1,
      retainedVersions: 1,
      awaitingRevocation: 0,
      oldestAwaitingRevocationHours: 0,
      handOverFailed: 0,
      currentKeyAccepted: 1,
    });
  });

  it('are none when it can not be read', () => {
    const versions = { [V.second]: { labels: ['AWSCURRENT'], content: 'unreadable' as const } };
    expect(numbers({ versions })).toEqual({});
  });

  it('count what awaits its revocation apart from what is retained, from the first sweep on', () => {
    const labels = ['AWAITING-REVOCATION-aaaaaaaa'];
    const versions = { [V.first]: { ...current, labels }, [V.second]: current };
    const tags = {
      'amplitude-note-awaiting-aaaaaaaa': `since=${ago(DAY).toISOString()} asked=yes told=0`,
    };
    expect(numbers({ versions, tags })).toMatchObject({
      retainedVersions: 0,
      awaitingRevocation: 1,
      oldestAwaitingRevocationHours: 24,
    });
  });

  it('of a key that was never promoted count from its placeholder', () => {
    const placeholder = { labels: ['AWSCURRENT'], content: 'placeholder' as const };
    const versions = { [V.first]: { ...placeholder, createdAt: ago(95 * DAY) } };
    expect(numbers({ versions, staged: [] })).toMatchObject({ daysUntilRotation: -5 });
    expect(numbers({ versions, staged: [] })).not.toHaveProperty('daysSinceRotation');
  });
});

describe('the numbers of an environment', () => {
  it('are those of its worst key, or how many', () => {
    const one = { daysUntilRotation: 3, stagedKeyReady: 1, retainedVersions: 2 };
    const other = { daysUntilRotation: 40, stagedKeyReady: 0, retainedVersions: 1 };
    expect(worst([one, other, {}])).toEqual({
      daysUntilRotation: 3,
      stagedKeyReady: 0,
      retainedVersions: 3,
    });
  });
});
