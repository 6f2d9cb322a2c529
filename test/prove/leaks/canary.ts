import { createHash } from 'node:crypto';
import { type Fingerprint, fingerprintOf } from '../../../lambda/domain/secret-value.ts';
import { type Form, formsOf } from './forms.ts';

/** A key that exists only to be searched for. */
export interface Canary {
  readonly key: string;
  readonly fingerprint: Fingerprint;
  readonly forms: readonly Form[];
}

/** Random keys; the same seed and word give the same one. */
export class Canaries {
  readonly #seed: number;
  readonly #byWord = new Map<string, Canary>();
  readonly #all: Canary[] = [];

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** The key of the canary with this word. */
  key(word: string): string {
    const known = this.#byWord.get(word);
    if (known) return known.key;
    const key = createHash('sha256').update(`${this.#seed} ${word}`).digest('hex').slice(0, 32);
    const canary = { key, fingerprint: fingerprintOf(key), forms: formsOf(key) };
    this.#byWord.set(word, canary);
    this.#all.push(canary);
    return key;
  }

  /** All that were asked for so far. */
  get all(): readonly Canary[] {
    return this.#all;
  }
}

export interface Found {
  readonly fingerprint: Fingerprint;
  /** The name of the form. */
  readonly form: string;
}

/** The canaries that are in a text, each by the plainest of its forms there. */
export function findIn(text: string, canaries: readonly Canary[]): Found[] {
  const lower = text.toLowerCase();
  const isIn = ({ text: form, anyCase }: Form) => (anyCase ? lower : text).includes(form);
  return canaries.flatMap(({ fingerprint, forms }) => {
    const form = forms.find(isIn);
    return form ? [{ fingerprint, form: form.name }] : [];
  });
}
