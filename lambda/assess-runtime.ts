import { setTimeout } from 'node:timers/promises';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { logsInsights } from './adapters/activity-insights.ts';
import { lookupEvents } from './adapters/activity-lookup.ts';
import { usageActivity } from './adapters/activity-usage.ts';
import { guardTableMemory } from './adapters/guard-table.ts';
import { insightsHistory } from './adapters/history-insights.ts';
import { eventHistory } from './adapters/history-lookup.ts';
import { usageHistory } from './adapters/history-usage.ts';
import { quarantineTable } from './adapters/quarantine-table.ts';
import { type GuardRules, guardTableName, usageGroupName } from './contract.ts';
import type { Heartbeat } from './domain/access-guard/ports.ts';
import { ownRoles } from './domain/own-roles.ts';
import type { ActivityLog, ReadHistory } from './domain/ports.ts';
import type { Quarantines } from './domain/quarantine/ports.ts';
import { EVENT_NAMES_BUT_READS } from './domain/trail-event.ts';
import { readGuardRules } from './guard-settings.ts';
import {
  createInspectRuntime,
  type InspectRuntime,
  type InspectWiring,
  inspectOnLambda,
} from './inspect-runtime.ts';

/** What `inspect` assesses through. Apart from the rest, whose bundles need no CloudTrail client. */
export interface AssessRuntime extends InspectRuntime {
  readonly activityLog: ActivityLog;
  readonly readHistory: ReadHistory;
  /** Absent without an access guard. */
  readonly guard?: Heartbeat;
  readonly quarantines?: Quarantines;
  readonly answer?: GuardRules['answer'];
}

export interface AssessWiring extends InspectWiring {
  readonly clients: InspectWiring['clients'] & {
    readonly cloudTrail: CloudTrailClient;
    readonly logs: CloudWatchLogsClient;
    readonly dynamoDb: DynamoDBClient;
  };
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const wired = (): AssessWiring => {
  const wiring = inspectOnLambda();
  return {
    ...wiring,
    clients: {
      ...wiring.clients,
      // It answers twice a second, to the whole account: the SDK then waits and slows down
      cloudTrail: new CloudTrailClient({ retryMode: 'adaptive', maxAttempts: 4 }),
      logs: new CloudWatchLogsClient({}),
      dynamoDb: new DynamoDBClient({}),
    },
    sleep: (milliseconds) => setTimeout(milliseconds),
  };
};

export function createAssessRuntime(wiring: AssessWiring = wired()): AssessRuntime {
  const { clients } = wiring;
  const runtime = createInspectRuntime(wiring);
  const { environment } = runtime.settings;
  const table = guardTableName(environment);
  const guard = guardTableMemory(clients.dynamoDb, table);
  const quarantines = quarantineTable(clients.dynamoDb, table);
  const rules = readGuardRules(wiring.variables);
  return {
    ...runtime,
    ...(rules ? { guard, quarantines, answer: rules.answer } : {}),
    ...sourcesOf(wiring, runtime.settings),
  };
}

/** A log group of CloudTrail's has all, the usage record the uses, and the event history is bounded. */
function sourcesOf(
  { clients, clock, sleep, variables }: AssessWiring,
  { cloudTrailLogGroup, environment, keysCmkArn }: InspectRuntime['settings'],
): Pick<AssessRuntime, 'activityLog' | 'readHistory'> {
  const timer = { now: () => clock.now(), sleep };
  const own = ownRoles({ arn: keysCmkArn }, environment);
  if (cloudTrailLogGroup) {
    return {
      activityLog: logsInsights(clients.logs, cloudTrailLogGroup, timer),
      readHistory: insightsHistory(clients.logs, cloudTrailLogGroup, timer, own),
    };
  }
  const all = lookupEvents(clients.cloudTrail, timer);
  const history = eventHistory(clients.cloudTrail, timer);
  if (!readGuardRules(variables)) return { activityLog: all, readHistory: history };
  const logGroupName = usageGroupName(environment);
  const record = { client: clients.logs, environment, logGroupName, ownRoles: own };
  const others = lookupEvents(clients.cloudTrail, timer, EVENT_NAMES_BUT_READS);
  return {
    activityLog: usageActivity(record, timer, { others, all }),
    readHistory: usageHistory(record, timer, history),
  };
}
