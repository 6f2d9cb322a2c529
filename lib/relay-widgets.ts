import { GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE, relayMetric } from '../lambda/contract.ts';
import { hourlyMetrics } from './hourly-metrics.ts';

const third = { width: 8, height: 6 };
const intake = { namespace: METRIC_NAMESPACE, noun: 'relay-intake' } as const;
const sender = { namespace: METRIC_NAMESPACE, noun: 'relay-sender' } as const;
const lambda = { namespace: 'AWS/Lambda', noun: 'relay-intake' } as const;
const sqs = { namespace: 'AWS/SQS', noun: 'relay-sender' } as const;

/** A row of the dashboard: what came and went, what waits, and what was turned away. */
export function relayWidgets(environment: string) {
  const metricOf = hourlyMetrics(environment);
  const visible = 'ApproximateNumberOfMessagesVisible';
  const queue = { ...sqs, queue: 'relay' } as const;
  const failed = { ...sqs, queue: 'relayFailed' } as const;
  return [
    new GraphWidget({
      title: 'Relay: events',
      left: [
        metricOf(intake, relayMetric.received, 'Sum', 'received'),
        metricOf(sender, relayMetric.sent, 'Sum', 'sent'),
        metricOf(sender, relayMetric.failed, 'Sum', 'failed'),
      ],
      ...third,
    }),
    new GraphWidget({
      title: 'Relay: waiting, and for how long',
      left: [
        metricOf(queue, visible, 'Maximum', 'waiting'),
        metricOf(failed, visible, 'Maximum', 'failed'),
        metricOf(sender, relayMetric.held, 'Maximum', 'held (1: yes)'),
      ],
      right: [
        metricOf(queue, 'ApproximateAgeOfOldestMessage', 'Maximum', 'oldest waiting (seconds)'),
        metricOf(sender, relayMetric.waitingSeconds, 'Maximum', 'sent in vain for (seconds)'),
        metricOf(sender, relayMetric.delaySeconds, 'Maximum', 'end to Amplitude (seconds)'),
      ],
      ...third,
    }),
    new GraphWidget({
      title: 'Relay: requests, and what was left out',
      left: [
        metricOf(lambda, 'Invocations', 'Sum', 'requests'),
        metricOf(intake, relayMetric.refused, 'Sum', 'refused'),
        metricOf(intake, relayMetric.unavailable, 'Sum', 'not kept'),
        metricOf(lambda, 'Throttles', 'Sum', 'without a run'),
      ],
      right: [metricOf(intake, relayMetric.scrubbed, 'Sum', 'fields scrubbed')],
      ...third,
    }),
  ];
}
