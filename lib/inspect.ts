import { Construct } from 'constructs';
import { acknowledgeAssess } from './acknowledgements.ts';
import type { EnvironmentConfig } from './config.ts';
import type { KeysCmk, OperationsCmk } from './encryption.ts';
import { allowWatching } from './hand-over.ts';
import type { Notifications } from './notifications.ts';
import { secretArns, stagedParameterArns, through } from './resource-names.ts';
import { askTrailOf } from './trail-queries.ts';
import { WorkerFunction } from './worker-function.ts';

export interface InspectProps {
  readonly environment: EnvironmentConfig;
  readonly keysCmk: KeysCmk;
  readonly operationsCmk: OperationsCmk;
  readonly notifications: Notifications;
}

/** The function that answers keyctl's questions: it reads everything and changes nothing. */
export class Inspect extends Construct {
  readonly function: WorkerFunction;

  constructor(scope: Construct, id: string, props: InspectProps) {
    super(scope, id);
    const { environment, keysCmk, notifications } = props;
    this.function = new WorkerFunction(this, 'Function', {
      ...props,
      noun: 'inspect',
      description: 'Answers what is known of the Amplitude keys, without showing one; reads only',
    });
    this.function.allow(
      ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      [secretArns(environment.name)],
    );
    this.function.allow(['secretsmanager:ListSecrets'], ['*']);
    this.function.allow(['ssm:GetParametersByPath'], [stagedParameterArns(environment.name)]);
    this.function.allow(['kms:Decrypt'], [keysCmk.keyArn], through('secretsmanager', 'ssm'));
    this.function.allow(['kms:DescribeKey', 'kms:GetKeyRotationStatus'], [keysCmk.keyArn]);
    this.function.allow(['sns:ListSubscriptionsByTopic'], [notifications.topic.topicArn]);
    allowWatching(this.function, environment);
    acknowledgeAssess(this.function.permissions);
    if (!environment.cloudTrailLogGroup) {
      this.function.allow(['cloudtrail:LookupEvents'], ['*']);
    }
    askTrailOf(this.function, environment);
  }
}
