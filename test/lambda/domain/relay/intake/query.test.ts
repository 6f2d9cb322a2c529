import { describe, expect, it } from 'vitest';
import { withoutQuery } from '../../../../../lambda/domain/relay/intake/query.ts';

const CHARACTERS = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code));

describe('a text without what is asked for in it', () => {
  it.each([
    ['https://example.com/mail?token=ada', 'https://example.com/mail'],
    ['HTTP://example.com/#/ada?q=earn', 'HTTP://example.com/'],
    ['app.example.com/search?q=divorce lawyer&token=eyJ', 'app.example.com/search'],
    ['localhost:3000/s?q=secret', 'localhost:3000/s'],
    ['view-source:https://example.com/?q=ada', 'view-source:https://example.com/'],
    ['/search?to=ada@example.com', '/search'],
    ['/search? ada', '/search'],
    ['https://example.com/#', 'https://example.com/'],
    ['./s?q=ada', './s'],
    ['GET /s?q=ada', 'GET /s'],
    [' /search #ada\n', '/search'],
    ['Results? /s?q=ada', 'Results? /s'],
    ['?q=secret', ''],
    [' #/search/secret', ''],
    ['page#7=ada', 'page'],
  ])('ends before it: %j', (text, left) => {
    expect(withoutQuery(text)).toBe(left);
  });

  it('ends at each sign that a browser takes for one of them', () => {
    const signs = CHARACTERS.filter((one) => /[?#]/.test(one.normalize('NFKC')));
    expect(signs).toContain('？');
    for (const sign of signs) expect(withoutQuery(`a${sign}q=secret`)).toBe('a');
  });

  it.each([
    'What next?',
    'Ready? Go!',
    'Really?!',
    'C# course',
    'F#',
    'Clicked #1',
    'Step #12 done (why?)',
    'and/or?',
    ' /pricing ',
    '',
  ])('is whole where nothing is: %j', (text) => {
    expect(withoutQuery(text)).toBe(text);
  });

  it.each(['? ', ' ', 'a/?', '?', '#1'])('is found at once, of however many %j', (sign) => {
    const start = performance.now();
    withoutQuery(sign.repeat(4e6));
    expect(performance.now() - start).toBeLessThan(500);
  });
});
