import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { eventBus } from './adapters/event-bridge.ts';
import { cmkSwitch } from './adapters/kms.ts';
import { type Credentials, probe } from './adapters/probe.ts';
import { quarantineTable } from './adapters/quarantine-table.ts';
import { quarantineTags } from './adapters/quarantine-tags.ts';
import { trail } from './adapters/trail.ts';
import { guardTableName, trailGroupName } from './contract.ts';
import type { Announcer, CmkSwitch, Probe, Trail } from './domain/ports.ts';
import type { Quarantines, QuarantineTags } from './domain/quarantine/ports.ts';
import { readGuardRules } from './guard-settings.ts';
import {
  createInspectRuntime,
  type InspectRuntime,
  type InspectWiring,
  inspectOnLambda,
} from './inspect-runtime.ts';
import { UNHURRIED } from './runtime.ts';

/** What `emergency` acts through. */
export interface EmergencyRuntime extends Omit<InspectRuntime, 'cmk'> {
  readonly cmk: CmkSwitch;
  readonly probe: Probe;
  readonly trail: Trail;
  readonly announcer: Announcer;
  readonly quarantineTags: QuarantineTags;
  /** Absent without an access guard. */
  readonly quarantines?: Quarantines;
  /** Whether there is one that quarantines. */
  readonly denies: boolean;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface EmergencyWiring extends InspectWiring {
  readonly clients: InspectWiring['clients'] & {
    readonly logs: CloudWatchLogsClient;
    readonly sts: STSClient;
    readonly events: EventBridgeClient;
    readonly dynamoDb: DynamoDBClient;
  };
  /** A client that acts by other credentials. */
  readonly connectAs: (credentials: Credentials) => SecretsManagerClient;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export const emergencyOnLambda = (): EmergencyWiring => {
  const wiring = inspectOnLambda();
  return {
    ...wiring,
    // Two questions and all the rest have 30 seconds
    vendorTimeoutMs: 2_500,
    clients: {
      ...wiring.clients,
      logs: new CloudWatchLogsClient({}),
      sts: new STSClient({}),
      events: new EventBridgeClient(UNHURRIED),
      dynamoDb: new DynamoDBClient(UNHURRIED),
    },
    connectAs: (credentials) => new SecretsManagerClient({ credentials }),
    sleep: (milliseconds) => sleep(milliseconds),
  };
};

export function createEmergencyRuntime(
  wiring: EmergencyWiring = emergencyOnLambda(),
): EmergencyRuntime {
  const { clients, clock, variables } = wiring;
  const runtime = createInspectRuntime(wiring);
  const { environment, keysCmkArn, probeRoleArn } = runtime.settings;
  const rules = readGuardRules(variables);
  const quarantines = quarantineTable(clients.dynamoDb, guardTableName(environment));
  return {
    ...runtime,
    cmk: cmkSwitch(clients.kms, keysCmkArn),
    announcer: eventBus(clients.events),
    probe: probe(clients.sts, probeRoleArn, wiring.connectAs),
    trail: trail(clients.logs, trailGroupName(environment), () => clock.now()),
    quarantineTags: quarantineTags(clients.secretsManager),
    ...(rules ? { quarantines } : {}),
    denies: rules?.answer === 'quarantine',
    sleep: wiring.sleep,
  };
}
