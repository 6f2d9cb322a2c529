import { asKeysError, type KeysError } from '../../errors.ts';

export interface RememberedOptions<Answer> {
  readonly ask: () => Promise<Answer>;
  readonly now: () => Date;
  /** An answer is good for so long. */
  readonly goodMs: number;
  /** Where there is no newer one it is used for so long. */
  readonly usableMs: number;
  /** So long after a question another can wait, if there is an answer to use. */
  readonly pauseMs: number;
  /** Used while there is none; good for no time. */
  readonly first?: Answer;
  /** Told why a question had no answer, whether an earlier one is used or not. */
  readonly tell: (failure: KeysError) => void;
}

interface Known<Answer> {
  readonly answer: Answer;
  readonly atMs: number;
}

/** An answer that is asked for as seldom as it can be, and used on where nobody gives a newer one. */
export class Remembered<Answer> {
  readonly #options: RememberedOptions<Answer>;
  #known: Known<Answer> | undefined;
  #askedMs = Number.NEGATIVE_INFINITY;
  #failure: KeysError | undefined;
  #asking: Promise<Answer> | undefined;

  constructor(options: RememberedOptions<Answer>) {
    this.#options = options;
    if ('first' in options) {
      this.#known = { answer: options.first as Answer, atMs: Number.NEGATIVE_INFINITY };
    }
  }

  /** @throws KeysError why there is none, and no earlier one to use */
  async get(): Promise<Answer> {
    const { goodMs, usableMs } = this.#options;
    const known = this.#known;
    const age = known ? this.#now() - known.atMs : Number.POSITIVE_INFINITY;
    if (known && age <= goodMs) return known.answer;
    const usable = age <= usableMs ? known : undefined;
    if (usable && this.#pauses()) return usable.answer;
    try {
      return await this.#ask();
    } catch (error) {
      if (usable) return usable.answer;
      throw error;
    }
  }

  /** As it is at the moment, or was when it was asked for just now. @throws KeysError why it isn't known */
  async renew(): Promise<Answer> {
    if (this.#asking || !this.#pauses()) return this.#ask();
    if (this.#failure) throw this.#failure;
    return this.#known ? this.#known.answer : this.#ask();
  }

  #pauses(): boolean {
    return this.#now() - this.#askedMs < this.#options.pauseMs;
  }

  /** All who ask at once get one answer. */
  #ask(): Promise<Answer> {
    this.#asking ??= this.#asked().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #asked(): Promise<Answer> {
    const atMs = this.#now();
    this.#askedMs = atMs;
    try {
      const answer = await this.#options.ask();
      this.#known = { answer, atMs };
      this.#failure = undefined;
      return answer;
    } catch (error) {
      this.#failure = asKeysError(error);
      this.#options.tell(this.#failure);
      throw this.#failure;
    }
  }

  #now(): number {
    return this.#options.now().getTime();
  }
}
