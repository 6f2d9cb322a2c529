import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { usageGroupName } from '../lambda/contract.ts';
import type { EnvironmentConfig } from './config.ts';
import type { OperationsCmk } from './encryption.ts';
import { subscribe } from './log-subscription.ts';

/** The usage record: a line for every use of every key, kept for a year. */
export class UsageRecord extends LogGroup {
  constructor(scope: Construct, id: string, environment: EnvironmentConfig, cmk: OperationsCmk) {
    super(scope, id, {
      logGroupName: usageGroupName(environment.name),
      retention: RetentionDays.ONE_YEAR,
      encryptionKey: cmk,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    subscribe(this, environment.logSubscription);
  }
}
