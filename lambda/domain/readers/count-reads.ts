import type { TrailEvent } from '../activity.ts';
import { type HistoryRow, PERIOD } from './history.ts';

/** Counts what queries of the log group would count. */
export function countReads(events: readonly TrailEvent[], now: Date): HistoryRow[] {
  const alike = Map.groupBy(events, ({ secretId, principal, error }) =>
    JSON.stringify([secretId, principal, error !== undefined]),
  );
  return [...alike.values()].flatMap((same) => rowOf(same, now) ?? []);
}

function rowOf(same: readonly TrailEvent[], now: Date): HistoryRow | undefined {
  const [one] = same;
  if (!one?.secretId) return undefined;
  const times = same.map(({ at }) => at.getTime());
  const within = (period: number) => times.filter((time) => time >= now.getTime() - period).length;
  return {
    secretId: one.secretId,
    principal: one.principal,
    refused: one.error !== undefined,
    first: new Date(times.reduce((a, b) => Math.min(a, b))),
    last: new Date(times.reduce((a, b) => Math.max(a, b))),
    in72Hours: within(PERIOD.lately),
    in30Days: within(PERIOD.month),
  };
}
