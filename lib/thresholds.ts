import {
  FUNCTION_NOUNS,
  type FunctionNoun,
  functionName,
  GUARD_NOUN,
  type GuardRules,
  guardFailedQueueName,
  guardMetric,
  METRIC_NAMESPACE,
  metric,
  RELAY_NOUNS,
  type RelaySettings,
  relayFailedQueueName,
  relayQueueName,
} from '../lambda/contract.ts';
import { revokeCommand } from './emergency-commands.ts';
import { RELAY_THRESHOLDS } from './relay-thresholds.ts';

/** Longest run of each function. Secrets Manager waits 60 s for a step, a sweep meets every key. */
export const TIMEOUT_SECONDS: Readonly<Record<FunctionNoun, number>> = {
  rotation: 60,
  lifecycle: 900,
  inspect: 60,
  emergency: 30,
  'access-guard': 60,
  'relay-intake': 15,
  'relay-sender': 120,
};

const QUEUE_NAMES = {
  guardFailed: guardFailedQueueName,
  relay: relayQueueName,
  relayFailed: relayFailedQueueName,
} as const;

/** What is wrong from which value on: said once, for CloudWatch's alarms and for Prometheus' rules. */
export interface Threshold {
  /** Unique in an environment. */
  readonly name: string;
  readonly namespace: typeof METRIC_NAMESPACE | 'AWS/Lambda' | 'AWS/SQS';
  readonly metric: string;
  /** Another of the same source, whose value is added. */
  readonly plus?: string;
  /** The function that the metric is of. */
  readonly noun: FunctionNoun;
  /** Of a metric of SQS, the queue. */
  readonly queue?: keyof typeof QUEUE_NAMES;
  readonly statistic: 'Maximum' | 'Minimum' | 'Sum' | 'SampleCount';
  readonly comparison: '>' | '<';
  readonly value: number;
  readonly periodMinutes: number;
  /** The last periods that are looked at, and how many of them have to be wrong. @default 1 of 1 */
  readonly periods?: number;
  readonly wrongPeriods?: number;
  /** No value at all is wrong too. @default false */
  readonly silenceIsWrong?: boolean;
  /** One sentence. */
  readonly happened: string;
  /** Heading in the README. */
  readonly runbook: string;
  /** Its runbook may end in an emergency. @default false */
  readonly mayBeLeak?: boolean;
}

export const ROTATION_FAILED: Threshold = {
  name: 'RotationFailed',
  namespace: METRIC_NAMESPACE,
  metric: metric.rotationFailed,
  noun: 'rotation',
  statistic: 'Sum',
  comparison: '>',
  value: 0,
  periodMinutes: 5,
  happened: 'A step of a key rotation failed; the current key still works.',
  runbook: 'A rotation failed',
};

/** Of a sweep, which tells the worst key of the environment every hour. */
const swept = {
  namespace: METRIC_NAMESPACE,
  noun: 'lifecycle',
  periodMinutes: 60,
} as const;

export const LIFECYCLE_THRESHOLDS: readonly Threshold[] = [
  {
    ...swept,
    name: 'SweepMissing',
    metric: metric.keysNotSwept,
    statistic: 'SampleCount',
    comparison: '<',
    value: 1,
    periods: 3,
    wrongPeriods: 3,
    silenceIsWrong: true,
    happened: 'No sweep has ended for hours: no key is retired, reminded of or healed.',
    runbook: 'Sweeps are missing',
  },
  {
    ...swept,
    name: 'KeysNotSwept',
    metric: metric.keysNotSwept,
    statistic: 'Maximum',
    comparison: '>',
    value: 0,
    // Two sweeps an hour apart may leave a clock hour out.
    periods: 3,
    wrongPeriods: 2,
    happened: 'Two sweeps could not look after a key.',
    runbook: 'A key was not swept',
  },
  {
    ...swept,
    name: 'RotationOverdue',
    metric: metric.daysUntilRotation,
    statistic: 'Minimum',
    comparison: '<',
    value: -3,
    happened: 'A key should have been rotated more than three days ago.',
    runbook: 'A rotation is overdue',
  },
  {
    ...swept,
    name: 'StandbyMissing',
    metric: metric.stagedKeyReady,
    statistic: 'Minimum',
    comparison: '<',
    value: 1,
    happened: 'A key has no standby key staged that Amplitude accepts.',
    runbook: 'No standby key is staged',
  },
  {
    ...swept,
    name: 'RevocationLate',
    metric: metric.oldestAwaitingRevocationHours,
    statistic: 'Maximum',
    comparison: '>',
    value: 72,
    happened: 'A replaced key has been waiting for Revoke at Amplitude for more than 72 hours.',
    runbook: 'A revocation is late',
    mayBeLeak: true,
  },
  {
    ...swept,
    name: 'CurrentKeyRejected',
    metric: metric.currentKeyAccepted,
    statistic: 'Minimum',
    comparison: '<',
    value: 1,
    happened: 'Amplitude did not accept a current key: its consumers may be losing events.',
    runbook: 'The current key is rejected',
    mayBeLeak: true,
  },
  {
    ...swept,
    name: 'HandOverFailed',
    metric: metric.handOverFailed,
    statistic: 'Maximum',
    comparison: '>',
    value: 0,
    happened: 'A service was not handed the current key, or the event about it was not sent.',
    runbook: 'A hand-over failed',
  },
];

/** Of Lambda's own metrics of one function. */
export function functionThresholds(noun: FunctionNoun): readonly Threshold[] {
  const timeout = TIMEOUT_SECONDS[noun];
  const lambda = {
    namespace: 'AWS/Lambda',
    noun,
    comparison: '>',
    // As long as from one sweep to the next, so that the state doesn't change between them.
    periodMinutes: noun === 'lifecycle' ? 60 : 5,
  } as const;
  const title = noun.replace(/(?:^|-)([a-z])/g, (_, letter) => letter.toUpperCase());
  return [
    {
      ...lambda,
      name: `${title}Errors`,
      metric: 'Errors',
      statistic: 'Sum',
      value: 0,
      happened: `The function ${noun} ended with an error.`,
      runbook: 'A function fails',
    },
    {
      ...lambda,
      name: `${title}Slow`,
      metric: 'Duration',
      statistic: 'Maximum',
      value: timeout * 1000 * 0.8,
      happened: `The function ${noun} took more than 80 % of its ${timeout} seconds.`,
      runbook: 'A function is slow',
    },
  ];
}

/** Of the access guard, beside those of its function. */
export const GUARD_THRESHOLDS: readonly Threshold[] = [
  {
    name: 'GuardBlind',
    namespace: METRIC_NAMESPACE,
    metric: guardMetric.readsSeen,
    noun: GUARD_NOUN,
    statistic: 'Sum',
    comparison: '<',
    value: 1,
    // Every sweep reads every secret, so that a working trail tells of reads every hour.
    periodMinutes: 60,
    periods: 3,
    wrongPeriods: 3,
    silenceIsWrong: true,
    happened: 'CloudTrail has told of no read of a key for hours: nobody would see one.',
    runbook: 'The access guard is blind',
  },
  {
    name: 'GuardEventsFailed',
    namespace: 'AWS/SQS',
    metric: 'ApproximateNumberOfMessagesVisible',
    noun: GUARD_NOUN,
    queue: 'guardFailed',
    statistic: 'Maximum',
    comparison: '>',
    value: 0,
    periodMinutes: 5,
    happened: 'Events of CloudTrail could not be judged, and wait to be sent again.',
    runbook: 'Events of the access guard failed',
  },
];

/** An environment, as far as its thresholds depend on it. */
export interface Watched {
  readonly name: string;
  readonly accessGuard?: GuardRules;
  readonly relay?: Pick<RelaySettings, 'key'>;
}

/** All of an environment. */
export const thresholdsOf = ({ accessGuard, relay }: Watched): readonly Threshold[] => [
  ...THRESHOLDS,
  ...(accessGuard ? [...functionThresholds(GUARD_NOUN), ...GUARD_THRESHOLDS] : []),
  ...(relay ? [...RELAY_NOUNS.flatMap(functionThresholds), ...RELAY_THRESHOLDS] : []),
];

/** Those that every environment has. */
export const THRESHOLDS: readonly Threshold[] = [
  ROTATION_FAILED,
  ...LIFECYCLE_THRESHOLDS,
  ...FUNCTION_NOUNS.flatMap(functionThresholds),
];

/** CloudWatch's dimensions of a threshold's metric. */
export function dimensionsOf(
  { namespace, noun, queue }: Pick<Threshold, 'namespace' | 'noun' | 'queue'>,
  environment: string,
): Readonly<Record<string, string>> {
  if (queue) return { QueueName: QUEUE_NAMES[queue](environment) };
  return namespace === 'AWS/Lambda'
    ? { FunctionName: functionName(environment, noun) }
    : { environment, service: `amplitude-${noun}` };
}

/** What an alarm tells whoever it wakes. */
export function descriptionOf(threshold: Threshold, environment: string): string {
  const { happened, runbook, mayBeLeak } = threshold;
  const told = `${happened} Runbook: README, "${runbook}".`;
  return mayBeLeak ? `${told} If the key leaked: ${revokeCommand(environment)}` : told;
}
