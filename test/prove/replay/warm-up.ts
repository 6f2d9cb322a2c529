import { baselineTable } from '../../../lambda/adapters/baseline-table.ts';
import { guardTableName } from '../../../lambda/contract.ts';
import { DAY, type Day, HOUR } from './calendar.ts';
import { ENVIRONMENT } from './events.ts';
import type { GuardedWorld } from './guarded-world.ts';
import type { Happening } from './happening.ts';
import type { Random } from './random.ts';

export interface Parted {
  readonly played: readonly Happening[];
  readonly leftOut: readonly Happening[];
}

const PART_OF_DAY = 2 * HOUR;

/**
 * Of what services do day and night a share is enough to learn from, but something of each of them in
 * every part of the day.
 */
export function partOf(all: readonly Happening[], share: number, random: Random): Parted {
  const seen = new Set<string>();
  const isPlayed = ({ isBulk, principal, at }: Happening) => {
    if (!isBulk || random.isTrue(share)) return true;
    const part = `${principal} ${Math.floor(at / PART_OF_DAY)}`;
    if (seen.has(part)) return false;
    seen.add(part);
    return true;
  };
  const { yes = [], no = [] } = Object.groupBy(all, (one) => (isPlayed(one) ? 'yes' : 'no'));
  return { played: yes, leftOut: no };
}

/** What is left out is in the baselines' numbers all the same: much is usual for these readers. */
export async function countIn({ aws }: GuardedWorld, day: Day, leftOut: readonly Happening[]) {
  const baselines = baselineTable(aws.clients.dynamoDb, guardTableName(ENVIRONMENT));
  const reads = leftOut.filter(({ isRead }) => isRead);
  for (const [principal, theirs] of Map.groupBy(reads, (one) => one.principal)) {
    const counts = new Map([[day.start / DAY, theirs.length]]);
    const expires = new Date(day.start + 60 * DAY);
    await baselines.note(principal, { reads: counts, steps: [] }, expires);
  }
}
