import { isUtf8 } from 'node:buffer';
import { type Known, searchIn } from './key-search.ts';

/** Whatever bytes a name has, as one line that steers no terminal and holds no known key. */
export function shownPath(path: Buffer, known: Known): string {
  const text = isUtf8(path)
    ? path.toString()
    : path.toString('latin1').replace(/[\x80-\xff]/g, escaped);
  const line = text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped);
  return searchIn(path, known).length > 0 ? line.replace(/[0-9a-f]{32,}/gi, '[redacted]') : line;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
