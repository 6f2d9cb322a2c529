import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  GUARD_NOUN,
  type GuardRules,
  guardTable,
  guardTableName,
  variable,
} from '../lambda/contract.ts';
import { AccessGuardFeed } from './access-guard-feed.ts';
import type { EnvironmentConfig } from './config.ts';
import type { KeysCmk, OperationsCmk } from './encryption.ts';
import type { Notifications } from './notifications.ts';
import { through } from './resource-names.ts';
import { GUARD_THRESHOLDS } from './thresholds.ts';
import { UsageRecord } from './usage-record.ts';
import { WorkerFunction } from './worker-function.ts';

export interface AccessGuardProps {
  readonly environment: EnvironmentConfig;
  readonly rules: GuardRules;
  readonly keysCmk: KeysCmk;
  readonly operationsCmk: OperationsCmk;
  readonly notifications: Notifications;
  /** Asked what is known of the keys, since the guard may read none. */
  readonly inspect: WorkerFunction;
  readonly breakGlass: IRole;
  /** The role by which CloudFormation changes the stack. */
  readonly deployRoleArn: string;
}

/** The function that records and judges every use of a key, what feeds it, and what it remembers. */
export class AccessGuard extends Construct {
  readonly function: WorkerFunction;
  readonly usage: UsageRecord;
  private readonly table: Table;

  constructor(scope: Construct, id: string, props: AccessGuardProps) {
    super(scope, id);
    const { environment, operationsCmk } = props;
    this.usage = new UsageRecord(this, 'Usage', environment, operationsCmk);
    this.table = memoryOf(this, 'Memory', environment.name, operationsCmk);
    this.function = new WorkerFunction(this, 'Function', {
      ...props,
      noun: GUARD_NOUN,
      description:
        'Records who uses the Amplitude keys, and reports what the rules find suspicious',
    });
    this.function.addEnvironment(variable.guardRules, JSON.stringify(props.rules));
    this.function.addEnvironment(variable.deployRoleArn, props.deployRoleArn);
    this.function.addEnvironment(variable.breakGlassRoleArn, props.breakGlass.roleArn);
    this.grant(props);
    const feedProps = { ...props, environment: environment.name };
    new AccessGuardFeed(this, 'Feed', feedProps).feed(this.function);
    props.notifications.alarm(this, GUARD_THRESHOLDS);
  }

  private grant({ operationsCmk, notifications, inspect }: AccessGuardProps) {
    const worker = this.function;
    const { tableArn } = this.table;
    worker.allow(['lambda:InvokeFunction'], [inspect.functionArn]);
    worker.allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.usage.logGroupArn]);
    worker.allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [tableArn]);
    worker.allow(['sns:Publish'], [notifications.topic.topicArn]);
    worker.allow(['kms:Decrypt'], [operationsCmk.keyArn], through('dynamodb', 'sns'));
    worker.allow(['kms:GenerateDataKey'], [operationsCmk.keyArn], through('sns'));
    // When the latest read was is told by `keyctl status`.
    inspect.allow(['dynamodb:GetItem'], [tableArn]);
    inspect.allow(['kms:Decrypt'], [operationsCmk.keyArn], through('dynamodb'));
  }
}

/**
 * Counts and reports of a day, which the usage record holds for a year: a table that is lost costs
 * a report that is sent twice. So it goes with the stack.
 */
function memoryOf(scope: Construct, id: string, environment: string, cmk: OperationsCmk): Table {
  return new Table(scope, id, {
    tableName: guardTableName(environment),
    partitionKey: { name: guardTable.id, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: guardTable.expires,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: cmk,
    removalPolicy: RemovalPolicy.DESTROY,
  });
}
