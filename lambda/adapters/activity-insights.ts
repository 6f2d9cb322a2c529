import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type {
  ActionRow,
  Activity,
  ActivityQuestion,
  HourRow,
  ReaderRow,
  TraceRow,
} from '../domain/activity.ts';
import type { ActivityLog, Timer } from '../domain/ports.ts';
import { given, NOBODY_KNOWN, sessionOf } from './cloudtrail-event.ts';
import { type Cells, costOf, dateIn, faultOf, numberIn, Query, runQueries } from './insights.ts';
import { queriesFor } from './insights-queries.ts';

/** The log group that a trail delivers to, asked by Logs Insights: four queries, whatever the volume. */
export function logsInsights(
  client: CloudWatchLogsClient,
  logGroupName: string,
  timer: Timer,
): ActivityLog {
  return {
    async about(question) {
      const window = { logGroupName, from: question.from, to: question.to };
      const texts = queriesFor(question);
      const readers = new Query(client, window, texts.readers);
      const hours = new Query(client, window, texts.hours);
      const traces = new Query(client, window, texts.traces);
      const actions = new Query(client, window, texts.actions);
      const queries = [readers, hours, traces, actions];
      await runQueries(queries, timer);
      return {
        readers: readers.rows.flatMap(readerRow),
        hours: hours.rows.flatMap(hourRow),
        traces: traces.rows.map(traceRow),
        actions: actions.rows.flatMap(actionRow),
        source: sourceOf(logGroupName, question, queries),
      };
    },
  };
}

function sourceOf(
  logGroupName: string,
  { from, to }: ActivityQuestion,
  queries: readonly Query[],
): Activity['source'] {
  const faults = new Set(queries.flatMap((query) => faultOf(query) ?? []));
  const covers = `CloudTrail's log group ${logGroupName} from ${from.toISOString()} to ${to.toISOString()}, as far as its trail delivers to it and its retention goes; it lags by about 5 minutes on average.`;
  return {
    kind: 'logs-insights',
    covers: [covers, ...faults].join(' '),
    complete: faults.size === 0,
    ...costOf(queries),
  };
}

/** A row without a time is of no event of CloudTrail's. */
function readerRow({ principal = NOBODY_KNOWN, ...cells }: Cells): ReaderRow[] {
  const [first, last] = [dateIn(cells.first), dateIn(cells.last)];
  if (!first || !last) return [];
  return [
    {
      principal,
      reads: numberIn(cells.reads),
      byVersionId: numberIn(cells.byVersionId),
      first,
      last,
    },
  ];
}

export function hourRow({ hour, reads }: Cells): HourRow[] {
  const date = dateIn(`${hour}:00:00Z`);
  return date ? [{ hour: date, reads: numberIn(reads) }] : [];
}

function traceRow({ principal = NOBODY_KNOWN, caller, ...cells }: Cells): TraceRow {
  const { sourceIPAddress: address, vpcEndpointId: vpcEndpoint, userAgent } = cells;
  return { principal, ...given({ session: sessionOf(caller), address, vpcEndpoint, userAgent }) };
}

function actionRow({ eventName: name, principal = NOBODY_KNOWN, ...cells }: Cells): ActionRow[] {
  const last = dateIn(cells.last);
  if (!name || !last) return [];
  const { errorCode: error, secretArn, parameterArn } = cells;
  const decrypted = secretArn || parameterArn ? given({ secretArn, parameterArn }) : undefined;
  return [{ name, principal, ...given({ error, decrypted }), count: numberIn(cells.calls), last }];
}
