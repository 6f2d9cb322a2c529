import { setTimeout as sleep } from 'node:timers/promises';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { logsInsights } from './adapters/activity-insights.ts';
import { lookupEvents } from './adapters/activity-lookup.ts';
import { guardTableMemory } from './adapters/guard-table.ts';
import { insightsHistory } from './adapters/history-insights.ts';
import { eventHistory } from './adapters/history-lookup.ts';
import { guardTableName } from './contract.ts';
import type { Heartbeat } from './domain/access-guard/ports.ts';
import type { ActivityLog, ReadHistory } from './domain/ports.ts';
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
    sleep: (milliseconds) => sleep(milliseconds),
  };
};

export function createAssessRuntime(wiring: AssessWiring = wired()): AssessRuntime {
  const { clients, clock } = wiring;
  const runtime = createInspectRuntime(wiring);
  const { cloudTrailLogGroup, environment } = runtime.settings;
  const guard = guardTableMemory(clients.dynamoDb, guardTableName(environment));
  const timer = { now: () => clock.now(), sleep: wiring.sleep };
  return {
    ...runtime,
    ...(readGuardRules(wiring.variables) ? { guard } : {}),
    activityLog: cloudTrailLogGroup
      ? logsInsights(clients.logs, cloudTrailLogGroup, timer)
      : lookupEvents(clients.cloudTrail, timer),
    readHistory: cloudTrailLogGroup
      ? insightsHistory(clients.logs, cloudTrailLogGroup, timer)
      : eventHistory(clients.cloudTrail, timer),
  };
}
