import { ECSClient } from '@aws-sdk/client-ecs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { amplitude } from './adapters/amplitude.ts';
import { ecsServices } from './adapters/ecs.ts';
import { secretsManager } from './adapters/secrets-manager.ts';
import { snsTopic } from './adapters/sns.ts';
import { stagedKeys } from './adapters/staged-keys.ts';
import type {
  Clock,
  Notifier,
  Secrets,
  Services,
  StagedKeys,
  Subscriptions,
  Vendor,
} from './domain/ports.ts';
import { readSettings, type Settings } from './settings.ts';

/** What every function acts through. */
export interface Runtime {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly stagedKeys: StagedKeys;
  readonly vendor: Vendor;
  readonly notifier: Notifier;
  readonly subscriptions: Subscriptions;
  readonly services: Services;
  readonly clock: Clock;
}

export interface Clients {
  readonly secretsManager: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly sns: SNSClient;
  readonly ecs: ECSClient;
}

export interface Wiring {
  readonly clients: Clients;
  readonly clock: Clock;
  readonly variables: NodeJS.ProcessEnv;
  /** @default Amplitude's adapter decides */
  readonly vendorBackoffMs?: number;
  /** @default Amplitude's adapter decides */
  readonly vendorTimeoutMs?: number;
}

/**
 * Of ECS, EventBridge and the access guard's table, whose silence must not cost a rotation or an
 * emergency its time: what they don't answer is left to the next sweep.
 */
export const UNHURRIED = {
  maxAttempts: 2,
  requestHandler: {
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    // Without it the SDK only warns
    throwOnRequestTimeout: true,
  },
} as const;

export const onLambda = (): Wiring => ({
  clients: {
    secretsManager: new SecretsManagerClient({}),
    ssm: new SSMClient({}),
    sns: new SNSClient({}),
    ecs: new ECSClient(UNHURRIED),
  },
  clock: { now: () => new Date() },
  variables: process.env,
});

/** Called at the first invocation, not at import, so that a missing setting is an error with a name. */
export function createRuntime(wiring: Wiring = onLambda()): Runtime {
  const { clients, clock, vendorBackoffMs, vendorTimeoutMs } = wiring;
  const settings = readSettings(wiring.variables);
  const topic = snsTopic(clients.sns, settings.topicArn, settings.notificationFormat);
  return {
    settings,
    secrets: secretsManager(clients.secretsManager),
    stagedKeys: stagedKeys(clients.ssm),
    vendor: amplitude({
      dataResidency: settings.dataResidency,
      endpoints: settings.endpoints,
      ...(vendorBackoffMs === undefined ? {} : { backoffMs: vendorBackoffMs }),
      ...(vendorTimeoutMs === undefined ? {} : { timeoutMs: vendorTimeoutMs }),
    }),
    notifier: topic,
    subscriptions: topic,
    services: ecsServices(clients.ecs),
    clock,
  };
}
