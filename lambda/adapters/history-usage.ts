import { secretName } from '../contract.ts';
import type { ReadHistory, Timer } from '../domain/ports.ts';
import { type History, PERIOD } from '../domain/readers/history.ts';
import { hoursOf, otherThanCut, toldOfCut } from './history-hours.ts';
import { before, type Meaning, periodsOf, rowsOf, sinceOf } from './history-periods.ts';
import { costOf, costOfBoth, faultOf, Query, runQueries } from './insights.ts';
import { hoursOfAll, USES_OF_ALL } from './usage-queries.ts';
import { type AskedRecord, MOST_MS, recordedHours, recordedSince, told } from './usage-window.ts';

export interface ReadersRecord extends AskedRecord {
  /** Whose reads aren't counted by hour. */
  readonly ownRoles: readonly string[];
}

/**
 * The access guard's usage record: five queries, however many keys and uses there are. A record
 * that hasn't all of the last 72 hours, since the guard is younger for one, leaves the answer to
 * whichever of it and `events` goes further back.
 */
export function usageHistory(
  record: ReadersRecord,
  timer: Timer,
  events: ReadHistory,
): ReadHistory {
  return {
    async of(question) {
      const uses = await historyIn(record, timer, question.now);
      if (uses.since && uses.since <= before(question.now, PERIOD.lately)) return uses;
      const others = await events.of(question);
      return isLonger(uses, others) ? withCost(uses, others, '') : withCost(others, uses, NOT_YET);
    },
  };
}

const NOT_YET = "The access guard's usage record can't tell as much yet:";

async function historyIn(record: ReadersRecord, timer: Timer, now: Date): Promise<History> {
  const { client, logGroupName, environment, ownRoles } = record;
  const from = before(now, PERIOD.all);
  const ask = (text: string, period: number) =>
    new Query(client, { logGroupName, from: before(now, period), to: now }, text);
  const periods = periodsOf((period) => ask(USES_OF_ALL, period));
  const byHour = ask(hoursOfAll(ownRoles), PERIOD.lately);
  const recorded = recordedHours(record, from, now);
  const others = [...Object.values(periods), recorded];
  await runQueries([...others, byHour], timer, MOST_MS);
  const since = latest(recordedSince(recorded, from, now), sinceOf(periods, now));
  const hours = hoursOf(
    byHour,
    now,
    ({ api_key_name: key }) => key && secretName(environment, key),
  );
  const queries = otherThanCut(byHour, others);
  const [failure] = queries.flatMap((query) => faultOf(query) ?? []);
  const source = {
    kind: 'usage-record',
    covers: told(record, { from, to: now, since }, queries) + toldOfCut(byHour, hours),
    complete: failure === undefined,
    ...(failure ? { failure } : {}),
    ...costOf([...others, byHour]),
  } as const;
  return {
    rows: rowsOf(periods, inRecord(environment)),
    ...(since ? { since } : {}),
    ...(hours ? { hours } : {}),
    source,
  };
}

const inRecord =
  (environment: string): Meaning =>
  ({ api_key_name: key, outcome }) =>
    key && outcome
      ? { secretId: secretName(environment, key), refused: outcome !== 'read' }
      : undefined;

const latest = (one: Date | undefined, other: Date | undefined) =>
  one && other && (one > other ? one : other);

function isLonger(uses: History, others: History): boolean {
  if (!uses.since || !others.since)
    return Boolean(uses.since) || uses.rows.length > others.rows.length;
  return uses.since <= others.since;
}

/** What the other one covers is told after `why`, if there is anything to tell. */
function withCost(answer: History, { source: other }: History, why: string): History {
  const { source } = answer;
  const covers = why ? `${source.covers} ${why} ${other.covers}` : source.covers;
  return { ...answer, source: { ...source, covers, ...costOfBoth(source, other) } };
}
