import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { trailGroupName } from '../lambda/contract.ts';
import type { EnvironmentConfig } from './config.ts';
import type { OperationsCmk } from './encryption.ts';
import { subscribe } from './log-subscription.ts';

/** The audit trail: a line for every transition of every key, kept for ten years. */
export class Trail extends LogGroup {
  constructor(scope: Construct, id: string, environment: EnvironmentConfig, cmk: OperationsCmk) {
    super(scope, id, {
      logGroupName: trailGroupName(environment.name),
      retention: RetentionDays.TEN_YEARS,
      encryptionKey: cmk,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    subscribe(this, environment.logSubscription);
  }
}
