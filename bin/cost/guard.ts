import { GUARD_NOUN, guardMetric } from '../../lambda/contract.ts';
import { monthsKept } from './functions.ts';
import { alarms } from './kept.ts';
import { eachYear, type Line, line, totalOf } from './line.ts';
import { PRICE } from './prices.ts';
import { HOURS_A_MONTH, type Resource, type Stack } from './template.ts';
import type { Usage } from './usage.ts';

const GIGABYTE = 1024 ** 3;
const MILLION = 1_000_000;

/** Of an event, at most. */
const EVENT = { writes: 13, usageBytes: 1_200, logBytes: 600, kmsRequests: 3 } as const;
/** Nobody has measured these in AWS: they are assumed. */
const ASSUMED = {
  runSeconds: 0.5,
  /** Sign-ins, lists of secrets and changed trails of the account. */
  accountEvents: 1_000,
  tableGigabytes: 0.01,
} as const;

/** Of a flood from a thousand sources, a hundred events a batch: `npm run bench -- guard` counts it. */
const FLOOD = { writesAnEvent: 2.4, secondsABatch: 0.4, requestsAnEvent: 1.2 } as const;

/** Of its description, and of reads of the current and a retained version; the rest of a sweep is not seen. */
const EVENTS_A_SWEPT_KEY = 3;
const EVENTS_A_ROTATION = 25;
/** How Lambda asks a queue that is empty: five pollers, each for 20 seconds. */
const POLLS_AN_HOUR = 5 * 180;
/** What is known of the keys is asked again after five minutes. */
const INVENTORIES_AN_HOUR = 12;
/** Of a key and one of its versions. */
const CALLS_OF_INVENTORY = 3;

/** The parts of a template that an access guard adds. */
export function isOfGuard({ type, properties }: Resource): boolean {
  const { FunctionName, LogGroupName, QueueName, TableName, Dimensions } = properties;
  const named = JSON.stringify([FunctionName, LogGroupName, QueueName, TableName, Dimensions]);
  return GUARD_TYPES.includes(type) || named.includes(GUARD_NOUN) || named.includes('/usage"');
}

/** Types that are of the guard, wherever they are. */
export const GUARD_TYPES = ['AWS::DynamoDB::Table', 'AWS::SQS::Queue'];

/** A month of a guard: what is there, and what the events make of it, each in a run of its own. */
export function guardLines(stack: Stack, usage: Usage): Line[] {
  const [fn] = stack.of('AWS::Lambda::Function');
  if (!fn) return [];
  const inventories = Math.min(usage.keys * usage.reads, HOURS_A_MONTH * INVENTORIES_AN_HOUR);
  const events = eventsOf(usage, inventories);
  const calls = inventories * (1 + usage.keys * CALLS_OF_INVENTORY);
  const bytes = events * (EVENT.usageBytes + EVENT.logBytes);
  const [group] = stack.of('AWS::Logs::LogGroup');
  const months = (year: number) => (group ? monthsKept(group, year) : 0);
  return [
    ...alarms(stack.of('AWS::CloudWatch::Alarm')),
    line('guard', 'metrics', Object.keys(guardMetric).length, PRICE.metric),
    line('guard', 'SQS requests', POLLS_AN_HOUR * HOURS_A_MONTH + 3 * events, PRICE.sqsRequest),
    line('guard', 'Lambda runs', events + inventories, PRICE.lambdaRequest),
    line(
      'guard',
      'Lambda GB-seconds',
      gigabyteSeconds(fn, (events + inventories) * ASSUMED.runSeconds),
      PRICE.lambdaGigabyteSecondArm,
    ),
    line('guard', 'DynamoDB writes', events * EVENT.writes, PRICE.dynamoWrite),
    line('guard', 'GB of the table, recoverable', ASSUMED.tableGigabytes, PRICE.dynamoGigabyte),
    line('guard', 'KMS requests', events * EVENT.kmsRequests + calls, PRICE.kmsRequest),
    line('guard', 'Secrets Manager calls', calls, PRICE.secretsManagerCall),
    line('guard', 'GB of logs taken in', bytes / GIGABYTE, PRICE.logGigabyteIngested),
    line(
      'guard',
      'GB of logs kept',
      eachYear((year) => (bytes / GIGABYTE) * months(year)),
      PRICE.logGigabyteStored,
    ),
  ].map((one) => ({ ...one, group: 'guard' }));
}

/** What the guard asks is read from Secrets Manager, too, and comes back as events. */
function eventsOf({ keys, reads, sweeps, rotations }: Usage, inventories: number): number {
  const swept = sweeps * (1 + keys * EVENTS_A_SWEPT_KEY);
  const asked = inventories * (1 + keys * CALLS_OF_INVENTORY);
  return keys * reads + swept + rotations * EVENTS_A_ROTATION + asked + ASSUMED.accountEvents;
}

/** A flood's, at most. */
export function perMillionEvents(stack: Stack): number {
  const [fn] = stack.of('AWS::Lambda::Function');
  if (!fn) return 0;
  const batches = MILLION / 100;
  const lines = [
    line('guard', 'SQS requests', MILLION * FLOOD.requestsAnEvent, PRICE.sqsRequest),
    line('guard', 'Lambda runs', batches, PRICE.lambdaRequest),
    line(
      'guard',
      'Lambda GB-seconds',
      gigabyteSeconds(fn, batches * FLOOD.secondsABatch),
      PRICE.lambdaGigabyteSecondArm,
    ),
    line('guard', 'DynamoDB writes', MILLION * FLOOD.writesAnEvent, PRICE.dynamoWrite),
    line(
      'guard',
      'GB of logs taken in',
      (MILLION * EVENT.usageBytes + batches * EVENT.logBytes) / GIGABYTE,
      PRICE.logGigabyteIngested,
    ),
  ];
  return totalOf(lines)[0];
}

const gigabyteSeconds = ({ properties }: Resource, seconds: number) =>
  (seconds * Number(properties.MemorySize)) / 1024;

export const GUARD_ASSUMPTIONS = [
  `An access guard sees each read and description of a key, those of sweeps and rotations too, and ${ASSUMED.accountEvents.toLocaleString('en-US')} events of the account; each is a run of ${ASSUMED.runSeconds} seconds of its own.`,
  'Lambda asks its queue all the time, with five pollers, whether or not an event comes.',
  'In a flood, a hundred events from as many sources are one run; from one source they cost half.',
];
