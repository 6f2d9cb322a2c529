import type { Random } from './random.ts';

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A Tuesday; the fakes' clock begins there too. */
export const START = Date.parse('2026-11-24T00:00:00Z');

/** Three weeks: one to learn in, and the two that the patient poisoner takes. */
export const WARM_UP_DAYS = 21;

/** A day of the account, 0 being the first of the warm-up. */
export interface Day {
  readonly index: number;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly isReplayed: boolean;
  readonly isWorkday: boolean;
}

export function dayOf(index: number): Day {
  const start = START + index * DAY;
  const isWorkday = ![0, 6].includes(new Date(start).getUTCDay());
  return { index, start, isReplayed: index === WARM_UP_DAYS, isWorkday };
}

export const REPLAYED = dayOf(WARM_UP_DAYS);

export const within = ({ start }: Day, at: number) => at >= start && at < start + DAY;

/**
 * How busy the account's customers are, from 0 by night to 1 in the evening of the east coast of the
 * USA; at weekends less.
 */
export function demandAt(at: number, { isWorkday }: Day): number {
  const hour = (at % DAY) / HOUR;
  const wave = (1 + Math.cos(((hour - 21) / 24) * 2 * Math.PI)) / 2;
  return (isWorkday ? 1 : 0.7) * wave;
}

/** A time of the day that a person of an office there would choose: `from`–`to` in UTC hours. */
export const timeIn = (
  { start }: Day,
  [from, to]: readonly [number, number],
  random: Random,
): number => start + random.between(from, to) * HOUR;
