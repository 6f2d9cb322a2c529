/** The only time the fakes know: it moves when a test moves it. */
export class Clock {
  #now: number;

  constructor(start: Date) {
    this.#now = start.getTime();
  }

  now(): Date {
    return new Date(this.#now);
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  set(date: Date): void {
    this.#now = date.getTime();
  }
}
