import { createHash } from 'node:crypto';

/**
 * Chance that comes out the same for the same seed. Whoever draws has a stream of its own, by its
 * name, so that one more actor changes nothing that the others do.
 */
export class Random {
  readonly #name: string;
  readonly #state: Uint32Array;

  constructor(name: string) {
    this.#name = name;
    const digest = createHash('sha256').update(name).digest();
    this.#state = Uint32Array.from({ length: 4 }, (_, index) => digest.readUInt32LE(4 * index));
  }

  /** A stream of its own, whatever was drawn from this one. */
  of(...names: readonly (string | number)[]): Random {
    return new Random([this.#name, ...names].join('/'));
  }

  /** 32 bits, by sfc32 of PractRand. https://pracrand.sourceforge.net/RNG_engines.txt */
  bits(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, counter = 0] = state;
    const sum = (a + b + counter) >>> 0;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    state[3] = counter + 1;
    return sum;
  }

  /** From 0 to less than 1. */
  share(): number {
    return this.bits() / 2 ** 32;
  }

  between(from: number, to: number): number {
    return from + this.share() * (to - from);
  }

  /** A whole number; both ends are possible. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.share() * (to - from + 1));
  }

  isTrue(probability: number): boolean {
    return this.share() < probability;
  }

  pick<One>(all: readonly One[]): One {
    const one = all[this.whole(0, all.length - 1)];
    if (one === undefined) throw new Error(`${this.#name} has nothing to pick from.`);
    return one;
  }

  /** So many different ones, or all there are, in any order. */
  some<One>(all: readonly One[], count: number): One[] {
    const keyed = all.map((one) => [this.bits(), one] as const);
    return keyed
      .sort(([one], [other]) => one - other)
      .slice(0, count)
      .map(([, one]) => one);
  }

  /** How long until the next of what happens by itself, so often on average. */
  wait(mean: number): number {
    return -Math.log(1 - this.share()) * mean;
  }

  /** Mostly near the median, sometimes several times that. */
  skewed(median: number, sigma: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.share()));
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.share()));
  }

  hex(length: number): string {
    let text = '';
    while (text.length < length) text += this.bits().toString(16).padStart(8, '0');
    return text.slice(0, length);
  }

  /** Made of what is drawn now, when it is asked for: of a million events most are never told. */
  uuid(): () => string {
    const bits = [this.bits(), this.bits(), this.bits(), this.bits()];
    return () => {
      const hex = bits.map((word) => word.toString(16).padStart(8, '0')).join('');
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `8${hex.slice(17, 20)}`,
        hex.slice(20, 32),
      ].join('-');
    };
  }
}
