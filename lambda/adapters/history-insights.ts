import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { ReadHistory, Timer } from '../domain/ports.ts';
import { type History, type HistoryQuestion, PERIOD } from '../domain/readers/history.ts';
import { hoursOf, otherThanCut, toldOfCut } from './history-hours.ts';
import { before, type Meaning, periodsOf, rowsOf, sinceOf } from './history-periods.ts';
import { costOf, faultOf, Query, runQueries } from './insights.ts';
import { readHistoryQuery, readHoursQuery } from './insights-queries.ts';

/** 90 days take longer than a leak's 72 hours. */
const MOST_MS = 40_000;

/**
 * The log group that a trail delivers to: four queries, however many keys and reads there are. The
 * reads of `ownRoles` aren't counted by hour.
 */
export function insightsHistory(
  client: CloudWatchLogsClient,
  logGroupName: string,
  timer: Timer,
  ownRoles: readonly string[],
): ReadHistory {
  return {
    async of({ environment, now }) {
      const ask = (text: string, period: number) =>
        new Query(client, { logGroupName, from: before(now, period), to: now }, text);
      const periods = periodsOf((period) => ask(readHistoryQuery(environment), period));
      const byHour = ask(readHoursQuery(environment, ownRoles), PERIOD.lately);
      const queries = [...Object.values(periods), byHour];
      await runQueries(queries, timer, MOST_MS);
      const since = sinceOf(periods, now);
      const hours = hoursOf(byHour, now, ({ secretId }) => secretId);
      const source = sourceOf(logGroupName, now, otherThanCut(byHour, Object.values(periods)));
      return {
        rows: rowsOf(periods, inTrail),
        ...(since ? { since } : {}),
        ...(hours ? { hours } : {}),
        source: {
          ...source,
          covers: source.covers + toldOfCut(byHour, hours),
          ...costOf(queries),
        },
      };
    },
  };
}

const inTrail: Meaning = ({ secretId, errorCode }) =>
  secretId ? { secretId, refused: Boolean(errorCode) } : undefined;

function sourceOf(
  logGroupName: string,
  now: HistoryQuestion['now'],
  queries: readonly Query[],
): Omit<History['source'], 'calls'> {
  const faults = new Set(queries.flatMap((query) => faultOf(query) ?? []));
  const [failure] = faults;
  const covers = `CloudTrail's log group ${logGroupName} from ${before(now, PERIOD.all).toISOString()} to ${now.toISOString()}, as far as its trail delivers to it and its retention goes; it lags by about 5 minutes on average.`;
  return {
    kind: 'logs-insights',
    covers: [covers, ...faults].join(' '),
    complete: faults.size === 0,
    ...(failure ? { failure } : {}),
  };
}
