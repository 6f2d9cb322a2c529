import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordSearch } from '../../../bin/scan/word-search.ts';

const KEY = '1f0e9d8c'.repeat(4);

function wordsIn(chunks: readonly Buffer[]) {
  const found: [word: string, offset: number][] = [];
  const search = new WordSearch((word, offset) => found.push([word, offset]));
  for (const chunk of chunks) {
    search.push(chunk);
    chunk.fill('#');
  }
  search.end();
  return found;
}
const wordsOf = (text: string) => wordsIn([Buffer.from(text, 'latin1')]);

const utf16 = (text: string) => Buffer.from(text, 'utf16le').toString('latin1');

/** What it means, without a thought of speed. */
const plainly = (text: string) => [
  ...endsOf(text, /[0-9a-f]{32,}/gi, 32),
  ...endsOf(text, /[0-9a-f](?:\0[0-9a-f]){31,}/gi, 63),
];
const endsOf = (text: string, runs: RegExp, length: number) =>
  [...text.matchAll(runs)].flatMap(({ 0: run, index }): [string, number][] => {
    const wordAt = (at: number): [string, number] => [
      run
        .slice(at, at + length)
        .replaceAll('\0', '')
        .toLowerCase(),
      index + at,
    ];
    const last = run.length - length;
    return last === 0 ? [wordAt(0)] : [wordAt(0), wordAt(last)];
  });
const byOffset = (words: [string, number][]) => words.sort((a, b) => a[1] - b[1]);

describe('a search for words', () => {
  it.each([
    ['in quotes', `const key = '${KEY}';`],
    ['after an underscore', `key_${KEY}`],
    ['in upper case', KEY.toUpperCase()],
    ['between letters that are no digits', `x${KEY}z`],
    ['behind a percent escape', `%22${KEY}%22`],
    ['behind a Unicode escape', `\\u0022${KEY}\\u0022`],
    ['before letters that are digits', `${KEY}, ${KEY}abc`],
    ['alone, without a line feed', KEY],
    ['among bytes that are no text', `\x00\xff${KEY}\x00`],
  ])('finds a key %s', (_, text) => {
    expect(wordsOf(text)).toContainEqual([KEY, text.toLowerCase().indexOf(KEY)]);
  });

  it.each([
    ['of Windows, with a mark', '\xff\xfe', utf16(`key = ${KEY.toUpperCase()};`), 12],
    ['of a program, without one', '', utf16(`"${KEY}"`), 2],
    ['with the high byte first', '\xfe\xff', `\0${utf16(KEY).slice(0, -1)}`, 1],
    ['with a digit before it', 'abc', utf16(KEY), 0],
    ['with a key after it', '', utf16(KEY).slice(0, -1) + KEY, 0],
  ])('finds a key in UTF-16 %s', (_, mark, text, offset) => {
    expect(wordsOf(mark + text)).toContainEqual([KEY, mark.length + offset]);
  });

  it.each([KEY.slice(1), `${KEY.slice(0, 16)}-${KEY.slice(16)}`, 'no digits at all', ''])(
    'finds none in %j',
    (text) => {
      expect(wordsOf(text)).toEqual([]);
    },
  );

  it('finds what is meant, wherever the chunks are cut', () => {
    const hex = fc.stringMatching(/^[0-9a-fA-F]{28,70}$/);
    const wide = hex.map((digits) => utf16(digits));
    const other = fc.stringMatching(/^[ -~\n\0]{0,40}$/);
    const text = fc.array(fc.oneof(hex, wide, other), { maxLength: 12 });
    const cuts = fc.array(fc.nat(700), { maxLength: 6 });
    fc.assert(
      fc.property(text, cuts, (parts, at) => {
        const whole = parts.join('');
        const ends = [...at, whole.length].sort((a, b) => a - b);
        const chunks = ends.map((end, i) => Buffer.from(whole.slice(ends[i - 1] ?? 0, end)));
        expect(byOffset(wordsIn(chunks))).toEqual(byOffset(plainly(whole)));
      }),
      { seed: 90, numRuns: 600 },
    );
  });

  it('finds the key at the end of a run that no buffer holds', () => {
    const chunks = Array.from({ length: 40 }, () => Buffer.alloc(65_536, 'a'));
    const found = wordsIn([...chunks, Buffer.from(KEY)]);
    expect(found).toContainEqual([KEY, 40 * 65_536]);
  });
});
