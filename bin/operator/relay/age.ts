import type { Failures } from './failures.ts';
import { type Counts, totalOf } from './queues.ts';

/** Of the failed events; `unknown` where some of them weren't looked at. */
export type Age = 'within a week' | 'over a week' | 'unknown';

/** Within these Amplitude counts events of one insert_id and device once. */
const DEDUPLICATED_MS = 7 * 86_400_000;

/** A little before its end, since a move takes time too. */
const MARGIN_MS = 3_600_000;

export function ageOf({ looked, oldestAt }: Failures, failed: Counts, now: Date): Age {
  const oldest = oldestAt === undefined ? Number.NaN : Date.parse(oldestAt);
  if (now.getTime() - oldest > DEDUPLICATED_MS - MARGIN_MS) return 'over a week';
  return Number.isNaN(oldest) || looked < totalOf(failed) ? 'unknown' : 'within a week';
}
