import { relayMetric } from '../../lambda/contract.ts';
import { gigabyteSeconds } from './guard.ts';
import { alarms } from './kept.ts';
import { type Line, line, totalOf } from './line.ts';
import { PRICE } from './prices.ts';
import { HOURS_A_MONTH, type Resource, runsAMonth, type Stack } from './template.ts';

const GIGABYTE = 1024 ** 3;
const MILLION = 1_000_000;

/**
 * Nobody has measured these in AWS: they are assumed. Dify sends each span of an execution by itself,
 * and one of them tells a model.
 */
const ASSUMED = {
  requestsAnEvent: 6,
  intakeSeconds: 0.03,
  /** Of API Gateway and of the function. */
  logBytesARequest: 700,
  eventsABatch: 100,
  senderSeconds: 1,
  wakeSeconds: 0.3,
  tableGigabytes: 0.01,
} as const;

/** A message is sent, and ten are received and deleted together. */
const SQS_REQUESTS_AN_EVENT = 1.2;
/** Of an item below 4 KB, read as it was a moment ago. */
const READS_AN_EVENT = 0.5;
/** How Lambda asks a queue that is empty: five pollers, each for 20 seconds. */
const POLLS_AN_HOUR = 5 * 180;

/** The parts of a template that a relay adds, whatever the environment is called. */
export function isOfRelay({ type, properties }: Resource): boolean {
  const { FunctionName, LogGroupName, QueueName, TableName, Name } = properties;
  const { Dimensions, Metrics } = properties;
  const named = [FunctionName, LogGroupName, QueueName, TableName, Name, Dimensions, Metrics];
  return RELAY_TYPES.includes(type) || OWN_NAME.test(JSON.stringify(named));
}

/** Types that are of the relay alone. */
export const RELAY_TYPES = ['AWS::ApiGatewayV2::Api'];

const OWN_NAME =
  /amplitude-[a-z0-9-]+-relay(-intake|-sender|-failed)?"|"amplitude-relay(-intake|-sender)"|"amplitude-relay\//;

/** A month of a relay that nobody sends anything to. */
export function relayLines(stack: Stack): Line[] {
  const [fn] = stack.of('AWS::Lambda::Function');
  if (!fn) return [];
  const wakes = runsAMonth(stack);
  const secrets = stack.of('AWS::SecretsManager::Secret').length;
  return [
    ...alarms(stack.of('AWS::CloudWatch::Alarm')),
    line('relay', 'metrics', Object.keys(relayMetric).length, PRICE.metric),
    line('relay', 'secrets, of its token and of digests', secrets, PRICE.secret),
    line('relay', 'SQS requests', POLLS_AN_HOUR * HOURS_A_MONTH, PRICE.sqsRequest),
    line('relay', 'looks started by Scheduler', wakes, PRICE.scheduledInvocation),
    line('relay', 'Lambda runs', wakes, PRICE.lambdaRequest),
    line(
      'relay',
      'Lambda GB-seconds',
      gigabyteSeconds(fn, wakes * ASSUMED.wakeSeconds),
      PRICE.lambdaGigabyteSecondArm,
    ),
    line('relay', 'DynamoDB reads', wakes, PRICE.dynamoRead),
    line('relay', 'GB of the table, recoverable', ASSUMED.tableGigabytes, PRICE.dynamoGigabyte),
  ].map((one) => ({ ...one, group: 'relay' }));
}

/** Of executions on their way from Dify to Amplitude. */
export function perMillionExecutions(stack: Stack): number {
  const [fn] = stack.of('AWS::Lambda::Function');
  if (!fn) return 0;
  const requests = MILLION * ASSUMED.requestsAnEvent;
  const batches = MILLION / ASSUMED.eventsABatch;
  const seconds = requests * ASSUMED.intakeSeconds + batches * ASSUMED.senderSeconds;
  const bytes = requests * ASSUMED.logBytesARequest;
  const lines = [
    line('relay', 'HTTP API requests', requests, PRICE.httpRequest),
    line('relay', 'Lambda runs', requests + batches, PRICE.lambdaRequest),
    line('relay', 'Lambda GB-seconds', gigabyteSeconds(fn, seconds), PRICE.lambdaGigabyteSecondArm),
    line('relay', 'SQS requests', MILLION * SQS_REQUESTS_AN_EVENT, PRICE.sqsRequest),
    line('relay', 'DynamoDB writes', MILLION, PRICE.dynamoWrite),
    line('relay', 'DynamoDB reads', MILLION * READS_AN_EVENT, PRICE.dynamoRead),
    line('relay', 'GB of logs taken in', bytes / GIGABYTE, PRICE.logGigabyteIngested),
  ];
  return totalOf(lines)[0];
}

export const RELAY_ASSUMPTIONS = [
  `A relay is counted as nobody sends to it. An execution is ${ASSUMED.requestsAnEvent} requests, as Dify sends its spans one by one, of ${ASSUMED.intakeSeconds} seconds each; a batch of ${ASSUMED.eventsABatch} events takes ${ASSUMED.senderSeconds} second to send. Its log lines are kept for a year, at $0.03 a month for each GB.`,
];
