import type { ConsumerReport, KeyReadersReport, PrincipalReads } from '../../payloads.ts';
import type { Consumer } from '../consumer.ts';
import { keyless } from '../keyless.ts';
import type { ManagedKey } from '../managed-key.ts';
import { ownRoles } from '../own-roles.ts';
import { namesOf, type SecretDescription } from '../versions.ts';
import { type History, type HistoryHour, type HistoryRow, highest } from './history.ts';

type Key = {
  readonly secret: Pick<SecretDescription, 'arn' | 'name'>;
  readonly managed: Pick<ManagedKey, 'name' | 'environment' | 'consumers'>;
};

/** Whom one key is granted to and who read it, the latest reader first. */
export function keyReaders({ secret, managed }: Key, history: History): KeyReadersReport {
  const names = namesOf(secret);
  const rows = history.rows.filter(({ secretId }) => names.includes(secretId));
  const own = ownRoles(secret, managed.environment);
  const strangers = rows.filter(({ principal }) => !own.includes(principal));
  const since = seenSince(rows, history.since);
  const hoursSince = latestOf(since, history.hours?.since);
  const hours = history.hours?.rows.filter(({ secretId }) => names.includes(secretId));
  return {
    key: managed.name,
    ...(since ? { since: since.toISOString() } : {}),
    ...(hoursSince ? { hoursSince: hoursSince.toISOString() } : {}),
    consumers: managed.consumers.map(consumerReport),
    readers: [...Map.groupBy(strangers, ({ principal }) => principal)]
      .map(([principal, theirs]) => principalReads(principal, theirs, hours))
      .sort(latestFirst),
  };
}

/**
 * The sweep reads every key each hour: a source that has nothing of that has nothing of others
 * either, since a log group forgets and a trail may be younger than it.
 */
function seenSince(rows: readonly HistoryRow[], since: Date | undefined): Date | undefined {
  const first = earliest(rows.map((row) => row.first));
  return latestOf(since, first);
}

/** What is sure by both. */
const latestOf = (one: Date | undefined, other: Date | undefined) =>
  one && other && (one > other ? one : other);

const consumerReport = ({ principal, expires }: Consumer): ConsumerReport => ({
  principal: keyless(principal),
  ...(expires ? { expires: expires.toISOString() } : {}),
});

/** Whoever makes a role or user may call it what he likes. */
function principalReads(
  principal: string,
  rows: readonly HistoryRow[],
  hours: readonly HistoryHour[] | undefined,
): PrincipalReads {
  const [refused, read] = [true, false].map((how) => rows.filter((row) => row.refused === how));
  const last = latest(read);
  const lastRefused = latest(refused);
  const risk = highest(...rows.map((row) => row.risk));
  return {
    principal: keyless(principal),
    in72Hours: sum(read, 'in72Hours'),
    ...(hours ? { hours: byHour(hours.filter((row) => row.principal === principal)) } : {}),
    in30Days: sum(read, 'in30Days'),
    ...(last ? { last } : {}),
    refusedIn30Days: sum(refused, 'in30Days'),
    ...(lastRefused ? { lastRefused } : {}),
    ...(risk === undefined ? {} : { risk }),
  };
}

const sum = (rows: readonly HistoryRow[] = [], field: 'in72Hours' | 'in30Days') =>
  rows.reduce((total, row) => total + row[field], 0);

/** A secret goes by several names. */
function byHour(rows: readonly HistoryHour[]) {
  const alike = Map.groupBy(rows, ({ hour }) => hour.toISOString());
  return [...alike]
    .map(([hour, same]) => ({ hour, reads: same.reduce((total, { reads }) => total + reads, 0) }))
    .filter(({ reads }) => reads > 0)
    .sort((one, other) => one.hour.localeCompare(other.hour));
}

const latest = (rows: readonly HistoryRow[] = []) =>
  rows
    .map(({ last }) => last.toISOString())
    .sort()
    .at(-1);

const earliest = (times: readonly Date[]) =>
  times.toSorted((one, other) => one.getTime() - other.getTime())[0];

const timeOf = ({ last = '', lastRefused = '' }: PrincipalReads) =>
  last > lastRefused ? last : lastRefused;

const latestFirst = (one: PrincipalReads, other: PrincipalReads) =>
  timeOf(other).localeCompare(timeOf(one));
