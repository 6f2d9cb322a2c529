import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesize } from './synthesized.ts';

const relay = { key: 'web' };
const alarms = resourcesOf(synthesize({ relay }), 'AWS::CloudWatch::Alarm').map(
  ({ Properties }) => Properties,
);

describe('an alarm rises', () => {
  const alarm = (name: string) =>
    alarms.find(({ AlarmName }) => AlarmName === `AmplitudeKeys-dev-${name}`);
  const SQS = (name: string) => [{ Name: 'QueueName', Value: name }];
  const LAMBDA = [{ Name: 'FunctionName', Value: 'amplitude-dev-relay-intake' }];

  it.each([
    [
      'RelayHeld',
      {
        Namespace: 'AmplitudeKeys',
        MetricName: 'RelayHeld',
        Dimensions: [
          { Name: 'environment', Value: 'dev' },
          { Name: 'service', Value: 'amplitude-relay-sender' },
        ],
        Statistic: 'Maximum',
        Threshold: 0,
      },
    ],
    [
      'RelayBacklog',
      {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateAgeOfOldestMessage',
        Dimensions: SQS('amplitude-dev-relay'),
        Statistic: 'Maximum',
        Threshold: 259_200,
      },
    ],
    [
      'RelayWaiting',
      {
        Namespace: 'AmplitudeKeys',
        MetricName: 'RelayWaitingSeconds',
        Dimensions: [
          { Name: 'environment', Value: 'dev' },
          { Name: 'service', Value: 'amplitude-relay-sender' },
        ],
        Statistic: 'Maximum',
        Threshold: 259_200,
        Period: 1_800,
      },
    ],
    [
      'RelayEventsFailed',
      {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: SQS('amplitude-dev-relay-failed'),
        Statistic: 'Maximum',
        Threshold: 0,
      },
    ],
    [
      'RelayFlood',
      {
        Metrics: [
          { Expression: 'counted + FILL(added, 0)' },
          ...[
            ['counted', 'Invocations'],
            ['added', 'Throttles'],
          ].map(([Id, MetricName]) => ({
            Id,
            MetricStat: {
              Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions: LAMBDA },
              Stat: 'Sum',
              Period: 60,
            },
            ReturnData: false,
          })),
        ],
        Threshold: 6_000,
        EvaluationPeriods: 2,
        DatapointsToAlarm: 2,
      },
    ],
    [
      'RelayTurnedAway',
      {
        Namespace: 'AWS/Lambda',
        MetricName: 'Throttles',
        Dimensions: LAMBDA,
        Statistic: 'Sum',
        Threshold: 0,
      },
    ],
    [
      'RelayUnavailable',
      {
        Namespace: 'AmplitudeKeys',
        MetricName: 'RelayRequestsUnavailable',
        Dimensions: [
          { Name: 'environment', Value: 'dev' },
          { Name: 'service', Value: 'amplitude-relay-intake' },
        ],
        Statistic: 'Sum',
        Threshold: 0,
      },
    ],
    ['RelayIntakeErrors', { Namespace: 'AWS/Lambda', MetricName: 'Errors', Threshold: 0 }],
    ['RelayIntakeSlow', { MetricName: 'Duration', Threshold: 12_000 }],
    ['RelaySenderErrors', { Namespace: 'AWS/Lambda', MetricName: 'Errors', Threshold: 0 }],
    ['RelaySenderSlow', { MetricName: 'Duration', Threshold: 96_000 }],
  ])('%s', (name, expected) => {
    expect(alarm(name)).toMatchObject({
      ...expected,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmDescription: expect.stringMatching(/^[A-Z][^.]*\. Runbook: README, "[A-Z][^"]+"\.$/),
    });
  });

  it('by eleven more than without', () => {
    const plain = resourcesOf(synthesize(), 'AWS::CloudWatch::Alarm');
    expect(alarms).toHaveLength(plain.length + 11);
  });
});
