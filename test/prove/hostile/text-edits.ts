import * as fc from 'fast-check';
import { WORDS } from './words.ts';

const word = fc.constantFrom(...WORDS);

/** A text cut at any byte, with something in between, or with something before and after. */
export function worn(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  return fc.oneof(
    { weight: 2, arbitrary: text },
    { weight: 2, arbitrary: fc.tuple(text, share).map(([whole, part]) => cut(whole, part)) },
    { weight: 1, arbitrary: fc.tuple(text, share, word).map(([t, at, w]) => inserted(t, at, w)) },
    { weight: 1, arbitrary: fc.tuple(word, text).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.tuple(text, word).map((parts) => parts.join('')) },
    { weight: 1, arbitrary: fc.tuple(text, share).map(([whole, at]) => flipped(whole, at)) },
  );
}

/** Any text at all, none of it meant for the parser. */
export const alien: fc.Arbitrary<string> = fc.oneof(
  word,
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme-ascii', maxLength: 200 }),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => new TextDecoder().decode(bytes)),
);

/** Bytes, not characters: one of several bytes may be cut in two. */
function cut(text: string, share: number): string {
  const bytes = Buffer.from(text);
  return bytes.subarray(0, Math.floor(bytes.length * share)).toString();
}

function inserted(text: string, share: number, word: string): string {
  const at = Math.floor(text.length * share);
  return text.slice(0, at) + word + text.slice(at);
}

function flipped(text: string, share: number): string {
  const bytes = Buffer.from(text);
  const at = Math.min(Math.floor(bytes.length * share), bytes.length - 1);
  if (at >= 0) bytes[at] = (bytes[at] ?? 0) ^ 0b0010_0001;
  return bytes.toString();
}
