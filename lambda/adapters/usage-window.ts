import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { completeSince, MOST_SILENT } from '../domain/access-guard/complete-since.ts';
import { dateIn, faultOf, Query } from './insights.ts';
import { RECORDED_HOURS } from './usage-queries.ts';

/** The usage record of an environment, and who asks it. */
export interface AskedRecord {
  readonly client: CloudWatchLogsClient;
  readonly environment: string;
  readonly logGroupName: string;
}

/** It holds no more than uses, so it answers fast; CloudTrail may have to be asked after it. */
export const MOST_MS = 12_000;

/** When something was recorded from so long before `from` on that a gap at the beginning shows. */
export const recordedHours = ({ client, logGroupName }: AskedRecord, from: Date, to: Date) =>
  new Query(
    client,
    { logGroupName, from: new Date(from.getTime() - MOST_SILENT), to },
    RECORDED_HOURS,
  );

/** Since when every use up to `now` is on record, as far as such a query tells; `from` at the earliest. */
export function recordedSince(hours: Query, from: Date, now: Date): Date | undefined {
  if (faultOf(hours)) return undefined;
  const since = completeSince(
    hours.rows.flatMap(({ first }) => dateIn(first) ?? []),
    now,
  );
  return since && since < from ? from : since;
}

/** What it covers, in sentences. */
export function told(
  { logGroupName }: AskedRecord,
  {
    from,
    to,
    since,
  }: { readonly from: Date; readonly to: Date; readonly since?: Date | undefined },
  queries: readonly Query[],
): string {
  const faults = new Set(queries.flatMap((query) => faultOf(query) ?? []));
  const whole = since
    ? `without a gap since ${since.toISOString()}`
    : 'not known to be without a gap';
  return [
    `The access guard's usage record ${logGroupName} from ${from.toISOString()} to ${to.toISOString()}, ${whole}; it lags by about 5 minutes on average, and an event that it has twice counts once, by AWS's approximation where there are very many.`,
    ...faults,
  ].join(' ');
}
