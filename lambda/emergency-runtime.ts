import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { eventBus } from './adapters/event-bridge.ts';
import { cmkSwitch } from './adapters/kms.ts';
import { type Credentials, probe } from './adapters/probe.ts';
import { trail } from './adapters/trail.ts';
import { trailGroupName } from './contract.ts';
import type { Announcer, CmkSwitch, Probe, Trail } from './domain/ports.ts';
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
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface EmergencyWiring extends InspectWiring {
  readonly clients: InspectWiring['clients'] & {
    readonly logs: CloudWatchLogsClient;
    readonly sts: STSClient;
    readonly events: EventBridgeClient;
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
    },
    connectAs: (credentials) => new SecretsManagerClient({ credentials }),
    sleep: (milliseconds) => sleep(milliseconds),
  };
};

export function createEmergencyRuntime(
  wiring: EmergencyWiring = emergencyOnLambda(),
): EmergencyRuntime {
  const { clients, clock } = wiring;
  const runtime = createInspectRuntime(wiring);
  const { environment, keysCmkArn, probeRoleArn } = runtime.settings;
  return {
    ...runtime,
    cmk: cmkSwitch(clients.kms, keysCmkArn),
    announcer: eventBus(clients.events),
    probe: probe(clients.sts, probeRoleArn, wiring.connectAs),
    trail: trail(clients.logs, trailGroupName(environment), () => clock.now()),
    sleep: wiring.sleep,
  };
}
