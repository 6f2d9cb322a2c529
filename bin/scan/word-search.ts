/** A key is so many hex digits. */
const WORD = 32;
/** From its first digit to its last in UTF-16. */
const WIDE_WORD = 2 * (WORD - 1);
const NUL = 0;
/** Of a run that goes on in the next chunk, so much is kept; a longer one is searched in parts. */
const LONGEST_OPEN_RUN = 4096;

const HEX_DIGIT = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') HEX_DIGIT[digit.charCodeAt(0)] = 1;
const isDigit = (byte: number | undefined) => byte !== undefined && HEX_DIGIT[byte] === 1;

/** `word` is lower case; `offset` is that of its first digit from the content's begin. */
export type Found = (word: string, offset: number) => void;

/**
 * Finds what may be a key in a content that comes in chunks: the first and the last 32 digits of
 * every run of hex digits, so that a key is found behind `%22` or `\u0022` too. A run of UTF-16,
 * as PowerShell and programs of Windows have it, is digits with a NUL between each two.
 */
export class WordSearch {
  readonly #found: Found;
  #open = Buffer.alloc(0);
  /** Of the first byte of what is open. */
  #offset = 0;

  constructor(found: Found) {
    this.#found = found;
  }

  /** The chunk's memory may be used again afterwards. */
  push(chunk: Buffer): void {
    const bytes = this.#open.length > 0 ? Buffer.concat([this.#open, chunk]) : chunk;
    const end = bytes.length - openRun(bytes);
    this.#search(bytes, end);
    this.#open = Buffer.from(bytes.subarray(end));
    this.#offset += end;
  }

  end(): void {
    this.#search(this.#open, this.#open.length);
  }

  /** A run of 32 digits has a byte at every 32nd, wherever it begins: the others aren't looked at. */
  #search(bytes: Buffer, to: number): void {
    let at = WORD - 1;
    while (at < to) {
      if (isDigit(bytes[at])) {
        at = this.#searchAround(bytes, at, to);
      } else if (bytes[at] === NUL && isDigit(bytes[at - 1])) {
        at = this.#searchWide(bytes, at - 1, to);
      } else {
        at += WORD;
      }
    }
  }

  /** Answers where to look next. */
  #searchAround(bytes: Buffer, at: number, to: number): number {
    let begin = at;
    while (begin > 0 && isDigit(bytes[begin - 1])) begin -= 1;
    let end = at + 1;
    while (end < to && isDigit(bytes[end])) end += 1;
    if (end - begin >= WORD) this.#tell(bytes, begin);
    if (end - begin > WORD) this.#tell(bytes, end - WORD);
    const isWide = bytes[at - 1] === NUL || bytes[at + 1] === NUL;
    return Math.max(end + WORD, isWide ? this.#searchWide(bytes, at, to) : 0);
  }

  /** The run of UTF-16 that a digit is in. Its last digit may begin another run. */
  #searchWide(bytes: Buffer, at: number, to: number): number {
    let begin = at;
    while (bytes[begin - 1] === NUL && isDigit(bytes[begin - 2])) begin -= 2;
    let last = at;
    while (last + 2 < to && bytes[last + 1] === NUL && isDigit(bytes[last + 2])) last += 2;
    if (last - begin >= WIDE_WORD) this.#tell(bytes, begin, WIDE_WORD);
    if (last - begin > WIDE_WORD) this.#tell(bytes, last - WIDE_WORD, WIDE_WORD);
    return last + WORD - 1;
  }

  #tell(bytes: Buffer, at: number, lastDigit = WORD - 1): void {
    const word = bytes.toString('latin1', at, at + lastDigit + 1).replaceAll('\0', '');
    this.#found(word.toLowerCase(), this.#offset + at);
  }
}

/** What may go on in the next chunk. */
function openRun(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - LONGEST_OPEN_RUN);
  let begin = bytes.length;
  while (begin > first && belongs(bytes, begin - 1)) begin -= 1;
  return bytes.length - begin;
}

const belongs = (bytes: Buffer, at: number) =>
  isDigit(bytes[at]) || (bytes[at] === NUL && isDigit(bytes[at - 1]));
