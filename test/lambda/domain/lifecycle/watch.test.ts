import { describe, expect, it } from 'vitest';
import { KeysError } from '../../../../lambda/domain/errors.ts';
import { isStandbyMissing } from '../../../../lambda/domain/lifecycle/stand-by.ts';
import { SecretValue } from '../../../../lambda/domain/secret-value.ts';
import type { Verdict } from '../../../../lambda/domain/verdict.ts';
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
  NOTHING,
  plan,
  rejected,
  type Seed,
  said,
  seen,
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
      'an address without a subscription',
      { surroundings: { subscriptions: [], addresses: 1 } },
      'subscription missing',
    ],
    [
      'a current key that Amplitude gives no answer about for days',
      {
        verdicts: { [FP.second]: unknown(), [FP.third]: accepted() },
        tags: { 'amplitude-note-checked': `${FP.second} ${ago(4 * DAY).toISOString()} accepted` },
      },
      'current key unverified',
    ],
    [
      'a placeholder that nobody ever replaced',
      {
        versions: {
          [V.first]: {
            labels: ['AWSCURRENT'],
            content: 'placeholder',
            createdAt: ago(93 * DAY),
          },
        },
        staged: [],
      },
      'never rotated',
    ],
    [
      'an unconfirmed subscription',
      { surroundings: { subscriptions: [{ endpoint: 'a@example.com', confirmed: false }] } },
      'subscription unconfirmed',
    ],
    [
      'a table of quarantines that gives no answer',
      { surroundings: { quarantines: new KeysError('THROTTLED', 'throttled') } },
      'quarantines unkept',
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

  it.each([
    ['KMS', { cmk: new KeysError('THROTTLED', 'throttled') }, 'cmk-not-rotated', 'off'],
    ['SNS', { subscriptions: new KeysError('THROTTLED', 'x') }, 'subscription-unconfirmed', '1'],
  ])('is not forgotten while %s gives no answer', (_, surroundings, code, about) => {
    const tag = `amplitude-note-finding-${code}`;
    const tags = { [tag]: `${about} ${ago(DAY).toISOString()}` };
    expect(plan(atRest({ surroundings, tags })).actions).not.toContainEqual({ do: 'forget', tag });
  });

  it('of the quarantines is forgotten when it is over, whoever else gives no answer', () => {
    const error = new KeysError('THROTTLED', 'throttled');
    const surroundings = { cmk: error, subscriptions: error };
    const tag = 'amplitude-note-finding-quarantines-unkept';
    const tags = { [tag]: `THROTTLED ${ago(HOUR).toISOString()}` };
    expect(plan(atRest({ surroundings, tags })).actions).toContainEqual({ do: 'forget', tag });
  });

  it('is not forgotten, nor told again, by one sweep that could not read the key', () => {
    const tags = {
      'amplitude-note-finding-foreign-labels': `1 ${ago(DAY).toISOString()}`,
      'amplitude-note-finding-put-by-hand': `${V.second} ${ago(DAY).toISOString()}`,
    };
    const versions = { [V.second]: { labels: ['AWSCURRENT'], content: 'unreadable' as const } };
    expect(plan(atRest({ versions, tags })).actions).toEqual([]);
  });

  it('of a staged key lasts until Amplitude accepts it', () => {
    const tag = 'amplitude-note-finding-staged-key-refused';
    const tags = { [tag]: `${FP.third} ${ago(HOUR).toISOString()}` };
    const seed = (verdict: Verdict) => atRest({ tags, verdicts: { [FP.third]: verdict } });
    expect(plan(seed(unknown()))).toEqual(NOTHING);
    expect(isStandbyMissing(seen(seed(unknown())))).toBe(true);
    expect(plan(seed(accepted())).actions).toEqual([{ do: 'forget', tag }]);
    expect(isStandbyMissing(seen(seed(accepted())))).toBe(false);
  });

  it('is told of the environment where it is about all keys', () => {
    expect(said(atRest(unconfirmed))).toContain('Amplitude environment dev needs a look');
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
