import { createHash } from 'node:crypto';

/** UUIDs and suffixes that look random, differ from their first character on and recur in every run. */
export class Ids {
  #issued = 0;

  uuid(): string {
    const hex = this.#next();
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `8${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join('-');
  }

  /** Secrets Manager ends every ARN with six of these. */
  suffix(): string {
    return this.#next().slice(0, 6);
  }

  #next(): string {
    this.#issued += 1;
    return createHash('sha256').update(String(this.#issued)).digest('hex');
  }
}
