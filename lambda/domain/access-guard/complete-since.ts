import { HOUR } from '../key-state.ts';

/**
 * The sweep reads every key each hour, so a longer silence means that uses were not recorded. The
 * record's own alarm waits less.
 */
export const MOST_SILENT = 4 * HOUR;

/**
 * Since when a record of uses has no gap up to `now`; undefined: it has nothing of the last hours.
 * @param times of uses, at least one of every hour that has any
 */
export function completeSince(times: readonly Date[], now: Date): Date | undefined {
  let since: Date | undefined;
  for (const time of times.toSorted((one, other) => other.getTime() - one.getTime())) {
    if ((since ?? now).getTime() - time.getTime() > MOST_SILENT) break;
    since = time;
  }
  return since;
}
