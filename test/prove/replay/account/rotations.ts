import { dayOf, timeIn, WARM_UP_DAYS } from '../calendar.ts';
import type { Random } from '../random.ts';
import { KEYS } from './grants.ts';

/** A key is replaced by the next one, and its consumers start again. */
export interface Rotation {
  readonly at: number;
  readonly key: string;
}

const EVERY_DAYS = 4;

/** On the replayed day too. */
export function rotationsOf(random: Random): Rotation[] {
  const days = Array.from({ length: WARM_UP_DAYS + 1 }, (_, index) => dayOf(index));
  return days
    .filter(({ index }) => (WARM_UP_DAYS - index) % EVERY_DAYS === 0)
    .map((day) => ({ at: timeIn(day, [9, 20], random), key: random.pick(KEYS) }));
}
