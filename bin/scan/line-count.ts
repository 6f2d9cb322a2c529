const LINE_FEED = 10;

/** Where a byte is, as editors count: both from 1, columns in bytes. */
export interface LineAndColumn {
  readonly line: number;
  readonly column: number;
}

/** Counts the lines up to an offset of a content that comes in chunks. */
export class LineCount {
  readonly #target: number;
  #at = 0;
  #line = 1;
  #lineBegin = 0;

  constructor(target: number) {
    this.#target = target;
  }

  push(chunk: Buffer): void {
    const end = Math.min(chunk.length, this.#target - this.#at);
    let feed = chunk.indexOf(LINE_FEED);
    while (feed !== -1 && feed < end) {
      this.#line += 1;
      this.#lineBegin = this.#at + feed + 1;
      feed = chunk.indexOf(LINE_FEED, feed + 1);
    }
    this.#at += chunk.length;
  }

  end(): LineAndColumn {
    return { line: this.#line, column: this.#target - this.#lineBegin + 1 };
  }
}
