import { describe, expect, it } from 'vitest';
import { SecretValue } from '../../../../lambda/domain/secret-value.ts';
import {
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
  NOTHING,
  plan,
  rejected,
  type Seed,
  said,
  unknown,
  V,
} from './seen.ts';

describe('what is not as it should be', () => {
  const broken = ['AWSPREVIOUS', 'RETAINED-UNTIL-20261399T000000Z-aaaaaaaa'];
  const first = { labels: ['AWSPREVIOUS', label(ahead(DAY), V.first)], key: KEY.first };
  const many = Array.from({ length: 16 }, (_, at) => `AWAITING-REVOCATION-${10_000_000 + at}`);

  it.each<[string, Partial<Seed>, string]>([
    [
      'a current key that Amplitude rejects',
      { verdicts: { [FP.second]: rejected() } },
      'current key rejected',
    ],
    [
      'a placeholder that came back',
      {
        versions: {
          [V.first]: first,
          [V.second]: { labels: ['AWSCURRENT'], content: 'placeholder' },
        },
      },
      'placeholder is back',
    ],
    [
      'a malformed current value',
      { versions: { [V.second]: { labels: ['AWSCURRENT'], content: 'malformed' } }, staged: [] },
      'no current key',
    ],
    ['no current version', { versions: { [V.first]: first }, staged: [] }, 'no current key'],
    [
      'a staged key that Amplitude rejects',
      { verdicts: { [FP.third]: rejected() } },
      'staged key refused',
    ],
    [
      'a staged key that was held before',
      { staged: [{ value: new SecretValue(KEY.first) }] },
      'staged key refused',
    ],
    [
      'two staged keys',
      { staged: [{}, { value: new SecretValue('4'.repeat(32)) }] },
      'staged key refused',
    ],
    [
      'a schedule that was switched off',
      { secret: { rotationEnabled: false } },
      'rotation schedule differs',
    ],
    ['another schedule', { secret: { schedule: 'rate(30 days)' } }, 'rotation schedule differs'],
    [
      'labels near their limit',
      {
        versions: {
          [V.second]: {
            ...current,
            labels: [
              'AWSCURRENT',
              ...many.slice(1),
              label(ahead(DAY), V.second),
              label(ahead(2 * DAY), V.second),
            ],
          },
        },
      },
      'labels near limit',
    ],
    [
      'a label with a date that can not be',
      {
        versions: {
          [V.first]: { ...first, labels: [...first.labels, broken[1] ?? ''] },
          [V.second]: current,
        },
      },
      'foreign labels',
    ],
    ['a lockdown', { tags: { 'amplitude-lockdown': 'on' } }, 'locked down'],
    [
      'a CMK that is disabled',
      { surroundings: { cmk: { arn: 'arn:k', state: 'Disabled', rotationEnabled: false } } },
      'cmk unusable',
    ],
    [
      'a CMK that KMS does not rotate',
      { surroundings: { cmk: { arn: 'arn:k', state: 'Enabled', rotationEnabled: false } } },
      'cmk not rotated',
    ],
    [
      'an unconfirmed subscription',
      { surroundings: { subscriptions: [{ endpoint: 'a@example.com', confirmed: false }] } },
      'subscription unconfirmed',
    ],
    [
      'a replaced version that can not be read',
      {
        versions: {
          [V.first]: { ...first, content: 'unreadable' },
          [V.second]: current,
        },
      },
      'version unreadable',
    ],
    [
      'a current version that can not be read',
      { versions: { [V.second]: { labels: ['AWSCURRENT'], content: 'unreadable' } } },
      'unreadable',
    ],
  ])('%s is told', (_, more, code) => {
    expect(said(atRest(more))).toContain(`needs a look: ${code}`);
  });

  const unconfirmed = {
    surroundings: { subscriptions: [{ endpoint: 'a@example.com', confirmed: false }] },
  };
  const told = (at: Date) => ({
    'amplitude-note-finding-subscription-unconfirmed': `1 ${at.toISOString()}`,
  });

  it('is told once a week while it lasts', () => {
    expect(kinds(atRest({ ...unconfirmed, tags: told(ago(6 * DAY)) }))).toEqual([]);
    expect(kinds(atRest({ ...unconfirmed, tags: told(ago(7 * DAY)) }))).toEqual(['finding']);
  });

  it('is forgotten when it is over', () => {
    expect(plan(atRest({ tags: told(ago(DAY)) })).actions).toEqual([
      { do: 'forget', tag: 'amplitude-note-finding-subscription-unconfirmed' },
    ]);
  });

  it('is still known of the current key while Amplitude gives no answer', () => {
    const tags = {
      'amplitude-note-checked': `${FP.second} ${ago(HOUR).toISOString()} rejected`,
      'amplitude-note-finding-current-key-rejected': `${FP.second} ${ago(HOUR).toISOString()}`,
    };
    expect(plan(atRest({ tags, verdicts: { [FP.second]: unknown() } }))).toEqual(NOTHING);
  });

  it('makes a sweep leave alone what it can not read', () => {
    const versions = {
      [V.first]: { labels: ['AWSPREVIOUS', label(ago(DAY), V.first)], key: KEY.first },
      [V.second]: { labels: ['AWSCURRENT'], content: 'unreadable' as const },
    };
    const { actions, transitions } = plan(atRest({ versions }));
    expect(transitions).toEqual([]);
    expect(actions.filter((action) => action.do === 'move' || action.do === 'rotate')).toEqual([]);
  });
});
