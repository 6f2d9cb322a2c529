import { timingSafeEqual } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { fingerprintOf, isOneOf, SecretValue } from '../../../lambda/domain/secret-value.ts';

vi.mock('node:crypto', { spy: true });

const KEY = '0123456789abcdef'.repeat(2);

describe('a secret value', () => {
  const value = new SecretValue(KEY);

  it.each([
    ['a template string', `${value}`],
    ['concatenation', `key: ${String(value)}`],
    ['JSON', JSON.stringify({ value })],
    ['inspection, as console.log does it', inspect({ value }, { depth: 5, showHidden: true })],
    ['its own properties', Object.entries(value).flat().join()],
    ['an error that quotes it', new Error(`bad key ${value}`).message],
  ])('does not show in %s', (_, printed) => {
    expect(printed).not.toContain(KEY);
  });

  it('gives the key to whoever asks for it by name', () => {
    expect(value.reveal()).toBe(KEY);
  });

  it('is named by the first 12 hex digits of its SHA-256', () => {
    expect(fingerprintOf('abc')).toBe('ba7816bf8f01');
    expect(value.fingerprint).toBe(fingerprintOf(KEY));
  });

  it.each([
    ['32 lower-case hex characters', KEY, true],
    ['31 characters', KEY.slice(1), false],
    ['33 characters', `${KEY}0`, false],
    ['upper case', KEY.toUpperCase(), false],
    ['a trailing newline', `${KEY}\n`, false],
    ['other letters', KEY.replace('a', 'g'), false],
    ['nothing', '', false],
  ])('tells whether %s is well-formed', (_, text, wellFormed) => {
    expect(new SecretValue(text).wellFormed).toBe(wellFormed);
  });

  it('equals another that holds the same key', () => {
    expect(value.equals(new SecretValue(KEY))).toBe(true);
    expect(value.equals(new SecretValue(KEY.slice(1)))).toBe(false);
  });
});

describe('a text that is presented', () => {
  const values = ['the first value', 'the second value'].map((value) => new SecretValue(value));

  it.each(['the first value', 'the second value'])('is one of the values: %s', (text) => {
    expect(isOneOf(text, values)).toBe(true);
  });

  it.each(['', 'the', 'the first', 'the first value ', 'The first value', '[redacted]'])(
    'is none of them: "%s"',
    (text) => {
      expect(isOneOf(text, values)).toBe(false);
      expect(isOneOf(text, [])).toBe(false);
    },
  );

  it('is compared with every value, even when the first is the same', () => {
    let revealed = 0;
    class Watched extends SecretValue {
      override reveal() {
        revealed += 1;
        return super.reveal();
      }
    }
    const watched = [new Watched('the first value'), new Watched('the second value')];
    expect(isOneOf('the first value', watched)).toBe(true);
    expect(revealed).toBe(2);
  });

  it.each([
    'the first value',
    'the second value',
    'the',
    '',
    'the first value, and more than a digest has bytes',
  ])(
    'is compared in as long a time, whatever it has in common with a value, its length included: "%s"',
    (text) => {
      vi.mocked(timingSafeEqual).mockClear();
      isOneOf(text, values);
      const bytes = vi
        .mocked(timingSafeEqual)
        .mock.calls.map((both) => both.map(({ byteLength }) => byteLength));
      expect(bytes).toEqual([
        [32, 32],
        [32, 32],
      ]);
    },
  );
});
