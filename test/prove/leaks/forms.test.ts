import { describe, expect, it } from 'vitest';
import { Canaries, findIn } from './canary.ts';

const canaries = new Canaries(90);
const key = canaries.key('a key');
const secretKey = canaries.key('its secret key');
const [{ fingerprint } = { fingerprint: '' }] = canaries.all;

const base64 = (text: string) => Buffer.from(text).toString('base64');
const base64url = (text: string) => Buffer.from(text).toString('base64url');
const escaped = (before: string) =>
  [...key].map((digit) => before + digit.charCodeAt(0).toString(16)).join('');

const WRITTEN: Readonly<Record<string, string>> = {
  'as it is': `the key ${key}, say`,
  'in upper case': key.toUpperCase(),
  'its first half': `apiKey=${key.slice(0, 16)}…`,
  'its second half': `…${key.slice(16)}`,
  'twelve digits out of its middle': key.slice(9, 21),
  backwards: [...key].reverse().join(''),
  'in base64': base64(key),
  'in base64, after one byte': base64(`"${key}"`),
  'in base64, after two bytes': base64(`: ${key}`),
  'in base64, within JSON': base64(JSON.stringify({ apiKey: key })),
  'its first half in base64': base64(`x${key.slice(0, 16)}y`),
  'in base64url, within JSON': base64url(JSON.stringify({ name: '…', apiKey: key })),
  'as the user of Basic authorization': `Basic ${base64(`${key}:${secretKey}`)}`,
  'as bytes in hex': Buffer.from(key).toString('hex'),
  'as Node shows a buffer': String(Buffer.from(key).toString('hex').match(/../g)?.join(' ')),
  'as JSON shows a buffer': JSON.stringify([...Buffer.from(key)]),
  'as Node shows bytes': [...Buffer.from(key)].join(', '),
  'URL-encoded': escaped('%'),
  'JSON-escaped': escaped('\\u00'),
};

describe('a key is found', () => {
  it.each(Object.entries(WRITTEN))('%s', (_, text) => {
    expect(findIn(text, canaries.all).map((found) => found.fingerprint)).toContain(fingerprint);
  });

  it('as the password of Basic authorization', () => {
    const found = findIn(base64(`${key}:${secretKey}`), canaries.all);
    expect(new Set(found.map((one) => one.fingerprint)).size).toBe(2);
  });
});

it('neither its fingerprint, nor eleven digits of it, nor another key is taken for it', () => {
  const other = new Canaries(91).key('a key');
  const text = `${fingerprint} ${key.slice(0, 11)} ${other} ${base64(other)}`;
  expect(findIn(text, canaries.all)).toEqual([]);
});

it('the same seed gives the same keys, and each word another one', () => {
  expect(new Canaries(90).key('a key')).toBe(key);
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(secretKey).not.toBe(key);
});
