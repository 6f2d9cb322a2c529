import { describe, expect, it } from 'vitest';
import { guardMetric, metric, relayMetric } from '../../lambda/contract.ts';
import { alertingRules, exporterConfig, seriesOf } from '../../lib/prometheus.ts';
import { THRESHOLDS, thresholdsOf } from '../../lib/thresholds.ts';
import { environmentOf, resourcesOf, synthesize } from './synthesized.ts';

const rules = alertingRules({ name: 'dev' }).groups.flatMap((group) => group.rules);
const exporter = exporterConfig({ name: 'dev' }, 'eu-west-1');

describe('the alerting rules', () => {
  it.each([
    ['without a guard', {}],
    ['with one', { accessGuard: {} }],
    ['with a relay too', { accessGuard: {}, relay: { key: 'web' } }],
  ])("are CloudWatch's alarms, one for one, with the same thresholds, %s", (_, over) => {
    const alarms = resourcesOf(synthesize(over), 'AWS::CloudWatch::Alarm').map(
      ({ Properties }) => Properties,
    );
    const rules = alertingRules(environmentOf(over, 'dev')).groups.flatMap((group) => group.rules);
    expect(rules).toHaveLength(alarms.length);
    for (const alarm of alarms) {
      const name = String(alarm.AlarmName).replace('AmplitudeKeys-dev-', 'Amplitude');
      const rule = rules.find(({ alert }) => alert === name);
      expect(String(alarm.AlarmDescription)).toContain(rule?.annotations.summary);
      const operator = alarm.ComparisonOperator === 'LessThanThreshold' ? '<' : '>';
      const compared = ` ${operator} ${alarm.Threshold}`;
      expect(rule?.expr).toContain(alarm.TreatMissingData === 'breaching' ? 'absent(' : compared);
    }
  });

  it('tell the command of an emergency where an alarm does', () => {
    const commands = rules.filter(({ annotations }) => annotations.if_leaked);
    expect(commands.map(({ alert }) => alert)).toEqual([
      'AmplitudeRevocationLate',
      'AmplitudeCurrentKeyRejected',
    ]);
    for (const { annotations } of commands) {
      expect(annotations.if_leaked).toMatch(/^npx keyctl revoke --env dev --key /);
    }
  });

  it('read series as the CloudWatch exporter names them', () => {
    const series = THRESHOLDS.map((threshold) => seriesOf(threshold, 'dev'));
    const own = "{environment='dev', service='amplitude-lifecycle'}";
    expect(series).toContain(`amplitudekeys_oldest_awaiting_revocation_hours_maximum${own}`);
    expect(series).toContain(`amplitudekeys_keys_not_swept_sample_count${own}`);
    expect(series).toContain("aws_lambda_errors_sum{function_name='amplitude-dev-rotation'}");
  });
});

describe("the exporter's configuration", () => {
  it('gives every metric of ours, and each once: two entries would be named twice', () => {
    const names = exporter.metrics.map(({ aws_metric_name }) => aws_metric_name);
    expect(names.toSorted()).toEqual([...Object.values(metric), 'Errors', 'Duration'].toSorted());
  });

  it('gives what every rule reads', () => {
    for (const threshold of THRESHOLDS) {
      const entry = exporter.metrics.find(
        ({ aws_metric_name, aws_namespace }) =>
          aws_metric_name === threshold.metric && aws_namespace === threshold.namespace,
      );
      expect(entry?.aws_statistics).toContain(threshold.statistic);
    }
  });

  it('keeps the value of a sweep until three are missing, without its time, which is too old', () => {
    const swept = exporter.metrics.find(
      ({ aws_metric_name }) => aws_metric_name === 'KeysNotSwept',
    );
    expect(swept).toEqual({
      aws_namespace: 'AmplitudeKeys',
      aws_metric_name: 'KeysNotSwept',
      aws_dimensions: ['environment', 'service'],
      aws_dimension_select: { environment: ['dev'], service: ['amplitude-lifecycle'] },
      aws_statistics: ['SampleCount', 'Maximum'],
      range_seconds: 3 * 3600,
    });
    expect(exporter.set_timestamp).toBe(false);
  });

  it('gives what the rules of a guard read, and what it counts', () => {
    const guarded = environmentOf({ accessGuard: {} }, 'dev');
    const { metrics } = exporterConfig(guarded, 'eu-west-1');
    const names = metrics.map(({ aws_metric_name }) => aws_metric_name);
    expect(names).toEqual(expect.arrayContaining(Object.values(guardMetric)));
    for (const { metric: name } of thresholdsOf(guarded)) expect(names).toContain(name);
    const waiting = metrics.find(({ aws_namespace }) => aws_namespace === 'AWS/SQS');
    expect(waiting?.aws_dimension_select).toEqual({
      QueueName: ['amplitude-dev-access-guard-failed'],
    });
  });

  it('gives what the rules of a relay read, and what it counts, of each queue', () => {
    const relayed = environmentOf({ accessGuard: {}, relay: { key: 'web' } }, 'dev');
    const { metrics } = exporterConfig(relayed, 'eu-west-1');
    const names = metrics.map(({ aws_metric_name }) => aws_metric_name);
    expect(names).toEqual(expect.arrayContaining(Object.values(relayMetric)));
    expect(names).toHaveLength(new Set(names).size);
    for (const { metric: name } of thresholdsOf(relayed)) expect(names).toContain(name);
    const queues = metrics.filter(({ aws_namespace }) => aws_namespace === 'AWS/SQS');
    expect(queues.map(({ aws_dimension_select }) => aws_dimension_select)).toEqual([
      { QueueName: ['amplitude-dev-access-guard-failed', 'amplitude-dev-relay-failed'] },
      { QueueName: ['amplitude-dev-relay'] },
    ]);
  });

  it('gives what a rule adds by five minutes, of which the rule takes the share of its own', () => {
    const relayed = environmentOf({ relay: { key: 'web' } }, 'dev');
    const [flood] = alertingRules(relayed)
      .groups.flatMap((group) => group.rules)
      .filter(({ alert }) => alert === 'AmplitudeRelayFlood');
    const of = (name: string) =>
      `aws_lambda_${name}_sum{function_name='amplitude-dev-relay-intake'}`;
    const [runs, throttled] = [of('invocations'), of('throttles')];
    expect(flood?.expr).toBe(`${runs} + (${throttled} / 5 or 0 * ${runs}) > 6000`);
    const { metrics } = exporterConfig(relayed, 'eu-west-1');
    const entry = metrics.find(({ aws_metric_name }) => aws_metric_name === 'Throttles');
    expect(entry).not.toHaveProperty('period_seconds');
    expect(entry).toMatchObject({ aws_statistics: ['Sum'], range_seconds: 900 });
  });

  it('adds up the minute that a flood is judged by, and else five', () => {
    const { metrics, period_seconds } = exporterConfig(
      environmentOf({ relay: { key: 'web' } }, 'dev'),
      'eu-west-1',
    );
    expect(period_seconds).toBe(300);
    const own = metrics.filter((metric) => metric.period_seconds !== undefined);
    expect(own).toMatchObject([
      { aws_metric_name: 'Invocations', period_seconds: 60, range_seconds: 180 },
    ]);
  });

  it('asks for the functions of its own environment only', () => {
    const errors = exporter.metrics.find(({ aws_metric_name }) => aws_metric_name === 'Errors');
    expect(errors?.aws_dimension_select).toEqual({
      FunctionName: [
        'amplitude-dev-rotation',
        'amplitude-dev-lifecycle',
        'amplitude-dev-inspect',
        'amplitude-dev-emergency',
      ],
    });
  });
});
