import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import { batchApi } from './adapters/batch-api.ts';
import { failedEvents } from './adapters/failed-events.ts';
import { guardTableMemory } from './adapters/guard-table.ts';
import { relayEventSource } from './adapters/relay-event-source.ts';
import { relayHeld } from './adapters/relay-held.ts';
import { modelsTable } from './adapters/relay-models.ts';
import { type SenderWork, senderWork } from './adapters/sender-work.ts';
import { sendingKeys } from './adapters/sending-keys.ts';
import { snsTopic } from './adapters/sns.ts';
import { functionName, relayTableName, secretName } from './contract.ts';
import type { Clock } from './domain/ports.ts';
import type { DeliverPorts } from './domain/relay/sender/deliver.ts';
import { readQueueUrl, readRelaySettings } from './relay-settings.ts';
import { readSettings, type Settings } from './settings.ts';

/** What the relay's sender acts through. */
export interface RelaySenderRuntime extends DeliverPorts {
  readonly settings: Settings;
  /** What it was invoked with; undefined of what is nothing of the kind. */
  workIn(event: unknown): SenderWork | undefined;
}

export interface RelaySenderWiring {
  readonly clients: {
    readonly secretsManager: SecretsManagerClient;
    readonly sns: SNSClient;
    readonly sqs: SQSClient;
    readonly dynamoDb: DynamoDBClient;
    readonly lambda: LambdaClient;
  };
  readonly clock: Clock;
  readonly variables: NodeJS.ProcessEnv;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Of one request to Amplitude. @default the adapter decides */
  readonly vendorTimeoutMs?: number;
  /** Of AWS's answers that take only a part. @default each adapter decides */
  readonly awsBackoffMs?: number;
}

/** As of the access guard: a function that ran out of time has answered for no message. */
const SOON = {
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;

export const relaySenderOnLambda = (): RelaySenderWiring => ({
  clients: {
    secretsManager: new SecretsManagerClient(SOON),
    sns: new SNSClient(SOON),
    sqs: new SQSClient(SOON),
    dynamoDb: new DynamoDBClient(SOON),
    lambda: new LambdaClient(SOON),
  },
  clock: { now: () => new Date() },
  variables: process.env,
  sleep: (milliseconds) => setTimeout(milliseconds),
});

export function createRelaySenderRuntime(
  wiring: RelaySenderWiring = relaySenderOnLambda(),
): RelaySenderRuntime {
  const { clients, clock, variables, vendorTimeoutMs, awsBackoffMs } = wiring;
  const settings = readSettings(variables);
  const { key } = readRelaySettings(variables);
  const { environment } = settings;
  const now = () => clock.now();
  const table = relayTableName(environment);
  const backoff = awsBackoffMs === undefined ? {} : { backoffMs: awsBackoffMs };
  const asked = { now, atOnce: pLimit, ...backoff };
  const queueUrl = readQueueUrl(variables, 'relayFailedQueueUrl');
  const ownName = functionName(environment, 'relay-sender');
  return {
    settings,
    workIn: senderWork,
    sender: { environment, key },
    timer: { now, sleep: wiring.sleep },
    api: batchApi({
      dataResidency: settings.dataResidency,
      endpoints: settings.endpoints,
      ...(vendorTimeoutMs === undefined ? {} : { timeoutMs: vendorTimeoutMs }),
    }),
    keys: sendingKeys({
      client: clients.secretsManager,
      secretId: secretName(environment, key),
      now,
    }),
    models: modelsTable({ client: clients.dynamoDb, table, ...asked }),
    failed: failedEvents({ client: clients.sqs, queueUrl, ...asked }, now),
    holding: relayHeld(clients.dynamoDb, table),
    // Claims who tells of a hold, as the access guard claims its reports
    memory: guardTableMemory(clients.dynamoDb, table),
    mapping: relayEventSource({ client: clients.lambda, functionName: ownName, ...backoff }),
    notifier: snsTopic(clients.sns, settings.topicArn, settings.notificationFormat),
  };
}
