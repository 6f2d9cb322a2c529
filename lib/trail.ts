import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { trailGroupName } from '../lambda/contract.ts';
import type { OperationsCmk } from './encryption.ts';

/** The audit trail: a line for every transition of every key, kept for ten years. */
export class Trail extends LogGroup {
  constructor(scope: Construct, id: string, environment: string, cmk: OperationsCmk) {
    super(scope, id, {
      logGroupName: trailGroupName(environment),
      retention: RetentionDays.TEN_YEARS,
      encryptionKey: cmk,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}
