import { secretName } from '../contract.ts';
import type { ReadHistory, Timer } from '../domain/ports.ts';
import { type History, PERIOD } from '../domain/readers/history.ts';
import { before, type Meaning, periodsOf, rowsOf, sinceOf } from './history-periods.ts';
import { costOf, costOfBoth, faultOf, Query, runQueries } from './insights.ts';
import { USES_OF_ALL } from './usage-queries.ts';
import { type AskedRecord, MOST_MS, recordedHours, recordedSince, told } from './usage-window.ts';

/**
 * The access guard's usage record: four queries, however many keys and uses there are. A record
 * that hasn't all of the last 72 hours, since the guard is younger for one, leaves the answer to
 * whichever of it and `events` goes further back.
 */
export function usageHistory(record: AskedRecord, timer: Timer, events: ReadHistory): ReadHistory {
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

async function historyIn(record: AskedRecord, timer: Timer, now: Date): Promise<History> {
  const { client, logGroupName, environment } = record;
  const from = before(now, PERIOD.all);
  const periods = periodsOf((period) => {
    const window = { logGroupName, from: before(now, period), to: now };
    return new Query(client, window, USES_OF_ALL);
  });
  const hours = recordedHours(record, from, now);
  const queries = [...Object.values(periods), hours];
  await runQueries(queries, timer, MOST_MS);
  const since = latest(recordedSince(hours, from, now), sinceOf(periods, now));
  const [failure] = queries.flatMap((query) => faultOf(query) ?? []);
  const source = {
    kind: 'usage-record',
    covers: told(record, { from, to: now, since }, queries),
    complete: failure === undefined,
    ...(failure ? { failure } : {}),
    ...costOf(queries),
  } as const;
  return { rows: rowsOf(periods, inRecord(environment)), ...(since ? { since } : {}), source };
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
