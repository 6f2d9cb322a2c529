import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/** Amplitude's API and secret keys as scanners and SDK tests know them; the vendor publishes no guarantee. */
const KEY_FORMAT = /^[0-9a-f]{32}$/;

/** The first 12 hex digits of the key's SHA-256: what a key is called wherever it is named. */
export type Fingerprint = string;

export function fingerprintOf(value: string): Fingerprint {
  return digestOf(value).slice(0, 12);
}

/** SHA-256 in hex: as a ClientRequestToken, the same work gets the same token whenever it is repeated. */
export function digestOf(text: string): string {
  return hash('sha256', text);
}

/** HMAC-SHA-256 in hex: without the key, nobody finds the text by trying texts. */
export function keyedDigestOf(key: SecretValue, text: string): string {
  return createHmac('sha256', key.reveal()).update(text).digest('hex');
}

/**
 * Whether a text is one of these values. All are compared, and each for as long whatever it has in
 * common with the text: how long it takes tells nothing of them.
 */
export function isOneOf(text: string, values: readonly SecretValue[]): boolean {
  const presented = hash('sha256', text, 'buffer');
  return values.reduce((isFound, value) => {
    const isSame = timingSafeEqual(presented, hash('sha256', value.reveal(), 'buffer'));
    return isSame || isFound;
  }, false);
}

/** A key on its way. Every way of printing it gives `[redacted]`; only `reveal` gives the value. */
export class SecretValue {
  readonly #value: string;
  readonly fingerprint: Fingerprint;

  constructor(value: string) {
    this.#value = value;
    this.fingerprint = fingerprintOf(value);
  }

  get wellFormed(): boolean {
    return KEY_FORMAT.test(this.#value);
  }

  equals(other: SecretValue): boolean {
    return this.#value === other.#value;
  }

  /** Call it only where the value leaves for Amplitude or for AWS. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}
