import type { TrailEvent } from '../activity.ts';
import { HOUR } from '../key-state.ts';
import { type HistoryHour, type HistoryRow, PERIOD } from './history.ts';

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

/** The same of the hours of the last 72. */
export function countHours(events: readonly TrailEvent[], now: Date): HistoryHour[] {
  const reads = events.filter(
    ({ at, error }) => !error && at.getTime() >= now.getTime() - PERIOD.lately,
  );
  const alike = Map.groupBy(reads, ({ secretId, principal, at }) =>
    JSON.stringify([secretId, principal, hourOf(at)]),
  );
  return [...alike.values()].flatMap((same) => {
    const [one] = same;
    if (!one?.secretId) return [];
    const { secretId, principal, at } = one;
    return [{ secretId, principal, hour: new Date(hourOf(at)), reads: same.length }];
  });
}

const hourOf = (at: Date) => Math.floor(at.getTime() / HOUR) * HOUR;
