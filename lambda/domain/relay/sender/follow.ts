import { halves } from './cut.ts';
import type { Parcel } from './parcel.ts';
import type { Sent } from './ports.ts';

/** An event that Amplitude will never take, and a code that says why. */
export interface Refused {
  readonly parcel: Parcel;
  readonly reason: string;
}

/** What follows from Amplitude's answer to a batch; every event of the batch is in one of these. */
export interface Following {
  readonly taken: readonly Parcel[];
  readonly refused: readonly Refused[];
  /** Refused alone, without a word why: the fault may be the request's as well. */
  readonly suspects: readonly Refused[];
  /** To be sent at once, batch by batch. */
  readonly next: readonly (readonly Parcel[])[];
  /** To be sent after `waitMs`. */
  readonly later: readonly Parcel[];
  readonly waitMs: number;
}

/** Answers that are of the batch; one about the key, or none, isn't. */
export type Judgement = Exclude<Sent, { outcome: 'key rejected' | 'unavailable' }>;

/** No message of the queue is as large as a request may be, so that one alone may be something else. */
export const TOO_LARGE = 'too_large';
export const UNEXPLAINED = 'unexplained';

const NOTHING: Following = { taken: [], refused: [], suspects: [], next: [], later: [], waitMs: 0 };

/** Whether the answer settled nothing: Amplitude may be refusing whatever comes. */
export const isInVain = ({ taken, refused, later }: Following) =>
  taken.length + refused.length + later.length === 0;

export function following(batch: readonly Parcel[], sent: Judgement): Following {
  switch (sent.outcome) {
    case 'taken':
      return { ...NOTHING, taken: batch };
    case 'too large':
      return halved(batch, TOO_LARGE);
    case 'refused':
      return afterRefusal(batch, sent.reasons);
    case 'throttled':
      return afterThrottling(batch, sent);
  }
}

function afterRefusal(batch: readonly Parcel[], reasons: ReadonlyMap<number, string>): Following {
  const reasonOf = (index: number) => reasons.get(index);
  const refused = batch.flatMap((parcel, index) => {
    const reason = reasonOf(index);
    return reason === undefined ? [] : [{ parcel, reason }];
  });
  const rest = batch.filter((_, index) => reasonOf(index) === undefined);
  if (refused.length > 0) return { ...NOTHING, refused, next: rest.length > 0 ? [rest] : [] };
  return halved(batch, UNEXPLAINED);
}

function halved(batch: readonly Parcel[], reason: string): Following {
  if (batch.length > 1) return { ...NOTHING, next: halves(batch) };
  return { ...NOTHING, suspects: batch.map((parcel) => ({ parcel, reason })) };
}

function afterThrottling(
  batch: readonly Parcel[],
  { indexes, waitMs }: { readonly indexes: ReadonlySet<number>; readonly waitMs: number },
): Following {
  const later = batch.filter((_, index) => indexes.has(index));
  if (later.length === 0) return { ...NOTHING, later: batch, waitMs };
  const rest = batch.filter((_, index) => !indexes.has(index));
  return { ...NOTHING, later, waitMs, next: rest.length > 0 ? [rest] : [] };
}
