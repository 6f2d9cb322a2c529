import { METRIC_NAMESPACE, relayMetric } from '../lambda/contract.ts';
import type { Threshold } from './thresholds.ts';

const DAY_SECONDS = 86_400;
const sender = { noun: 'relay-sender', comparison: '>' } as const;
const intake = { ...sender, noun: 'relay-intake', namespace: 'AWS/Lambda' } as const;

/** Of the relay, beside those of its functions. */
export const RELAY_THRESHOLDS: readonly Threshold[] = [
  {
    ...sender,
    name: 'RelayHeld',
    namespace: METRIC_NAMESPACE,
    metric: relayMetric.held,
    statistic: 'Maximum',
    value: 0,
    // It is told every 15 minutes, and a clock's quarter of an hour may go without.
    periodMinutes: 30,
    happened: 'Amplitude accepts no key that the relay may read: its events wait.',
    runbook: 'The relay is held',
  },
  {
    ...sender,
    name: 'RelayBacklog',
    namespace: 'AWS/SQS',
    metric: 'ApproximateAgeOfOldestMessage',
    queue: 'relay',
    statistic: 'Maximum',
    value: 3 * DAY_SECONDS,
    periodMinutes: 5,
    happened: 'An event has been waiting for Amplitude for more than 3 days of 14.',
    runbook: 'The relay has a backlog',
  },
  {
    // SQS's age leaves out what was received three times in vain, as everything is in an outage:
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    ...sender,
    name: 'RelayWaiting',
    namespace: METRIC_NAMESPACE,
    metric: relayMetric.waitingSeconds,
    statistic: 'Maximum',
    value: 3 * DAY_SECONDS,
    // What came in vain comes again after twelve minutes.
    periodMinutes: 30,
    happened: 'An event has been sent in vain for more than 3 days of 14.',
    runbook: 'The relay has a backlog',
  },
  {
    ...sender,
    name: 'RelayEventsFailed',
    namespace: 'AWS/SQS',
    metric: 'ApproximateNumberOfMessagesVisible',
    queue: 'relayFailed',
    statistic: 'Maximum',
    value: 0,
    periodMinutes: 5,
    happened: 'Events wait that Amplitude will not take as they are.',
    runbook: 'Events of the relay failed',
  },
  {
    // A request is a run, or was left without one: API Gateway, which counts both, knows an API by an id
    // that only a deployment tells.
    ...intake,
    name: 'RelayFlood',
    metric: 'Invocations',
    plus: 'Throttles',
    statistic: 'Sum',
    value: 100 * 60,
    periodMinutes: 1,
    periods: 2,
    wrongPeriods: 2,
    happened: 'The relay was sent more than 100 requests a second for 2 minutes.',
    runbook: 'The relay is flooded',
  },
  {
    ...intake,
    name: 'RelayTurnedAway',
    metric: 'Throttles',
    statistic: 'Sum',
    value: 0,
    periodMinutes: 5,
    happened:
      'The relay had no run left for a request: Dify tries for half a minute, then drops it.',
    runbook: 'The relay turns requests away',
  },
  {
    ...intake,
    name: 'RelayUnavailable',
    namespace: METRIC_NAMESPACE,
    metric: relayMetric.unavailable,
    statistic: 'Sum',
    value: 0,
    periodMinutes: 5,
    happened: 'The relay could not keep a request: Dify tries for half a minute, then drops it.',
    runbook: 'The relay turns requests away',
  },
];
