import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  GUARD_NOUN,
  guardTable,
  guardTableName,
  readerQuarantinedEvent,
  variable,
} from '../lambda/contract.ts';
import { AccessGuardFeed } from './access-guard-feed.ts';
import { acknowledgeMfaDevices } from './acknowledgements.ts';
import type { EnvironmentConfig, GuardConfig } from './config.ts';
import { COUNTRIES_PATH, CountriesLayer } from './countries-layer.ts';
import type { KeysCmk, OperationsCmk } from './encryption.ts';
import { rulesTold } from './guard-rules.ts';
import { allowAnnouncing } from './hand-over.ts';
import type { Notifications } from './notifications.ts';
import { allowQuarantinesItem, allowQuarantining } from './quarantine.ts';
import { through, userArns } from './resource-names.ts';
import { GUARD_THRESHOLDS } from './thresholds.ts';
import { UsageRecord } from './usage-record.ts';
import { WorkerFunction } from './worker-function.ts';

export interface AccessGuardProps {
  readonly environment: EnvironmentConfig;
  readonly config: GuardConfig;
  readonly keysCmk: KeysCmk;
  readonly operationsCmk: OperationsCmk;
  readonly notifications: Notifications;
  /** Asked what is known of the keys, since the guard may read none. */
  readonly inspect: WorkerFunction;
  /** Ends a quarantine before its time, and replaces a key where that is configured. */
  readonly emergency: WorkerFunction;
  /** Keeps the tags as they are to be. */
  readonly lifecycle: WorkerFunction;
  readonly breakGlass: IRole;
  /** The role by which CloudFormation changes the stack. */
  readonly deployRoleArn: string;
}

/** The function that records, judges and answers every use of a key, what feeds it, and what it remembers. */
export class AccessGuard extends Construct {
  readonly function: WorkerFunction;
  readonly usage: UsageRecord;
  private readonly table: Table;

  constructor(scope: Construct, id: string, props: AccessGuardProps) {
    super(scope, id);
    const { environment, operationsCmk, config } = props;
    this.usage = new UsageRecord(this, 'Usage', environment, operationsCmk);
    this.table = memoryOf(this, 'Memory', environment.name, operationsCmk);
    this.function = new WorkerFunction(this, 'Function', {
      ...props,
      noun: GUARD_NOUN,
      description:
        'Records who uses the Amplitude keys, reports what is suspicious, and answers a risk',
    });
    this.function.addEnvironment(variable.guardRules, rulesTold(config));
    this.function.addEnvironment(variable.deployRoleArn, props.deployRoleArn);
    props.emergency.addEnvironment(variable.guardRules, rulesTold(config));
    if (config.geoDatabase) this.addCountries(config.geoDatabase);
    this.function.addEnvironment(variable.breakGlassRoleArn, props.breakGlass.roleArn);
    this.grant(props);
    this.grantAnswer(props);
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
    worker.allow(['iam:ListMFADevices'], [userArns()]);
    acknowledgeMfaDevices(worker.permissions);
    // When the latest read was, and who is quarantined, is told by keyctl.
    inspect.allow(['dynamodb:GetItem'], [tableArn]);
    inspect.allow(['kms:Decrypt'], [operationsCmk.keyArn], through('dynamodb'));
  }

  /** What is done about a risk, as far as it is configured that anything is. */
  private grantAnswer(props: AccessGuardProps) {
    const { environment, operationsCmk, config, emergency, lifecycle } = props;
    const { tableArn } = this.table;
    // Also while the guard observes: a quarantine of before is released then for good.
    allowQuarantinesItem(emergency, tableArn, operationsCmk);
    if (config.answer === 'observe') return;
    for (const worker of [this.function, emergency, lifecycle]) {
      allowQuarantining(worker, environment.name);
    }
    allowQuarantinesItem(lifecycle, tableArn, operationsCmk);
    for (const worker of [this.function, lifecycle]) {
      allowAnnouncing(worker, readerQuarantinedEvent);
    }
    if (config.revokeAt === undefined) return;
    this.function.allow(['lambda:InvokeFunction'], [emergency.functionArn]);
  }

  private addCountries(path: string) {
    this.function.addLayers(new CountriesLayer(this, 'Countries', path));
    this.function.addEnvironment(variable.geoDatabase, COUNTRIES_PATH);
  }
}

/**
 * Counts and reports of a day, which the usage record holds for a year, what is usual for whom, and
 * quarantines of hours: a table that is lost costs a report that is sent twice, and days of learning.
 * So it goes with the stack.
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
