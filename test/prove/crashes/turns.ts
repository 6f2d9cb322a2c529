import { AsyncLocalStorage } from 'node:async_hooks';

/** How many calls each makes in its turn, one and the other by turns; after the last each runs to its end. */
export type Schedule = readonly number[];

type Who = 'one' | 'other';
const NEXT: Record<Who, Who> = { one: 'other', other: 'one' };

/** Two pieces of work at the same time, of which only one goes on at a time. */
export class Turns {
  readonly #who = new AsyncLocalStorage<Who>();
  readonly #schedule: number[];
  readonly #over = new Set<Who>();
  readonly made: Record<Who, number> = { one: 0, other: 0 };
  #turn: Who = 'one';
  #left: number;
  #changed = Promise.withResolvers<void>();

  constructor(schedule: Schedule) {
    this.#schedule = [...schedule];
    this.#left = this.#next();
    if (this.#left === 0) this.#pass();
  }

  async run(one: () => Promise<unknown>, other: () => Promise<unknown>): Promise<void> {
    await Promise.all([this.#run('one', one), this.#run('other', other)]);
  }

  /** Waited for before each call; a call of neither goes on at once. */
  async take(): Promise<void> {
    const who = this.#who.getStore();
    if (!who) return;
    while (this.#turn !== who || this.#left === 0) {
      if (this.#turn === who) this.#pass();
      else await this.#changed.promise;
    }
    this.#left -= 1;
    this.made[who] += 1;
  }

  async #run(who: Who, work: () => Promise<unknown>): Promise<void> {
    try {
      await this.#who.run(who, work);
    } finally {
      this.#over.add(who);
      if (this.#turn === who) this.#pass();
    }
  }

  #pass(): void {
    const next = NEXT[this.#turn];
    if (!this.#over.has(next)) this.#turn = next;
    this.#left = this.#next();
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  #next(): number {
    return this.#schedule.shift() ?? Number.POSITIVE_INFINITY;
  }
}
