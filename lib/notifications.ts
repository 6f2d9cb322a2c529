import { Aws, Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { stackName } from '../lambda/contract.ts';
import type { OperationsCmk } from './encryption.ts';
import { descriptionOf, dimensionsOf, type Threshold } from './thresholds.ts';

export interface NotificationsProps {
  readonly environment: string;
  readonly cmk: OperationsCmk;
  /** E-mail addresses; each has to confirm the mail AWS sends it. */
  readonly addresses: readonly string[];
}

/** The one topic of an environment: notices of the functions, alarms and their recovery. */
export class Notifications extends Construct {
  readonly topic: Topic;
  /** In the order of their declaration. */
  readonly alarms: Alarm[] = [];
  private readonly environment: string;

  constructor(scope: Construct, id: string, { environment, cmk, addresses }: NotificationsProps) {
    super(scope, id);
    this.environment = environment;
    this.topic = new Topic(this, 'Topic', {
      displayName: `Amplitude keys ${environment}`,
      masterKey: cmk,
      enforceSSL: true,
    });
    this.allowAlarmsAndEvents();
    for (const address of addresses) this.topic.addSubscription(new EmailSubscription(address));
  }

  /** A topic with a policy of its own has lost the default one, by which alarms would arrive. */
  private allowAlarmsAndEvents() {
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsAndEventsPublish',
        principals: [
          new ServicePrincipal('cloudwatch.amazonaws.com'),
          new ServicePrincipal('events.amazonaws.com'),
        ],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
  }

  /** Alarms that tell the topic when they rise and when they are over. */
  alarm(scope: Construct, thresholds: readonly Threshold[]) {
    const action = new SnsAction(this.topic);
    for (const threshold of thresholds) {
      const { name, periods = 1, wrongPeriods = 1, silenceIsWrong = false } = threshold;
      const alarm = new Alarm(scope, name, {
        alarmName: `${stackName(this.environment)}-${name}`,
        alarmDescription: descriptionOf(threshold, this.environment),
        metric: metricOf(threshold, this.environment),
        threshold: threshold.value,
        comparisonOperator: OPERATORS[threshold.comparison],
        evaluationPeriods: periods,
        datapointsToAlarm: wrongPeriods,
        treatMissingData: silenceIsWrong
          ? TreatMissingData.BREACHING
          : TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      this.alarms.push(alarm);
    }
  }
}

const OPERATORS = {
  '>': ComparisonOperator.GREATER_THAN_THRESHOLD,
  '<': ComparisonOperator.LESS_THAN_THRESHOLD,
} as const;

function metricOf(threshold: Threshold, environment: string): IMetric {
  const period = Duration.minutes(threshold.periodMinutes);
  const named = (metricName: string) =>
    new Metric({
      namespace: threshold.namespace,
      metricName,
      dimensionsMap: { ...dimensionsOf(threshold, environment) },
      statistic: threshold.statistic,
      period,
    });
  const { metric, plus } = threshold;
  if (plus === undefined) return named(metric);
  return new MathExpression({
    // A sum with a value that is missing would be missing too.
    expression: 'counted + FILL(added, 0)',
    usingMetrics: { counted: named(metric), added: named(plus) },
    period,
  });
}
