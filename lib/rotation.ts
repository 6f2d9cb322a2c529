import { Aws } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from './config.ts';
import type { KeysCmk, OperationsCmk } from './encryption.ts';
import { allowAnnouncing, allowNotes, allowRestarts } from './hand-over.ts';
import type { Notifications } from './notifications.ts';
import { secretArns, stagedParameterArns, through } from './resource-names.ts';
import { ROTATION_FAILED } from './thresholds.ts';
import { WorkerFunction } from './worker-function.ts';

export interface RotationProps {
  readonly environment: EnvironmentConfig;
  readonly keysCmk: KeysCmk;
  readonly operationsCmk: OperationsCmk;
  readonly notifications: Notifications;
}

/** The function that Secrets Manager calls for the four steps of every key's rotation. */
export class Rotation extends Construct {
  readonly function: WorkerFunction;
  /** Secrets Manager may invoke the function; schedules depend on it. */
  readonly permission: CfnPermission;

  constructor(scope: Construct, id: string, props: RotationProps) {
    super(scope, id);
    this.function = new WorkerFunction(this, 'Function', {
      ...props,
      noun: 'rotation',
      description: 'Rotates Amplitude keys: the four steps of Secrets Manager',
    });
    this.permission = new CfnPermission(this, 'Permission', {
      action: 'lambda:InvokeFunction',
      functionName: this.function.functionArn,
      principal: 'secretsmanager.amazonaws.com',
      sourceAccount: Aws.ACCOUNT_ID,
    });
    this.grant(props);
    props.notifications.alarm(this, [ROTATION_FAILED]);
  }

  private grant({ environment, keysCmk, operationsCmk, notifications }: RotationProps) {
    const worker = this.function;
    worker.allow(
      [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      [secretArns(environment.name)],
    );
    worker.allow(
      ['ssm:GetParametersByPath', 'ssm:DeleteParameter'],
      [stagedParameterArns(environment.name)],
    );
    worker.allow(['kms:Decrypt'], [keysCmk.keyArn], through('secretsmanager', 'ssm'));
    worker.allow(['kms:GenerateDataKey'], [keysCmk.keyArn], through('secretsmanager'));
    worker.allow(['sns:Publish'], [notifications.topic.topicArn]);
    worker.allow(['kms:Decrypt', 'kms:GenerateDataKey'], [operationsCmk.keyArn], through('sns'));
    allowRestarts(worker, environment);
    allowAnnouncing(worker);
    allowNotes(worker, environment);
  }
}
