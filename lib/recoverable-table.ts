import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { guardTable } from '../lambda/contract.ts';
import type { OperationsCmk } from './encryption.ts';

/** What functions remember for a while: it forgets by itself, can be recovered, and goes with the stack. */
export class RecoverableTable extends Table {
  constructor(scope: Construct, id: string, tableName: string, cmk: OperationsCmk) {
    super(scope, id, {
      tableName,
      partitionKey: { name: guardTable.id, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: guardTable.expires,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: cmk,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }
}
