const LINE_FEED = 10;

export interface GitObject {
  readonly id: string;
  /** `blob`, `tree`, `commit` or `tag`. */
  readonly type: string;
}

export interface ObjectReader {
  /** Whether its content is wanted. */
  begin(object: GitObject): boolean;
  /** The chunk's memory may be used again afterwards. */
  push(chunk: Buffer): void;
  end(object: GitObject): void;
  /** Git names an object that it hasn't. */
  lack(id: string): void;
}

/**
 * Reads what `git cat-file --batch` writes: a line with id, type and size, the content, a line feed.
 * https://git-scm.com/docs/git-cat-file#_batch_output
 */
export class ObjectStream {
  readonly #reader: ObjectReader;
  #line = '';
  #object: GitObject | undefined;
  #wanted = false;
  /** Bytes of the content that are still to come. */
  #left = 0;

  constructor(reader: ObjectReader) {
    this.#reader = reader;
  }

  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      at = this.#object ? this.#content(this.#object, chunk, at) : this.#header(chunk, at);
    }
  }

  #header(chunk: Buffer, at: number): number {
    const end = chunk.indexOf(LINE_FEED, at);
    this.#line += chunk.toString('latin1', at, end === -1 ? chunk.length : end);
    if (end === -1) return chunk.length;
    const [id = '', type = '', size] = this.#line.split(' ');
    this.#line = '';
    if (size === undefined) {
      this.#reader.lack(id);
    } else {
      this.#object = { id, type };
      this.#wanted = this.#reader.begin(this.#object);
      this.#left = Number(size);
    }
    return end + 1;
  }

  #content(object: GitObject, chunk: Buffer, at: number): number {
    const length = Math.min(this.#left, chunk.length - at);
    if (this.#wanted && length > 0) this.#reader.push(chunk.subarray(at, at + length));
    this.#left -= length;
    if (at + length === chunk.length) return chunk.length;
    if (this.#wanted) this.#reader.end(object);
    this.#object = undefined;
    return at + length + 1;
  }
}
