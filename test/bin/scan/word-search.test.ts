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

/** What it means, without a thought of speed. */
const plainly = (text: string) =>
  [...text.matchAll(/[0-9a-f]{32,}/gi)].flatMap(({ 0: run, index }): [string, number][] => {
    const last: [string, number] = [run.slice(-32).toLowerCase(), index + run.length - 32];
    return run.length === 32 ? [last] : [[run.slice(0, 32).toLowerCase(), index], last];
  });

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

  it.each([KEY.slice(1), `${KEY.slice(0, 16)}-${KEY.slice(16)}`, 'no digits at all', ''])(
    'finds none in %j',
    (text) => {
      expect(wordsOf(text)).toEqual([]);
    },
  );

  it('finds what is meant, wherever the chunks are cut', () => {
    const hex = fc.stringMatching(/^[0-9a-fA-F]{28,70}$/);
    const text = fc.array(fc.oneof(hex, fc.stringMatching(/^[ -~\n]{0,40}$/)), { maxLength: 12 });
    const cuts = fc.array(fc.nat(400), { maxLength: 6 });
    fc.assert(
      fc.property(text, cuts, (parts, at) => {
        const whole = parts.join('');
        const ends = [...at, whole.length].sort((a, b) => a - b);
        const chunks = ends.map((end, i) => Buffer.from(whole.slice(ends[i - 1] ?? 0, end)));
        expect(wordsIn(chunks)).toEqual(plainly(whole));
      }),
      { seed: 90, numRuns: 300 },
    );
  });

  it('finds the key at the end of a run that no buffer holds', () => {
    const chunks = Array.from({ length: 40 }, () => Buffer.alloc(65_536, 'a'));
    const found = wordsIn([...chunks, Buffer.from(KEY)]);
    expect(found).toContainEqual([KEY, 40 * 65_536]);
  });
});
