import type { DataResidency } from '../../../lambda/contract.ts';
import type { AmplitudeStandIn } from '../../amplitude.ts';
import type { Clock } from '../../aws/fakes/clock.ts';

const HOUR = 3_600_000;

interface Made {
  readonly region: DataResidency;
  revoked?: Revoked;
}

interface Revoked {
  readonly at: number;
  readonly lag: number;
  readonly flaps: boolean;
}

/** What people did at Amplitude, and what it therefore says of each key at any time. */
export class Vendor {
  readonly #standIn: AmplitudeStandIn;
  readonly #clock: Clock;
  readonly #made = new Map<string, Made>();
  #downUntil = 0;

  constructor(standIn: AmplitudeStandIn, clock: Clock) {
    this.#standIn = standIn;
    this.#clock = clock;
  }

  /** Somebody pressed Generate. */
  generate(key: string, region: DataResidency = 'US'): void {
    this.#made.set(key, { region });
    this.#standIn.generate(key, region);
  }

  /** Somebody pressed Revoke; Amplitude takes up to six hours over it. */
  press(key: string, lag: number, flaps: boolean): void {
    const made = this.#made.get(key);
    if (!made || made.revoked) return;
    made.revoked = { at: this.#clock.now().getTime(), lag: lag * HOUR, flaps };
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
    return this.#made.get(key)?.revoked !== undefined;
  }

  /** In the region of the project. */
  accepts(key: string): boolean {
    return this.#made.get(key)?.region === 'US' && this.isInUse(key);
  }

  /** In whichever region. */
  isInUse(key: string): boolean {
    const made = this.#made.get(key);
    if (!made?.revoked) return made !== undefined;
    const { at, lag, flaps } = made.revoked;
    const since = this.#clock.now().getTime() - at;
    if (since >= lag) return false;
    return !flaps || Math.floor(since / HOUR) % 2 === 0;
  }

  /** When every door rejects it for good; undefined while it isn't revoked. */
  rejectedFrom(key: string): number | undefined {
    const made = this.#made.get(key);
    if (made?.region !== 'US') return 0;
    return made.revoked && made.revoked.at + made.revoked.lag;
  }

  /** The stand-in says what Amplitude would say now. */
  settle(): void {
    this.#standIn.down = !this.isUp;
    for (const [key, { region, revoked }] of this.#made) {
      if (!revoked) continue;
      if (this.isInUse(key)) this.#standIn.generate(key, region);
      else this.#standIn.revoke(key);
    }
  }
}
