import { Construct } from 'constructs';
import { variable } from '../lambda/contract.ts';
import { acknowledgeAssess, acknowledgeLogQuery } from './acknowledgements.ts';
import type { EnvironmentConfig } from './config.ts';
import type { KeysCmk, OperationsCmk } from './encryption.ts';
import type { Notifications } from './notifications.ts';
import { logGroupArn, secretArns, stagedParameterArns, through } from './resource-names.ts';
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
    const { accessGuard } = environment;
    const rules = accessGuard ? JSON.stringify(accessGuard) : '';
    this.function.addEnvironment(variable.guardRules, rules);
    this.askTrailOf(environment);
  }

  /**
   * Queries run in CloudTrail's log group, where there is one, and in no other. What knows no
   * resources can't be narrowed by IAM; it answers names and events, no values.
   */
  private askTrailOf({ cloudTrailLogGroup: group = '' }: EnvironmentConfig) {
    this.function.addEnvironment(variable.cloudTrailLogGroup, group);
    acknowledgeAssess(this.function.permissions);
    if (!group) {
      this.function.allow(['cloudtrail:LookupEvents'], ['*']);
      return;
    }
    this.function.allow(['logs:StartQuery'], [logGroupArn(group)]);
    acknowledgeLogQuery(this.function.permissions, group);
    this.function.allow(['logs:GetQueryResults', 'logs:StopQuery'], ['*']);
  }
}
