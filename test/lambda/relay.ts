import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import {
  functionName,
  RELAY_PROPERTIES,
  RELAY_WAKE,
  type RelayProperty,
  type RelaySettings,
  relayDigestKeyName,
  relayFailedQueueName,
  relayQueueName,
  relaySecretField,
  relayTable,
  relayTableName,
  relayTokenName,
  variable,
} from '../../lambda/contract.ts';
import type { Awaited, RelayEvent } from '../../lambda/domain/relay/relay-event.ts';
import { relaySender } from '../../lambda/handlers/relay-sender.ts';
import {
  createRelaySenderRuntime,
  type RelaySenderWiring,
} from '../../lambda/relay-sender-runtime.ts';
import { worker } from '../../lambda/worker.ts';
import type { BusEvent } from '../aws/fakes/event-bridge.ts';
import type { FakeAws } from '../aws/fakes/fake-aws.ts';

export const RELAY_SETTINGS: RelaySettings = {
  key: 'web',
  userIds: 'plain',
  eventTypes: { workflow: 'workflow_executed', chat: 'workflow_executed' },
  properties: Object.fromEntries(RELAY_PROPERTIES.map((name) => [name, name])) as Record<
    RelayProperty,
    string
  >,
  postedProperties: ['page', 'button'],
  deniedRanges: [],
};

/** Of the sender's messages: longer than it runs six times. */
const HIDDEN_SECONDS = 725;
const DAY = 86_400;
const DELAY_SECONDS = 10;

/** Queues, table, token and event source mapping of the relay, as the stack makes them. */
export function seedRelay(
  aws: FakeAws,
  settings: Partial<RelaySettings> = {},
  environment = 'dev',
) {
  const failed = aws.sqs.seedQueue(relayFailedQueueName(environment), {
    retentionSeconds: 14 * DAY,
  });
  const queue = aws.sqs.seedQueue(relayQueueName(environment), {
    delaySeconds: DELAY_SECONDS,
    visibilitySeconds: HIDDEN_SECONDS,
    retentionSeconds: 14 * DAY,
    redrive: { queue: failed, maxReceiveCount: 1_000 },
  });
  aws.dynamoDb.seedTable(relayTableName(environment), relayTable.id);
  const seedSecret = (name: string, field: string, word: string) =>
    aws.secretsManager.seedSecret({ name, value: JSON.stringify({ [field]: word }) });
  seedSecret(relayTokenName(environment), relaySecretField.token, RELAY_TOKEN);
  seedSecret(relayDigestKeyName(environment), relaySecretField.digestKey, 'digest-key-'.repeat(4));
  const mapping = aws.lambda.mappings.seed({
    functionName: functionName(environment, 'relay-sender'),
    queue,
    batchSize: 1_000,
    windowSeconds: 5,
  });
  const intake = functionName(environment, 'relay-intake');
  aws.lambda.policies.set(intake, invokedBy(queue.arn.split(':')[3] ?? ''));
  const variables = {
    [variable.relay]: JSON.stringify({ ...RELAY_SETTINGS, ...settings }),
    [variable.relayQueueUrl]: queue.url,
    [variable.relayFailedQueueUrl]: failed.url,
  };
  return { queue, failed, mapping, variables };
}

/** The policy of the intake, with what API Gateway may call it for. */
function invokedBy(region: string): string {
  const place = `${region}:111122223333`;
  const statements = ['traces', 'events'].map((route) => ({
    Sid: `Permission-${route}`,
    Effect: 'Allow',
    Principal: { Service: 'apigateway.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: `arn:aws:lambda:${place}:function:intake`,
    Condition: {
      StringEquals: { 'AWS:SourceAccount': '111122223333' },
      ArnLike: { 'AWS:SourceArn': `arn:aws:execute-api:${place}:a1b2c3d4e5/*/POST/v1/${route}` },
    },
  }));
  return JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements });
}

/** What Dify presents. */
export const RELAY_TOKEN = 'relay-token-'.repeat(4);

export type RelayParts = ReturnType<typeof seedRelay>;

/** The sender and what is around it. Containers keep what they know: a second one knows nothing of the first. */
export function relayIn(aws: FakeAws, parts: RelayParts, wiring: RelaySenderWiring) {
  const { queue, failed, mapping } = parts;
  const name = functionName('dev', 'relay-sender');
  let invocations = 0;
  let announced = 0;
  const container = () => {
    const handler = worker('relay-sender', relaySender, () => createRelaySenderRuntime(wiring));
    return (event: unknown) => {
      invocations += 1;
      return handler(event, { awsRequestId: `request-${invocations}` });
    };
  };
  aws.functions.set(name, container());
  const turn = (Enabled: boolean) =>
    aws.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID: mapping, Enabled }));
  return {
    queue,
    failed,
    /** Of another container, whose ports may be others. */
    runtime: () => createRelaySenderRuntime(wiring),
    /** Another container, beside those there are. */
    container,
    /** From now on Lambda invokes a new one. */
    restart: () => void aws.functions.set(name, container()),
    invoke: (event: unknown) => aws.functions.get(name)?.(event),
    /** As the intake does it, without the wait for stragglers' models. */
    put(...events: readonly RelayEvent[]) {
      for (const event of events) queue.send({ body: JSON.stringify(event), attributes: {} }, 0);
    },
    /** The poller hands out what it can now, a batch at a time. */
    async poll(): Promise<void> {
      while ((await aws.lambda.mappings.poll(mapping)) > 0);
    },
    /** Time passes, and what was hidden is handed out again. */
    async pollAgain(): Promise<void> {
      aws.clock.advance((HIDDEN_SECONDS + 1) * 1_000);
      await this.poll();
    },
    /** By the clock. */
    wake: () => aws.functions.get(name)?.(RELAY_WAKE),
    /** EventBridge hands on what was announced since the last time. */
    async announce(): Promise<void> {
      for (const event of aws.events.taken.slice(announced)) {
        announced += 1;
        await aws.functions.get(name)?.(rotationEvent(event));
      }
    },
    /** By hand. */
    turnOn: () => turn(true),
    turnOff: () => turn(false),
    mappingState: () => aws.lambda.mappings.stateOf(mapping),
    /** What lies among the failed, and why. */
    failures: () =>
      failed.messages.map(
        ({ body, attributes }) => [attributes.reason?.StringValue, body] as const,
      ),
    /** How often each waiting message was handed out. */
    receives: () => queue.messages.map(({ receives }) => receives),
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
export const rotationEvent = ({
  source,
  detailType,
  detail,
}: Omit<BusEvent, 'at' | 'resources'>) => ({
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  source,
  'detail-type': detailType,
  account: '111122223333',
  region: 'us-east-1',
  detail,
});

/** Of an execution that says no time. */
export const awaited = (trace: string, more: Partial<Awaited> = {}): Awaited => ({
  trace,
  property: 'model_used',
  models: [],
  startedMs: 0,
  endedMs: 0,
  ...more,
});

let made = 0;
/** An execution's event that no test had before. */
export function runEvent(over: Partial<RelayEvent['event']> = {}, more: Partial<RelayEvent> = {}) {
  made += 1;
  return {
    event: {
      event_type: 'workflow_executed',
      user_id: `user-${made}`,
      time: Date.parse('2026-11-24T00:00:00Z'),
      insert_id: `run-${made}`,
      event_properties: { app: 'support', status: 'succeeded' },
      ...over,
    },
    receivedAt: '2026-11-24T00:00:01.000Z',
    ...more,
  } satisfies RelayEvent;
}
