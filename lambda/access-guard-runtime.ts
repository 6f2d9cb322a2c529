import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import pLimit from 'p-limit';
import { addressRanges, isRange } from './adapters/address-ranges.ts';
import { baselineTable } from './adapters/baseline-table.ts';
import { geoDatabase } from './adapters/geo-database.ts';
import { messagesIn } from './adapters/guard-message.ts';
import { guardTableMemory } from './adapters/guard-table.ts';
import { inventoryFunction } from './adapters/inventory-function.ts';
import { quarantineAnnouncer } from './adapters/quarantine-event.ts';
import { quarantineTable } from './adapters/quarantine-table.ts';
import { quarantineTags } from './adapters/quarantine-tags.ts';
import { revoker } from './adapters/revoker.ts';
import { secondFactors } from './adapters/second-factors.ts';
import { snsTopic } from './adapters/sns.ts';
import { usageRecord } from './adapters/usage-record.ts';
import {
  functionName,
  type GuardRules,
  guardTableName,
  usageGroupName,
  variable,
} from './contract.ts';
import type { Message } from './domain/access-guard/cases.ts';
import type { GuardPorts } from './domain/access-guard/guard.ts';
import { Knowledge } from './domain/access-guard/knowledge.ts';
import { ownRoles, placeOf } from './domain/access-guard/place.ts';
import type { Countries } from './domain/access-guard/risk/ports.ts';
import { KeysError } from './domain/errors.ts';
import type { Clock } from './domain/ports.ts';
import { readGuardRules } from './guard-settings.ts';
import { readSettings, type Settings } from './settings.ts';

/** What the access guard acts through: it can read no key. */
export interface AccessGuardRuntime extends GuardPorts {
  readonly settings: Settings;
  readonly countries: Countries;
  /** What is wrong with what it was supplied with, each told once in its life. */
  warnings(): readonly string[];
  /** The messages of a batch; undefined of what is none. */
  messagesIn(event: unknown): readonly Message[] | undefined;
}

export interface AccessGuardWiring {
  readonly clients: {
    readonly sns: SNSClient;
    readonly logs: CloudWatchLogsClient;
    readonly dynamoDb: DynamoDBClient;
    readonly lambda: LambdaClient;
    readonly secretsManager: SecretsManagerClient;
    readonly events: EventBridgeClient;
    readonly iam: IAMClient;
  };
  readonly clock: Clock;
  readonly variables: NodeJS.ProcessEnv;
}

/**
 * The SDK waits for an answer for as long as it takes, and a function that ran out of time has
 * written nothing down. Without `throwOnRequestTimeout` it only warns.
 */
const patient = (requestTimeout: number) => ({
  requestHandler: { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true },
});
const SOON = patient(2_000);

export const accessGuardOnLambda = (): AccessGuardWiring => ({
  clients: {
    sns: new SNSClient(SOON),
    logs: new CloudWatchLogsClient(SOON),
    dynamoDb: new DynamoDBClient(SOON),
    // Half of its time: `inspect` may begin cold, and has many keys to read
    lambda: new LambdaClient({ ...patient(15_000), maxAttempts: 2 }),
    secretsManager: new SecretsManagerClient(SOON),
    events: new EventBridgeClient(SOON),
    // Its word is asked for, but not waited for
    iam: new IAMClient({ ...SOON, maxAttempts: 2 }),
  },
  clock: { now: () => new Date() },
  variables: process.env,
});

export function createAccessGuardRuntime(
  { clients, clock, variables }: AccessGuardWiring = accessGuardOnLambda(),
): AccessGuardRuntime {
  const settings = readSettings(variables);
  const rules = requiredRules(variables);
  const { environment } = settings;
  const place = placeOf(environment, settings.keysCmkArn);
  const inspect = functionName(environment, 'inspect');
  const geoPath = variables[variable.geoDatabase];
  const countries = geoDatabase(geoPath, clock);
  return {
    settings,
    rules,
    place,
    roles: ownRoles(place, {
      deploy: variables[variable.deployRoleArn] ?? '',
      breakGlass: variables[variable.breakGlassRoleArn] ?? '',
    }),
    countries,
    warnings: onceEach(() => (geoPath ? warningsOf(countries) : [])),
    messagesIn,
    knowledge: new Knowledge(inventoryFunction(clients.lambda, inspect)),
    memory: guardTableMemory(clients.dynamoDb, guardTableName(environment)),
    environment,
    quarantines: quarantineTable(clients.dynamoDb, guardTableName(environment)),
    quarantineTags: quarantineTags(clients.secretsManager),
    quarantineAnnouncer: quarantineAnnouncer(clients.events),
    secondFactors: secondFactors(clients.iam),
    revoker: revoker(clients.lambda, functionName(environment, 'emergency')),
    record: usageRecord(clients.logs, usageGroupName(environment), () => clock.now()),
    notifier: snsTopic(clients.sns, settings.topicArn, settings.notificationFormat),
    ranges: addressRanges,
    baselines: baselineTable(clients.dynamoDb, guardTableName(environment)),
    atOnce: pLimit,
    clock,
  };
}

const warningsOf = ({ missing, note }: Countries): readonly string[] => [
  ...(missing ? [`Countries aren't known: ${missing}.`] : []),
  ...(note ? [`Countries may be wrong: ${note}.`] : []),
];

function onceEach(all: () => readonly string[]): () => readonly string[] {
  const told = new Set<string>();
  return () => {
    const fresh = all().filter((one) => !told.has(one));
    for (const one of fresh) told.add(one);
    return fresh;
  };
}

/** @throws KeysError SETTING_INVALID */
function requiredRules(variables: NodeJS.ProcessEnv): GuardRules {
  const rules = readGuardRules(variables);
  const { allowedRanges = [], deniedRanges = [], ownRanges = [] } = rules ?? {};
  const ranges = [...allowedRanges, ...deniedRanges, ...ownRanges];
  const wrong = ranges.find((range) => !isRange(range));
  if (rules && wrong === undefined) return rules;
  const what = rules ? `names ${wrong}, which is no CIDR block` : 'is empty';
  throw new KeysError(
    'SETTING_INVALID',
    `Environment variable ${variable.guardRules} ${what}, so no use of a key can be judged. Set it as the stack's template has it (accessGuard in the configuration), with aws lambda update-function-configuration: a deploy without changes puts nothing back.`,
  );
}
