import { Aws } from 'aws-cdk-lib';
import { Alarm, type AlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { OperationsCmk } from './encryption.ts';

export interface NotificationsProps {
  readonly environment: string;
  readonly cmk: OperationsCmk;
  /** E-mail addresses; each has to confirm the mail AWS sends it. */
  readonly addresses: readonly string[];
}

/** The one topic of an environment: notices of the functions, alarms and their recovery. */
export class Notifications extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { environment, cmk, addresses }: NotificationsProps) {
    super(scope, id);
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

  /** An alarm that tells the topic when it rises and when it is over. */
  alarm(scope: Construct, id: string, props: AlarmProps): Alarm {
    const alarm = new Alarm(scope, id, props);
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  }
}
