import { setTimeout as sleep } from 'node:timers/promises';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { logsInsights } from './adapters/activity-insights.ts';
import { lookupEvents } from './adapters/activity-lookup.ts';
import { insightsHistory } from './adapters/history-insights.ts';
import { eventHistory } from './adapters/history-lookup.ts';
import type { ActivityLog, ReadHistory } from './domain/ports.ts';
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
}

export interface AssessWiring extends InspectWiring {
  readonly clients: InspectWiring['clients'] & {
    readonly cloudTrail: CloudTrailClient;
    readonly logs: CloudWatchLogsClient;
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
    },
    sleep: (milliseconds) => sleep(milliseconds),
  };
};

export function createAssessRuntime(wiring: AssessWiring = wired()): AssessRuntime {
  const { clients, clock } = wiring;
  const runtime = createInspectRuntime(wiring);
  const { cloudTrailLogGroup } = runtime.settings;
  const timer = { now: () => clock.now(), sleep: wiring.sleep };
  return {
    ...runtime,
    activityLog: cloudTrailLogGroup
      ? logsInsights(clients.logs, cloudTrailLogGroup, timer)
      : lookupEvents(clients.cloudTrail, timer),
    readHistory: cloudTrailLogGroup
      ? insightsHistory(clients.logs, cloudTrailLogGroup, timer)
      : eventHistory(clients.cloudTrail, timer),
  };
}
