import { describe, expect, it } from 'vitest';
import { whoseEvent } from '../../../../../lambda/domain/relay/intake/who.ts';
import { digest } from './shaping.ts';

const DEVICE = 'dify-run-1';
const plain = (id: string | undefined) => whoseEvent(id, DEVICE, { userIds: 'plain' }, digest);
const hmac = (id: string | undefined) => whoseEvent(id, DEVICE, { userIds: 'hmac' }, digest);
const nobody = { device_id: DEVICE };

describe('whom an event is of', () => {
  it.each([
    'user-0001',
    '7e3f4a52-0000-4000-8000-00000000a001',
    'auth0|12345',
    '12345',
    '7',
    'Bob',
    'tenant=7/a_b',
  ])('is their id as it came: %s', (id) => {
    expect(plain(id)).toEqual({ user_id: id });
  });

  it('is their id without the blanks around it', () => {
    expect(plain(' user-0001\n')).toEqual({ user_id: 'user-0001' });
  });

  it.each(['user-0001', 'Bob'])('is a digest if so configured: %s', (id) => {
    expect(hmac(id)).toEqual({ user_id: digest(id) });
    expect(digest(id)).toMatch(/^[0-9a-f]{64}$/);
    expect(hmac(id)).toEqual(hmac(id));
  });

  it.each([
    'ada@example.com',
    'Ada <ada@example.com>',
    'ada@localhost',
    'ada%40example.com',
    'ada＠example.com',
    'mailto:ada@example.com',
    'Ada&#64;example.com',
    'Ada%2540example.com',
    'Ada (at) example.com',
    '@ada',
    'Ada=40example.com',
    `${'a'.repeat(308)}@Example.com`,
  ])('is a digest of an e-mail address, whatever is configured: %s', (id) => {
    expect(plain(id)).toEqual({ user_id: digest(id.toLowerCase()) });
    expect(plain(id)).toEqual(hmac(id));
    expect(JSON.stringify(plain(id))).not.toMatch(/ada|example/i);
  });

  it('is the same person in whatever case their address is written', () => {
    expect(plain('Ada@Example.com')).toEqual(plain('ada@example.COM'));
  });

  it.each([
    'What is the capital of France',
    'Ada Lovelace',
    'please\ntell me',
    `{"user":"x"}`,
    'x'.repeat(129),
    'a\u0000bcde',
    '山田太郎さん',
    'مرحبا',
    'Åsa',
    '\u212aelvin',
  ])('is a digest of what is no id but a text: %j', (id) => {
    expect(plain(id)).toEqual({ user_id: digest(id) });
  });

  it('is a digest of what is longer than any address, as it came and at once', () => {
    const long = `${'A'.repeat(309)}@example.com`;
    expect(plain(long)).toEqual({ user_id: digest(long) });
    const accents = `a${'\u0327\u0301'.repeat(499)}`;
    const start = performance.now();
    for (let run = 0; run < 9_000; run++) plain(`${accents}${run}`);
    expect(performance.now() - start).toBeLessThan(1_500);
  });

  it.each([
    undefined,
    '',
    '  ',
    'anonymous',
    'Anonymous',
    'UNKNOWN',
    'null',
    'undefined',
    '[object Object]',
    '00000000-0000-0000-0000-000000000000',
  ])('is a device of its own of nobody, digested or not: %s', (id) => {
    expect(plain(id)).toEqual(nobody);
    expect(hmac(id)).toEqual(nobody);
  });
});
