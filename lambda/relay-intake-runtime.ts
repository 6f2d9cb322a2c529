import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import { addressRanges, isRange } from './adapters/address-ranges.ts';
import { deniedBlocks } from './adapters/denied-blocks.ts';
import { type HttpAnswer, refusedAnswer, takenAnswer } from './adapters/http-answer.ts';
import { requestIn } from './adapters/http-request.ts';
import { spansIn } from './adapters/otlp.ts';
import { quarantineTable } from './adapters/quarantine-table.ts';
import { modelsTable } from './adapters/relay-models.ts';
import { relayQueue } from './adapters/relay-queue.ts';
import { relayTokens } from './adapters/relay-tokens.ts';
import { readBody } from './adapters/request-body.ts';
import { type RelaySettings, relayTableName, variable } from './contract.ts';
import { KeysError } from './domain/errors.ts';
import type { Clock } from './domain/ports.ts';
import type { IntakePorts } from './domain/relay/intake/ports.ts';
import type { Refusal } from './domain/relay/intake/refusal.ts';
import type { HttpRequest } from './domain/relay/intake/request.ts';
import type { Taken } from './domain/relay/intake/take.ts';
import { readQueueUrl, readRelaySettings } from './relay-settings.ts';
import { readSettings } from './settings.ts';

/** What the relay's intake acts through: it can read no key of Amplitude's. */
export interface RelayIntakeRuntime extends IntakePorts {
  readonly environment: string;
  /** Undefined of what is no request of an HTTP API. */
  requestIn(event: unknown): HttpRequest | undefined;
  takenAnswer(request: HttpRequest, taken: Taken): HttpAnswer;
  refusedAnswer(request: HttpRequest, refusal: Refusal): HttpAnswer;
  /** What couldn't be read since it was asked last, whether an earlier answer was used or not. */
  failures(): readonly KeysError[];
}

export interface RelayIntakeWiring {
  readonly clients: {
    readonly secretsManager: SecretsManagerClient;
    readonly dynamoDb: DynamoDBClient;
    readonly sqs: SQSClient;
  };
  readonly clock: Clock;
  readonly variables: NodeJS.ProcessEnv;
  /** @default the queue's and the table's adapters decide */
  readonly awsBackoffMs?: number;
}

/** Whoever sends waits meanwhile, and sends again what isn't answered. */
const SOON = {
  maxAttempts: 2,
  // Without the last one the SDK only warns
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
} as const;

export const relayIntakeOnLambda = (): RelayIntakeWiring => ({
  clients: {
    secretsManager: new SecretsManagerClient(SOON),
    dynamoDb: new DynamoDBClient(SOON),
    sqs: new SQSClient(SOON),
  },
  clock: { now: () => new Date() },
  variables: process.env,
});

export function createRelayIntakeRuntime(
  { clients, clock, variables, awsBackoffMs }: RelayIntakeWiring = relayIntakeOnLambda(),
): RelayIntakeRuntime {
  const { environment } = readSettings(variables);
  const settings = checkedSettings(variables);
  const failures: KeysError[] = [];
  const now = () => clock.now();
  const tell = (failure: KeysError) => void failures.push(failure);
  const guardTable = variables[variable.guardTable];
  const table = relayTableName(environment);
  const calling = {
    atOnce: pLimit,
    ...(awsBackoffMs === undefined ? {} : { backoffMs: awsBackoffMs }),
  };
  return {
    environment,
    settings,
    deniedBlocks: deniedBlocks({
      configured: settings.deniedRanges,
      quarantines: guardTable ? quarantineTable(clients.dynamoDb, guardTable) : undefined,
      now,
      tell,
    }),
    ranges: addressRanges,
    tokens: relayTokens({ client: clients.secretsManager, environment, now, tell }),
    bodies: { read: readBody, spansIn },
    models: modelsTable({ client: clients.dynamoDb, table, now, ...calling }),
    queue: relayQueue({
      client: clients.sqs,
      queueUrl: readQueueUrl(variables, 'relayQueueUrl'),
      ...calling,
    }),
    atOnce: pLimit,
    clock,
    requestIn,
    takenAnswer: (request, taken) => takenAnswer(request, taken, now()),
    refusedAnswer,
    failures: () => failures.splice(0),
  };
}

/** @throws KeysError SETTING_INVALID */
function checkedSettings(variables: NodeJS.ProcessEnv): RelaySettings {
  const settings = readRelaySettings(variables);
  const wrong = settings.deniedRanges.find((range) => !isRange(range));
  if (wrong === undefined) return settings;
  throw new KeysError(
    'SETTING_INVALID',
    `Environment variable ${variable.relay} names ${wrong}, which is no CIDR block, so nothing is taken. Set it as the stack's template has it, with aws lambda update-function-configuration: a deploy without changes puts nothing back.`,
  );
}
