import { describe, expect, it } from 'vitest';
import { mayBeEmail } from '../../../../../lambda/domain/relay/intake/email.ts';

describe('a text may hold an e-mail address', () => {
  it.each([
    'ada@example.com',
    'user@localhost',
    'ada  @  example.com',
    'ada\u00a0@\u00a0example.com',
    'ada＠example．com',
    'ada﹫example｡com',
    'ada&#64;example.com',
    'ada&#064example.com',
    'ada&#x40;example.com',
    'ada&#X0040;example.com',
    'ada&commat;example.com',
    'ada&amp;#64;example.com',
    'ada%40example.com',
    'ada%2540example.com',
    'ada%252540example.com',
    'ada%EF%BC%A0example.com',
    'ada%ef%bc%a0example.com',
    'ada%26%2364%3Bexample.com',
    'ada=40example.com',
    'ada=EF=BC=A0example.com',
    'ada=3D40example.com',
    'ada=2540example.com',
    'ada%3D40example.com',
    'ada (at) example.com',
    'ada[at]example.com',
    'ada [ AT ] example.com',
    'ada（at）example.com',
    'ada (\u200dat) example.com',
  ])('however its sign is written: %j', (text) => {
    expect(mayBeEmail(text)).toBe(true);
  });

  it.each(['100% %zz %4 ada%40example', 'a==40 =zz', '%ff%40', '%c3%40', '&#99999999; &#x40;'])(
    'beside what is malformed: %j',
    (text) => {
      expect(mayBeEmail(text)).toBe(true);
    },
  );

  it('if it is encoded more often than anybody would', () => {
    expect(mayBeEmail(`ada%${'25'.repeat(100)}40example.com`)).toBe(true);
  });

  it.each([
    '',
    'Support bot',
    'Support bot (AT)',
    '(at) the end',
    'look at example.com',
    'Kunden & Fälle (v2)',
    '100% &#99999999; &#x; %zz %',
    'a = b, c=d, e=4, =41',
    '/caf%C3%A9/%E5%AE%A2',
    '👩‍💻 Helper',
  ])('but not: %j', (text) => {
    expect(mayBeEmail(text)).toBe(false);
  });

  it.each([
    ['blanks', ' '.repeat(4e6)],
    ['signs and blanks', `${'( '.repeat(2e6)}`],
    ['percents', '%25'.repeat(1e6)],
    ['equals signs', '=3D'.repeat(1e6)],
    ['ampersands', '&#'.repeat(2e6)],
    ['digits', `&#${'1'.repeat(4e6)}`],
    ['accents in the wrong order', `a${'\u0301\u0323'.repeat(2e6)}`],
  ])('which is found out at once, of however many %s', (_, text) => {
    const start = performance.now();
    mayBeEmail(text);
    expect(performance.now() - start).toBeLessThan(500);
  });
});
