import { expect, it } from 'vitest';
import { matches } from './event-pattern.ts';

const event = { source: 'aws.kms', detail: { name: 'DisableKey', list: ['a', 'b'], none: null } };

it.each([
  [{ source: ['aws.kms', 'aws.signin'] }, true],
  [{ source: ['aws.signin'] }, false],
  [{ source: ['aws.kms'], detail: { name: ['EnableKey'] } }, false],
  [{ detail: { list: ['b', 'c'] } }, true],
  [{ detail: { list: ['c'] } }, false],
  [{ detail: { none: { deeper: ['a'] } } }, false],
  [{ detail: { absent: [{ prefix: 'a' }] } }, false],
  [{ detail: { name: [{ prefix: 'Disable' }] } }, true],
  [{ detail: { name: [{ prefix: 'able' }] } }, false],
  [{ detail: { name: [{ wildcard: '*able*' }] } }, true],
  [{ detail: { name: [{ wildcard: 'able*' }] } }, false],
  [{ detail: { name: [{ 'anything-but': ['EnableKey'] }] } }, true],
  [{ detail: { name: [{ 'anything-but': ['DisableKey'] }] } }, false],
  [{ detail: { $or: [{ name: ['EnableKey'] }, { list: ['a'] }] } }, true],
  [{ detail: { $or: [{ name: ['EnableKey'] }, { list: ['c'] }] } }, false],
])('the pattern %j matches: %s', (pattern, expected) => {
  expect(matches(pattern, event)).toBe(expected);
});

it.each([{ suffix: 'Key' }, { prefix: 'a', wildcard: 'a*' }])(
  'what it does not know, it refuses: %j',
  (operator) => {
    expect(() => matches({ detail: { name: [operator] } }, event)).toThrow('is not known here');
  },
);
