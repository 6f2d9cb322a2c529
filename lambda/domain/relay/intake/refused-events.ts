import type { Refused } from './posted.ts';

/** Runs of adjacent events that are told of one reason; there are few reasons. */
const MOST_RUNS = 10;

/** `events[0]–[29]: event_type is missing; events[31], [35]: time is …`. */
export function refusedEventsTold(refused: readonly Refused[]): string {
  const byReason = Map.groupBy(refused, ({ reason }) => reason);
  return [...byReason]
    .map(([reason, those]) => `events${placesOf(those.map(({ index }) => index))}: ${reason}`)
    .join('; ');
}

function placesOf(indexes: readonly number[]): string {
  const runs = runsIn(indexes);
  const told = runs
    .slice(0, MOST_RUNS)
    .map(([first, last]) => (first === last ? `[${first}]` : `[${first}]–[${last}]`))
    .join(', ');
  const more = runs.slice(MOST_RUNS).reduce((sum, [first, last]) => sum + last - first + 1, 0);
  return more > 0 ? `${told} and ${more} more` : told;
}

/** First and last of each run, of indexes in order. */
function runsIn(indexes: readonly number[]) {
  const runs: [first: number, last: number][] = [];
  for (const index of indexes) {
    const open = runs.at(-1);
    if (open && open[1] === index - 1) open[1] = index;
    else runs.push([index, index]);
  }
  return runs;
}
