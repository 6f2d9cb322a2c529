import { setTimeout } from 'node:timers/promises';
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { cloudTrail } from './adapters/cloudtrail.ts';
import { emergencyFunction } from './adapters/emergency-function.ts';
import { eventBus } from './adapters/event-bridge.ts';
import { insightsHistory } from './adapters/history-insights.ts';
import { eventHistory } from './adapters/history-lookup.ts';
import { usageHistory } from './adapters/history-usage.ts';
import { quarantineAnnouncer } from './adapters/quarantine-event.ts';
import { quarantineTable } from './adapters/quarantine-table.ts';
import { quarantineTags } from './adapters/quarantine-tags.ts';
import { trail } from './adapters/trail.ts';
import {
  functionName,
  guardTableName,
  nounsOf,
  probeRoleName,
  roleName,
  trailGroupName,
  usageGroupName,
} from './contract.ts';
import { ownRoles } from './domain/own-roles.ts';
import type { Announcer, Emergency, ReadHistory, ReadLog, Trail } from './domain/ports.ts';
import type {
  QuarantineAnnouncer,
  Quarantines,
  QuarantineTags,
} from './domain/quarantine/ports.ts';
import { readGuardRules } from './guard-settings.ts';
import {
  createInspectRuntime,
  type InspectRuntime,
  type InspectWiring,
} from './inspect-runtime.ts';
import { onLambda, UNHURRIED } from './runtime.ts';

/** What `lifecycle` acts through: it sees all that `inspect` sees. */
export interface LifecycleRuntime extends InspectRuntime {
  readonly readLog: ReadLog;
  readonly readHistory: ReadHistory;
  readonly trail: Trail;
  readonly announcer: Announcer;
  readonly emergency: Emergency;
  readonly quarantineTags: QuarantineTags;
  readonly quarantineAnnouncer: QuarantineAnnouncer;
  /** Only with an access guard that quarantines. */
  readonly quarantines?: Quarantines;
}

export interface LifecycleWiring extends InspectWiring {
  readonly clients: InspectWiring['clients'] & {
    readonly cloudTrail: CloudTrailClient;
    readonly logs: CloudWatchLogsClient;
    readonly lambda: LambdaClient;
    readonly events: EventBridgeClient;
    readonly dynamoDb: DynamoDBClient;
  };
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const wired = (): LifecycleWiring => {
  const wiring = onLambda();
  return {
    ...wiring,
    clients: {
      ...wiring.clients,
      kms: new KMSClient({}),
      // It answers twice a second, to the whole account: the SDK then waits and slows down
      cloudTrail: new CloudTrailClient({ retryMode: 'adaptive', maxAttempts: 6 }),
      logs: new CloudWatchLogsClient({}),
      lambda: new LambdaClient({}),
      events: new EventBridgeClient(UNHURRIED),
      dynamoDb: new DynamoDBClient(UNHURRIED),
    },
    sleep: (milliseconds) => setTimeout(milliseconds),
  };
};

export function createLifecycleRuntime(wiring: LifecycleWiring = wired()): LifecycleRuntime {
  const { clients, clock } = wiring;
  const runtime = createInspectRuntime(wiring);
  const { environment } = runtime.settings;
  const functions = nounsOf(true).map((noun) => roleName(environment, noun));
  const ownNames = [...functions, probeRoleName(environment)];
  const denies = readGuardRules(wiring.variables)?.answer === 'quarantine';
  const quarantines = quarantineTable(clients.dynamoDb, guardTableName(environment));
  return {
    ...runtime,
    readLog: cloudTrail(clients.cloudTrail, ownNames),
    readHistory: historyOf(wiring, runtime.settings),
    emergency: emergencyFunction(clients.lambda, functionName(environment, 'emergency')),
    announcer: eventBus(clients.events),
    trail: trail(clients.logs, trailGroupName(environment), () => clock.now()),
    quarantineTags: quarantineTags(clients.secretsManager),
    quarantineAnnouncer: quarantineAnnouncer(clients.events),
    ...(denies ? { quarantines } : {}),
  };
}

/** As `inspect` asks who read the keys. */
function historyOf(
  { clients, clock, sleep, variables }: LifecycleWiring,
  { cloudTrailLogGroup, environment, keysCmkArn }: InspectRuntime['settings'],
): ReadHistory {
  const timer = { now: () => clock.now(), sleep };
  const own = ownRoles({ arn: keysCmkArn }, environment);
  if (cloudTrailLogGroup) return insightsHistory(clients.logs, cloudTrailLogGroup, timer, own);
  const history = eventHistory(clients.cloudTrail, timer);
  if (!readGuardRules(variables)) return history;
  const logGroupName = usageGroupName(environment);
  const record = { client: clients.logs, environment, logGroupName, ownRoles: own };
  return usageHistory(record, timer, history);
}
