import type { Refused } from './follow.ts';

/** An event that Amplitude refused alone, without a word why. */
export interface Suspect extends Refused {
  /** How many events of this run Amplitude had taken by then. */
  readonly takenBefore: number;
}

/** Handed out so often, it was alone with its fault at several times, a quarter of an hour apart. */
const OFTEN = 3;
/** About a day. */
const FOR_LONG = 120;

/**
 * Whether the fault is the event's and not the request's: Amplitude took others after it, and not for
 * the first time; or there are no others, and it was refused for a day.
 * @param taken how many events of this run Amplitude has taken
 */
export function isProven({ parcel, takenBefore }: Suspect, taken: number): boolean {
  const receives = Math.max(0, ...parcel.messages.map((message) => message.receives));
  return receives >= FOR_LONG || (receives >= OFTEN && taken > takenBefore);
}
