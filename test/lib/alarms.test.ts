import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesize } from './synthesized.ts';

const template = synthesize();
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties);
const named = (name: string) =>
  alarms.find(({ AlarmName }) => AlarmName === `AmplitudeKeys-dev-${name}`);

const HOUR = 3600;
const OWN = 'AmplitudeKeys';
const above = 'GreaterThanThreshold';
const below = 'LessThanThreshold';

describe('an alarm rises', () => {
  it.each([
    ['RotationFailed', 'RotationFailed', 'Sum', above, 0],
    ['RotationOverdue', 'DaysUntilRotation', 'Minimum', below, -3],
    ['StandbyMissing', 'StagedKeyReady', 'Minimum', below, 1],
    ['RevocationLate', 'OldestAwaitingRevocationHours', 'Maximum', above, 72],
    ['CurrentKeyRejected', 'CurrentKeyAccepted', 'Minimum', below, 1],
    ['HandOverFailed', 'HandOverFailed', 'Maximum', above, 0],
  ])('%s at once: %s (%s) %s %d', (name, metric, statistic, comparison, value) => {
    expect(named(name)).toMatchObject({
      Namespace: OWN,
      MetricName: metric,
      Statistic: statistic,
      ComparisonOperator: comparison,
      Threshold: value,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
    });
  });

  it('KeysNotSwept when two sweeps of three hours left a key out', () => {
    expect(named('KeysNotSwept')).toMatchObject({
      MetricName: 'KeysNotSwept',
      Statistic: 'Maximum',
      ComparisonOperator: above,
      Threshold: 0,
      Period: HOUR,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
    });
  });

  it('SweepMissing when three hours are silent, and no other alarm by silence', () => {
    expect(named('SweepMissing')).toMatchObject({
      MetricName: 'KeysNotSwept',
      Statistic: 'SampleCount',
      ComparisonOperator: below,
      Threshold: 1,
      Period: HOUR,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      TreatMissingData: 'breaching',
    });
    const others = alarms.filter(({ AlarmName }) => !String(AlarmName).endsWith('SweepMissing'));
    expect(new Set(others.map(({ TreatMissingData }) => TreatMissingData))).toEqual(
      new Set(['notBreaching']),
    );
  });

  it.each([
    ['rotation', 'Rotation', 60],
    ['lifecycle', 'Lifecycle', 900],
    ['inspect', 'Inspect', 60],
    ['emergency', 'Emergency', 30],
  ])('of %s when it errs, or takes 80 %% of its timeout', (noun, title, timeout) => {
    const lambda = resourcesOf(template, 'AWS::Lambda::Function').find(
      ({ Properties }) => Properties.FunctionName === `amplitude-dev-${noun}`,
    );
    expect(lambda?.Properties.Timeout).toBe(timeout);
    const of = {
      Namespace: 'AWS/Lambda',
      Dimensions: [{ Name: 'FunctionName', Value: `amplitude-dev-${noun}` }],
      ComparisonOperator: above,
    };
    expect(named(`${title}Errors`)).toMatchObject({
      ...of,
      MetricName: 'Errors',
      Statistic: 'Sum',
      Threshold: 0,
    });
    expect(named(`${title}Slow`)).toMatchObject({
      ...of,
      MetricName: 'Duration',
      Statistic: 'Maximum',
      Threshold: timeout * 800,
    });
  });
});

describe('every alarm', () => {
  it('is known by name, and there are sixteen', () => {
    expect(alarms).toHaveLength(16);
    for (const { AlarmName } of alarms) {
      expect(AlarmName).toMatch(/^AmplitudeKeys-dev-[A-Z][A-Za-z]+$/);
    }
  });

  it('says what happened in one sentence and where to read on', () => {
    for (const { AlarmDescription } of alarms) {
      expect(AlarmDescription).toMatch(
        /^[A-Z][^.]*\. Runbook: README, "[A-Z][^"]+"\.( If the key leaked: .+)?$/,
      );
    }
  });

  it('that may end in an emergency carries its command', () => {
    const command = ' If the key leaked: npx keyctl revoke --env dev --key KEY --reason "WHY"';
    const carrying = alarms.filter(({ AlarmDescription }) =>
      String(AlarmDescription).endsWith(command),
    );
    expect(carrying.map(({ AlarmName }) => AlarmName).toSorted()).toEqual([
      'AmplitudeKeys-dev-CurrentKeyRejected',
      'AmplitudeKeys-dev-RevocationLate',
    ]);
  });

  it('tells the topic when it rises and when it is over (Security Hub CloudWatch.15)', () => {
    const topic = { Ref: expect.stringMatching(/^NotificationsTopic/) };
    for (const alarm of alarms) {
      expect([alarm.AlarmActions, alarm.OKActions]).toEqual([[topic], [topic]]);
    }
  });

  it('has its actions on (Security Hub CloudWatch.17)', () => {
    expect(alarms.map(({ ActionsEnabled = true }) => ActionsEnabled)).toEqual(
      alarms.map(() => true),
    );
  });

  it('watches metrics of its own environment only', () => {
    for (const { Namespace, Dimensions } of alarms) {
      const dimensions = Dimensions as { Name: string; Value: string }[];
      const its = Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
      expect(its).toEqual(
        Namespace === OWN
          ? {
              environment: 'dev',
              service: expect.stringMatching(/^amplitude-(rotation|lifecycle)$/),
            }
          : { FunctionName: expect.stringMatching(/^amplitude-dev-/) },
      );
    }
  });
});

it('log groups keep a year at least (Security Hub CloudWatch.16)', () => {
  const groups = resourcesOf(template, 'AWS::Logs::LogGroup');
  expect(groups).toHaveLength(5);
  for (const { Properties } of groups) {
    expect(Properties.RetentionInDays).toBeGreaterThanOrEqual(365);
  }
});
