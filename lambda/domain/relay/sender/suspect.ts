import { RELAY_REFUSED } from '../../../contract.ts';
import type { Memory } from '../../access-guard/ports.ts';
import { asKeysError, type KeysError } from '../../errors.ts';
import type { Timer } from '../../ports.ts';
import type { Refused } from './follow.ts';

/** An event that Amplitude refused alone, without a word why. */
export interface Suspect extends Refused {
  /** Whether Amplitude took others after it, in the same run. */
  readonly isPassed: boolean;
}

/** What became of suspects. */
export interface Judged {
  /** The fault is theirs. */
  readonly refused: readonly Refused[];
  /** It may have been the request's, or Amplitude's: they come again. */
  readonly again: readonly Suspect[];
  readonly error?: KeysError;
}

const OFTEN = 3;
/** Twelve minutes lie between two tries, so this is a day. */
const FOR_A_DAY = 120;
/** Longer than the queue keeps an event. */
const KEPT_MS = 15 * 86_400_000;

/**
 * Whether the fault is the event's: Amplitude refused it alone, three times at least, and took others after
 * it; or there are no others, and it was refused for a day.
 * @param times how often it was refused alone, in as many runs
 */
export const isProven = ({ isPassed }: Pick<Suspect, 'isPassed'>, times: number) =>
  times >= FOR_A_DAY || (times >= OFTEN && isPassed);

/** Counts this refusal of each, and tells whose fault it is by now; of what can't be counted it isn't known. */
export async function judge(
  { memory, timer }: { readonly memory: Pick<Memory, 'count'>; readonly timer: Timer },
  suspects: readonly Suspect[],
): Promise<Judged> {
  const expires = new Date(timer.now().getTime() + KEPT_MS);
  const count = ({ parcel }: Suspect) =>
    memory.count(`${RELAY_REFUSED}${parcel.event.insert_id}`, 1, expires);
  const counts = await Promise.allSettled(suspects.map(count));
  const isTheirs = (suspect: Suspect, at: number) => {
    const counted = counts[at];
    return counted?.status === 'fulfilled' && isProven(suspect, counted.value);
  };
  const failed = counts.find((counted) => counted.status === 'rejected');
  return {
    refused: suspects.filter(isTheirs).map(({ parcel, reason }) => ({ parcel, reason })),
    again: suspects.filter((suspect, at) => !isTheirs(suspect, at)),
    ...(failed ? { error: asKeysError(failed.reason) } : {}),
  };
}
