import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AnyPrincipal,
  Effect,
  type PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import {
  ALL_PARTS,
  functionName,
  keyAlias,
  nounsOf,
  trailGroupName,
  usageGroupName,
} from '../lambda/contract.ts';
import { cmkReaders } from './cmk-readers.ts';
import type { Readers } from './readers.ts';

/** The CMK of the secrets and staged parameters: the one an emergency may disable. */
export class KeysCmk extends Key {
  constructor(scope: Construct, id: string, environment: string) {
    super(scope, id, {
      alias: keyAlias(environment),
      description: `Amplitude keys of environment ${environment}: secrets and staged parameters`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  /**
   * Parameter Store has no resource policies, so the CMK keeps staged keys from whoever may read
   * parameters and decrypt, or have KMS encrypt anew under a key of his own what Parameter Store
   * hands out without decryption. AWS services are spared: for them aws:PrincipalArn is absent, which
   * ArnNotEquals would match.
   * https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html
   */
  denyDecryptOfStagedKeys(environment: string, exemptRoleArns: readonly string[]) {
    const staged = `arn:${Aws.PARTITION}:ssm:${Aws.REGION}:${Aws.ACCOUNT_ID}:parameter/amplitude/${environment}/*`;
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'StagedKeysAreForTheFunctionsOnly',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['kms:Decrypt', 'kms:ReEncryptFrom'],
        resources: ['*'],
        conditions: {
          ArnNotEquals: { 'aws:PrincipalArn': exemptRoleArns },
          Bool: { 'aws:PrincipalIsAWSService': 'false' },
          StringLike: { 'kms:EncryptionContext:PARAMETER_ARN': staged },
        },
      }),
    );
  }

  /** `grants`: those of all keys. */
  admitReaders(environment: string, readers: Readers) {
    for (const statement of cmkReaders(environment, readers)) this.addToResourcePolicy(statement);
  }

  get document(): PolicyDocument {
    if (!this.policy) throw new Error(`The CMK ${this.node.path} has no policy of its own.`);
    return this.policy;
  }
}

/** The CMK of topic, queues, tables and logs: nothing disables it, so that alarms arrive in an emergency. */
export class OperationsCmk extends Key {
  constructor(scope: Construct, id: string, environment: string) {
    super(scope, id, {
      alias: `${keyAlias(environment)}/operations`,
      description: `Amplitude keys of environment ${environment}: notifications and logs`,
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.allowAlarmsAndEvents();
    this.allowLogs(environment);
  }

  /**
   * SnsAction gives CloudWatch no right to the topic's CMK, and its alarms would be lost. By the same
   * statement EventBridge sends to the access guard's queue.
   */
  private allowAlarmsAndEvents() {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsAndEventsReachTheTopic',
        principals: [
          new ServicePrincipal('cloudwatch.amazonaws.com'),
          new ServicePrincipal('events.amazonaws.com'),
        ],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        resources: ['*'],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    );
  }

  /**
   * Those of an access guard too where there is none: once it was taken out, they could no more be read.
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
   */
  private allowLogs(environment: string) {
    const { partition, region, account } = Stack.of(this);
    const logs = nounsOf(ALL_PARTS).map((noun) => `/aws/lambda/${functionName(environment, noun)}`);
    const groups = [...logs, trailGroupName(environment), usageGroupName(environment)].map(
      (group) => `arn:${partition}:logs:${region}:${account}:log-group:${group}`,
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LogsAreEncrypted',
        principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
        actions: [
          'kms:Encrypt',
          'kms:Decrypt',
          'kms:ReEncrypt*',
          'kms:GenerateDataKey*',
          'kms:DescribeKey',
        ],
        resources: ['*'],
        conditions: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': groups } },
      }),
    );
  }
}
