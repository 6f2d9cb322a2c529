import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { logsInsights } from '../../../../lambda/adapters/activity-insights.ts';
import { trailEvent } from '../../../../lambda/adapters/cloudtrail-event.ts';
import { insightsHistory } from '../../../../lambda/adapters/history-insights.ts';
import { queriesFor } from '../../../../lambda/adapters/insights-queries.ts';
import type { Activity, ActivityQuestion } from '../../../../lambda/domain/activity.ts';
import { countActivity } from '../../../../lambda/domain/count-activity.ts';
import { impactOf } from '../../../../lambda/domain/impact.ts';
import { judgeReaders } from '../../../../lambda/domain/readers/judge-readers.ts';
import { keyReaders } from '../../../../lambda/domain/readers/key-readers.ts';
import type { KeyReadersReport } from '../../../../lambda/payloads.ts';
import { ofJson, ofText, ofValue } from '../inputs.ts';
import { skeletonOf } from '../query-skeleton.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const VERSION = '1a2b3c4d-0000-4000-8000-000000000001';
const ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude/dev/web-AbCdEf';
const USER = 'arn:aws:sts::111122223333:assumed-role/web/task-1';
const ROLE = 'arn:aws:iam::111122223333:role/web';

const question = (
  versionId = VERSION,
  label = `AWAITING-REVOCATION-1a2b3c4d`,
): ActivityQuestion => ({
  secret: { arn: ARN, name: 'amplitude/dev/web' },
  stagedPath: '/amplitude/dev/web/staged',
  cmkArn: 'arn:aws:kms:us-east-1:111122223333:key/1',
  wanted: {
    of: 'version',
    versionId,
    labels: [label],
    tenures: [{ label: 'AWSCURRENT', from: new Date(0) }],
  },
  from: new Date(0),
  to: NOW,
});

/** CloudTrail's record of a call: its caller chose some of it. */
export const trailEvents = ofJson(
  [
    {
      eventName: 'GetSecretValue',
      sourceIPAddress: '192.0.2.1',
      userAgent: 'aws-cli/2',
      userIdentity: {
        arn: USER,
        accountId: '111122223333',
        sessionContext: { sessionIssuer: { arn: ROLE } },
      },
      requestParameters: { secretId: ARN, versionStage: 'AWSCURRENT' },
    },
    {
      eventName: 'Decrypt',
      errorCode: 'AccessDenied',
      userIdentity: { arn: USER },
      requestParameters: { encryptionContext: { SecretARN: ARN } },
    },
  ],
  {
    name: 'CloudTrail events',
    limit: 262_144,
    parse: (CloudTrailEvent) => {
      const event = trailEvent({ CloudTrailEvent, EventTime: NOW });
      return event && impactOf(question(), countActivity(question(), [event]), []);
    },
  },
);

/** Logs Insights that answers these rows to every query. */
function answering(rows: unknown): CloudWatchLogsClient {
  const answers: Readonly<Record<string, unknown>> = {
    StartQueryCommand: { queryId: '1' },
    GetQueryResultsCommand: { status: 'Complete', results: rows },
  };
  const send = async (command: object) => answers[command.constructor.name];
  return { send } as unknown as CloudWatchLogsClient;
}

/** The SDK gives every cell as text. */
function withTexts(rows: unknown, depth = 0): unknown {
  if (Array.isArray(rows)) return depth > 2 ? [] : rows.map((one) => withTexts(one, depth + 1));
  if (typeof rows !== 'object' || rows === null || !('value' in rows)) return rows;
  const { value } = rows;
  return { ...rows, value: typeof value === 'string' ? value : typeof value };
}

const timer = { now: () => NOW, sleep: async () => {} };
const cells = (row: Readonly<Record<string, string>>) =>
  Object.entries(row).map(([field, value]) => ({ field, value }));
const TIMES = { first: '2026-11-23T01:00:00Z', last: '2026-11-23T02:00:00Z' };

/** Rows of Logs Insights: others may write to the log group. */
export const insightsRows = ofValue(
  [
    [cells({ principal: ROLE, reads: '3', byVersionId: '1', ...TIMES })],
    [cells({ hour: '2026-11-23T01', reads: '3' })],
    [cells({ principal: ROLE, caller: USER, sourceIPAddress: '192.0.2.1', userAgent: 'cli' })],
    [cells({ eventName: 'Decrypt', principal: ROLE, secretArn: ARN, calls: '4', ...TIMES })],
  ],
  {
    name: 'Insights rows',
    limit: 262_144,
    parse: async (rows) => {
      const activity = await logsInsights(answering(withTexts(rows)), 'trail', timer).about(
        question(),
      );
      return { activity, impact: impactOf(question(), activity, []) };
    },
    fault: (result) => faultOf((result as { activity: Activity }).activity),
  },
);

function faultOf({ readers, hours, actions }: Activity): string | undefined {
  const counts = [
    ...readers.flatMap(({ reads, byVersionId }) => [reads, byVersionId]),
    ...hours.map(({ reads }) => reads),
    ...actions.map(({ count }) => count),
  ];
  const isCount = (count: number) => Number.isSafeInteger(count) && count >= 0;
  return counts.every(isCount) ? undefined : 'it counts what is no number of reads';
}

/** Rows of the history of all keys, and what becomes of them. */
export const historyRows = ofValue(
  [
    [cells({ secretId: ARN, principal: ROLE, reads: '3', errorCode: 'AccessDenied', ...TIMES })],
    [
      cells({
        secretId: 'amplitude/dev/web',
        principal: USER,
        reads: '3',
        hour: '2026-11-23T01',
        ...TIMES,
      }),
    ],
  ],
  {
    name: 'Insights rows of the history',
    limit: 262_144,
    parse: async (rows) => {
      const log = insightsHistory(answering(withTexts(rows)), 'trail', timer, [ROLE]);
      const history = await log.of({ environment: 'dev', now: NOW });
      const managed = { name: 'web', environment: 'dev', consumers: [{ principal: ROLE }] };
      const report = keyReaders(
        { secret: { arn: ARN, name: 'amplitude/dev/web' }, managed },
        history,
      );
      return { report, judged: judgeReaders(report, NOW, 30) };
    },
    fault: (result) => {
      const { readers } = (result as { report: KeyReadersReport }).report;
      const counts = readers.flatMap((one) => [
        one.in72Hours,
        one.in30Days,
        one.refusedIn30Days,
        ...(one.hours ?? []).map(({ reads }) => reads),
      ]);
      const isCount = (count: number) => Number.isSafeInteger(count) && count >= 0;
      return counts.every(isCount) ? undefined : 'it counts what is no number of reads';
    },
  },
);

const CALM = skeletonOf(queriesFor(question()));

/** What goes into a query: whoever puts a value or moves a label chooses its id and its name. */
export const queriesOfLabels = ofText(['AWAITING-REVOCATION-1a2b3c4d', 'COMPROMISED-1a2b3c4d'], {
  name: 'labels in queries',
  limit: 256,
  parse: (label) => queriesFor(question(VERSION, label)),
  fault: (queries) => broken(queries as ReturnType<typeof queriesFor>),
});

export const queriesOfVersions = ofText([VERSION, 'f'.repeat(64)], {
  name: 'version ids in queries',
  limit: 64,
  parse: (id) => queriesFor(question(id)),
  fault: (queries) => broken(queries as ReturnType<typeof queriesFor>),
});

const broken = (queries: ReturnType<typeof queriesFor>) =>
  skeletonOf(queries) === CALM ? undefined : 'it breaks out of its place in a query';
