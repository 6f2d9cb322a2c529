import type { AmplitudeStandIn } from '../../amplitude.ts';
import type { Clock } from '../../aws/fakes/clock.ts';

const HOUR = 3_600_000;

interface Revoked {
  readonly at: number;
  readonly lag: number;
  readonly flaps: boolean;
}

/** What people did at Amplitude, and what it therefore says of each key at any time. */
export class Vendor {
  readonly #standIn: AmplitudeStandIn;
  readonly #clock: Clock;
  readonly #revoked = new Map<string, Revoked | undefined>();
  #downUntil = 0;

  constructor(standIn: AmplitudeStandIn, clock: Clock) {
    this.#standIn = standIn;
    this.#clock = clock;
  }

  /** Somebody pressed Generate. */
  generate(key: string): void {
    this.#revoked.set(key, undefined);
    this.#standIn.generate(key);
  }

  /** Somebody pressed Revoke; Amplitude takes up to six hours over it. */
  press(key: string, lag: number, flaps: boolean): void {
    if (!this.#revoked.has(key) || this.#revoked.get(key)) return;
    this.#revoked.set(key, { at: this.#clock.now().getTime(), lag: lag * HOUR, flaps });
    this.settle();
  }

  outage(hours: number): void {
    this.#downUntil = this.#clock.now().getTime() + hours * HOUR;
    this.settle();
  }

  recover(): void {
    this.#downUntil = 0;
    this.settle();
  }

  get isUp(): boolean {
    return this.#clock.now().getTime() >= this.#downUntil;
  }

  isPressed(key: string): boolean {
    return this.#revoked.get(key) !== undefined;
  }

  accepts(key: string): boolean {
    if (!this.#revoked.has(key)) return false;
    const revoked = this.#revoked.get(key);
    if (!revoked) return true;
    const since = this.#clock.now().getTime() - revoked.at;
    if (since >= revoked.lag) return false;
    return !revoked.flaps || Math.floor(since / HOUR) % 2 === 0;
  }

  /** When every door rejects it for good; undefined while it isn't revoked. */
  rejectedFrom(key: string): number | undefined {
    if (!this.#revoked.has(key)) return 0;
    const revoked = this.#revoked.get(key);
    return revoked && revoked.at + revoked.lag;
  }

  /** The stand-in says what Amplitude would say now. */
  settle(): void {
    this.#standIn.down = !this.isUp;
    for (const [key, revoked] of this.#revoked) {
      if (!revoked) continue;
      if (this.accepts(key)) this.#standIn.generate(key);
      else this.#standIn.revoke(key);
    }
  }
}
