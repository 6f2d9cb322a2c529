/** A key is so many hex digits. */
const WORD = 32;
/** Of a run that goes on in the next chunk, so much is kept; a longer one is searched in parts. */
const LONGEST_OPEN_RUN = 4096;

const HEX_DIGIT = new Uint8Array(256);
for (const digit of '0123456789abcdefABCDEF') HEX_DIGIT[digit.charCodeAt(0)] = 1;
const isDigit = (byte: number | undefined) => byte !== undefined && HEX_DIGIT[byte] === 1;

/** `word` is lower case; `offset` is that of its first digit from the content's begin. */
export type Found = (word: string, offset: number) => void;

/**
 * Finds what may be a key in a content that comes in chunks: the first and the last 32 digits of
 * every run of hex digits, so that a key is found behind `%22` or `\u0022` too.
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

  /** A run of 32 digits has one at every 32nd byte, wherever it begins: the others aren't looked at. */
  #search(bytes: Buffer, to: number): void {
    let at = WORD - 1;
    while (at < to) {
      if (!isDigit(bytes[at])) {
        at += WORD;
        continue;
      }
      let begin = at;
      while (begin > 0 && isDigit(bytes[begin - 1])) begin -= 1;
      let end = at + 1;
      while (end < to && isDigit(bytes[end])) end += 1;
      if (end - begin >= WORD) this.#tell(bytes, begin);
      if (end - begin > WORD) this.#tell(bytes, end - WORD);
      at = end + WORD;
    }
  }

  #tell(bytes: Buffer, at: number): void {
    this.#found(bytes.toString('latin1', at, at + WORD).toLowerCase(), this.#offset + at);
  }
}

function openRun(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - LONGEST_OPEN_RUN);
  let begin = bytes.length;
  while (begin > first && isDigit(bytes[begin - 1])) begin -= 1;
  return bytes.length - begin;
}
