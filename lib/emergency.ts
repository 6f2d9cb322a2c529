import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { NOTE_TAG_PREFIX, tag, variable } from '../lambda/contract.ts';
import { acknowledgeListSecrets } from './acknowledgements.ts';
import type { EnvironmentConfig } from './config.ts';
import type { KeysCmk, OperationsCmk } from './encryption.ts';
import { allowAnnouncing, allowRestarts } from './hand-over.ts';
import type { Notifications } from './notifications.ts';
import { ProbeRole } from './probe-role.ts';
import { secretArns, stagedParameterArns, through } from './resource-names.ts';
import type { Trail } from './trail.ts';
import { WorkerFunction } from './worker-function.ts';

export interface EmergencyProps {
  readonly environment: EnvironmentConfig;
  readonly keysCmk: KeysCmk;
  readonly operationsCmk: OperationsCmk;
  readonly notifications: Notifications;
  readonly trail: Trail;
}

/** The function that acts on a leak: it contains, replaces, and alone may lock keys down. */
export class Emergency extends Construct {
  readonly function: WorkerFunction;

  constructor(scope: Construct, id: string, props: EmergencyProps) {
    super(scope, id);
    this.function = new WorkerFunction(this, 'Function', {
      ...props,
      noun: 'emergency',
      description: 'Revokes, rolls back, locks down and unlocks Amplitude keys; invoked by people',
    });
    // Nobody waits for an answer then, and what is repeated or comes late is no longer meant.
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    this.grantKeys(props);
    this.grantLockdown(props);
    this.grantTelling(props);
    allowRestarts(this.function, props.environment);
    allowAnnouncing(this.function);
  }

  private grantKeys({ environment, keysCmk }: EmergencyProps) {
    this.function.allow(['secretsmanager:ListSecrets'], ['*']);
    acknowledgeListSecrets(this.function.permissions);
    this.function.allow(
      [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      [secretArns(environment.name)],
    );
    this.function.allow(
      ['ssm:GetParametersByPath', 'ssm:DeleteParameter'],
      [stagedParameterArns(environment.name)],
    );
    this.function.allow(['kms:Decrypt'], [keysCmk.keyArn], through('secretsmanager', 'ssm'));
    this.function.allow(['kms:GenerateDataKey'], [keysCmk.keyArn], through('secretsmanager'));
  }

  /** Of one key by its tag, of the environment by the CMK; a read of the probe's shows that it holds. */
  private grantLockdown({ environment, keysCmk }: EmergencyProps) {
    this.function.allow(
      ['secretsmanager:TagResource', 'secretsmanager:UntagResource'],
      [secretArns(environment.name)],
      {
        'ForAllValues:StringLike': { 'aws:TagKeys': [tag.lockdown, `${NOTE_TAG_PREFIX}*`] },
        // ForAllValues alone is also true of no tag at all.
        Null: { 'aws:TagKeys': 'false' },
      },
    );
    this.function.allow(['kms:DisableKey', 'kms:EnableKey'], [keysCmk.keyArn]);
    const probe = new ProbeRole(this, 'Probe', {
      environment: environment.name,
      cmk: keysCmk,
      emergencyRole: this.function.executionRole,
    });
    this.function.allow(['sts:AssumeRole'], [probe.roleArn]);
    this.function.addEnvironment(variable.probeRoleArn, probe.roleArn);
  }

  private grantTelling({ operationsCmk, notifications, trail }: EmergencyProps) {
    this.function.allow(['sns:Publish'], [notifications.topic.topicArn]);
    this.function.allow(
      ['kms:Decrypt', 'kms:GenerateDataKey'],
      [operationsCmk.keyArn],
      through('sns'),
    );
    this.function.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [trail.logGroupArn]);
  }
}
