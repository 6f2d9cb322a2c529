import type { SentEvent } from '../../amplitude-batch.ts';
import { expectedOf, indexOf } from './traffic.ts';

/** Amplitude counts an event once within it. https://amplitude.com/docs/apis/analytics/http-v2 */
const DEDUPED_MS = 7 * 86_400_000;

/**
 * What was taken and what arrived, by the number of the event. All its room is there from the start,
 * so that it doesn't grow while memory is watched.
 */
export class Ledger {
  /** What can't be counted: told once each. */
  readonly faults = new Set<string>();
  readonly #seed: number;
  readonly #accepted: Uint8Array;
  readonly #arrivals: Uint16Array;
  readonly #firstAt: Float64Array;

  constructor(events: number, seed: number) {
    this.#seed = seed;
    this.#accepted = new Uint8Array(events);
    this.#arrivals = new Uint16Array(events);
    this.#firstAt = new Float64Array(events);
  }

  /** Every request that tells of it was answered with 200. */
  accept(index: number): void {
    this.#accepted[index] = 1;
  }

  arrive(event: SentEvent, now: Date): void {
    const index = indexOf(String(event.insert_id));
    const { insertId, user, device, models } = expectedOf(index, this.#seed);
    if (!(index < this.#arrivals.length) || event.insert_id !== insertId) {
      this.faults.add('An event arrived that nobody sent.');
      return;
    }
    if (event.user_id !== user || event.device_id !== device) {
      this.faults.add(`Event ${index} arrived as somebody else's.`);
    }
    const { model_used } = event.event_properties as Readonly<Record<string, unknown>>;
    if (model_used !== models) this.faults.add(`Event ${index} arrived with other models.`);
    if (this.#arrivals[index] === 0) this.#firstAt[index] = now.getTime();
    if (now.getTime() - (this.#firstAt[index] ?? 0) > DEDUPED_MS) {
      this.faults.add(`Event ${index} came again when Amplitude counts it anew.`);
    }
    this.#arrivals[index] = (this.#arrivals[index] ?? 0) + 1;
  }

  get counts() {
    const counts = { accepted: 0, counted: 0, lost: 0, uncalledFor: 0, repeats: 0 };
    for (const [index, arrivals] of this.#arrivals.entries()) {
      const isAccepted = this.#accepted[index] === 1;
      if (isAccepted) counts.accepted += 1;
      if (isAccepted && arrivals === 0) counts.lost += 1;
      if (!isAccepted && arrivals > 0) counts.uncalledFor += 1;
      if (arrivals > 0) counts.counted += 1;
      counts.repeats += Math.max(0, arrivals - 1);
    }
    return counts;
  }
}
