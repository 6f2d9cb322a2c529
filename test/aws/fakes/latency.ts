import type { Clock } from './clock.ts';
import type { ServiceName } from './errors.ts';

/** Milliseconds. */
export type Duration = number | ((service: ServiceName, command: string) => number);

interface Journey {
  readonly endsAt: number;
  readonly arrive: () => void;
}

/** Time that calls take: one has its effect when it is sent, and its answer arrives at its end. */
export class Latency {
  readonly #clock: Clock;
  #duration: Duration | undefined;
  #underWay: Journey[] = [];
  #most = 0;
  #isRunning = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  set duration(duration: Duration) {
    this.#duration = duration;
  }

  get mostInFlight(): number {
    return this.#most;
  }

  /** Nothing to wait for while calls take no time. */
  journey(service: ServiceName, command: string): Promise<void> | undefined {
    if (this.#duration === undefined) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    const endsAt = this.#clock.now().getTime() + this.#lasts(this.#duration, service, command);
    this.#underWay.push({ endsAt, arrive: resolve });
    this.#most = Math.max(this.#most, this.#underWay.length);
    if (!this.#isRunning) this.#run();
    return promise;
  }

  #lasts(duration: Duration, service: ServiceName, command: string): number {
    return typeof duration === 'number' ? duration : duration(service, command);
  }

  /** One end at a time, each after whoever got the answer before has sent its next calls. */
  #run(): void {
    this.#isRunning = this.#underWay.length > 0;
    if (this.#isRunning) setImmediate(() => this.#endNext());
  }

  #endNext(): void {
    const endsAt = Math.min(...this.#underWay.map((one) => one.endsAt));
    const next = this.#underWay.findIndex((one) => one.endsAt === endsAt);
    const [journey] = this.#underWay.splice(next, 1);
    this.#clock.set(new Date(Math.max(endsAt, this.#clock.now().getTime())));
    journey?.arrive();
    this.#run();
  }
}
