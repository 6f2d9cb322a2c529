import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, SecretValue } from '../../../lambda/domain/secret-value.ts';

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
