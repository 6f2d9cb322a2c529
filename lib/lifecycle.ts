import { Aws, Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { functionName, NOTE_TAG_PREFIX, variable } from '../lambda/contract.ts';
import { acknowledgeSweep } from './acknowledgements.ts';
import type { EnvironmentConfig } from './config.ts';
import type { KeysCmk, OperationsCmk } from './encryption.ts';
import { allowAnnouncing, allowRestarts, allowWatching } from './hand-over.ts';
import type { Notifications } from './notifications.ts';
import { allowLifting } from './quarantine.ts';
import { secretArns, stagedParameterArns, through } from './resource-names.ts';
import { LIFECYCLE_THRESHOLDS } from './thresholds.ts';
import type { Trail } from './trail.ts';
import { askTrailOf } from './trail-queries.ts';
import { WorkerFunction } from './worker-function.ts';

export interface LifecycleProps {
  readonly environment: EnvironmentConfig;
  readonly keysCmk: KeysCmk;
  readonly operationsCmk: OperationsCmk;
  readonly notifications: Notifications;
  readonly trail: Trail;
  /** Started for a key that is overdue. */
  readonly rotation: WorkerFunction;
  /** Asked to put back a lockdown whose tag was lost. */
  readonly emergency: WorkerFunction;
}

/** A sweep that is later than this leaves its work to the next one. */
const MAX_AGE = Duration.minutes(30);

/** The hourly sweep: it moves every key along its life, and tells people what only they can do. */
export class Lifecycle extends Construct {
  readonly function: WorkerFunction;

  constructor(scope: Construct, id: string, props: LifecycleProps) {
    super(scope, id);
    this.function = new WorkerFunction(this, 'Function', {
      ...props,
      noun: 'lifecycle',
      description: 'Sweeps the Amplitude keys every hour: retires, reminds, heals and watches',
    });
    const days = String(props.environment.reclaimAfterDays);
    this.function.addEnvironment(variable.reclaimAfterDays, days);
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: MAX_AGE });
    this.schedule(props.environment.name);
    this.grantKeys(props);
    this.grantTelling(props);
    allowRestarts(this.function, props.environment);
    allowWatching(this.function, props.environment);
    allowAnnouncing(this.function);
    props.notifications.alarm(this, LIFECYCLE_THRESHOLDS);
  }

  private schedule(environment: string) {
    const invoke = new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [this.function.functionArn],
    });
    const role = new Role(this, 'SchedulerRole', {
      description: `Starts the sweep of ${functionName(environment, 'lifecycle')}`,
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com').withConditions({
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      }),
      inlinePolicies: { Sweep: new PolicyDocument({ statements: [invoke] }) },
    });
    const schedule = new CfnSchedule(this, 'Schedule', {
      name: functionName(environment, 'lifecycle'),
      description: `Hourly sweep of the Amplitude keys of ${environment}`,
      scheduleExpression: 'rate(1 hour)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.function.functionArn,
        roleArn: role.roleArn,
        input: JSON.stringify({ caller: 'scheduler.amazonaws.com' }),
        retryPolicy: {
          maximumRetryAttempts: 3,
          maximumEventAgeInSeconds: MAX_AGE.toSeconds(),
        },
      },
    });
    // The first sweep comes at once and must be allowed everything by then.
    schedule.node.addDependency(this.function.permissions);
  }

  private grantKeys({ environment, keysCmk, rotation, emergency }: LifecycleProps) {
    const secrets = [secretArns(environment.name)];
    this.function.allow(['secretsmanager:ListSecrets', 'cloudtrail:LookupEvents'], ['*']);
    acknowledgeSweep(this.function.permissions);
    askTrailOf(this.function, environment);
    this.function.allow(
      [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
        'secretsmanager:RotateSecret',
      ],
      secrets,
    );
    this.function.allow(['secretsmanager:TagResource', 'secretsmanager:UntagResource'], secrets, {
      // ForAllValues alone is also true of no tag at all.
      'ForAllValues:StringLike': { 'aws:TagKeys': `${NOTE_TAG_PREFIX}*` },
      Null: { 'aws:TagKeys': 'false' },
    });
    // Those too that an access guard has left which is no more.
    allowLifting(this.function, environment.name);
    // RotateSecret asks it of its caller; emergency alone may put back a lockdown.
    this.function.allow(['lambda:InvokeFunction'], [rotation.functionArn, emergency.functionArn]);
    this.function.allow(['ssm:GetParametersByPath'], [stagedParameterArns(environment.name)]);
    this.function.allow(['kms:Decrypt'], [keysCmk.keyArn], through('secretsmanager', 'ssm'));
    this.function.allow(['kms:DescribeKey', 'kms:GetKeyRotationStatus'], [keysCmk.keyArn]);
  }

  private grantTelling({ operationsCmk, notifications, trail }: LifecycleProps) {
    this.function.allow(
      ['sns:Publish', 'sns:ListSubscriptionsByTopic'],
      [notifications.topic.topicArn],
    );
    this.function.allow(
      ['kms:Decrypt', 'kms:GenerateDataKey'],
      [operationsCmk.keyArn],
      through('sns'),
    );
    this.function.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [trail.logGroupArn]);
  }
}
