import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import type { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, CfnRotationSchedule, CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { PLACEHOLDER, secretName, tag } from '../lambda/contract.ts';
import type { KeyConfig } from './config.ts';
import type { ValidConsumer } from './config-schema.ts';
import type { KeysCmk } from './encryption.ts';
import { endOf, principalOf } from './grants.ts';
import { type Quarantining, readerPolicy } from './reader-policy.ts';
import type { Readers } from './readers.ts';
import type { Rotation } from './rotation.ts';

export interface ManagedKeyProps extends Quarantining {
  readonly environment: string;
  readonly key: KeyConfig;
  readonly cmk: KeysCmk;
  readonly rotation: Rotation;
  /** Length of the daily window in which Secrets Manager starts a rotation that is due. */
  readonly rotationWindowHours: number;
  /** By the grants of this key. */
  readonly readers: Readers;
}

/** One Amplitude key: its secret, who may read it, and its rotation schedule. */
export class ManagedKey extends Construct {
  readonly secretArn: string;
  readonly policy: PolicyDocument;

  constructor(scope: Construct, id: string, props: ManagedKeyProps) {
    super(scope, id);
    const { environment, key, cmk, rotation } = props;
    const secret = new CfnSecret(this, 'Secret', {
      name: secretName(environment, key.name),
      description: key.purpose,
      kmsKeyId: cmk.keyArn,
      secretString: PLACEHOLDER,
      tags: tagsOf(environment, key),
    });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    this.secretArn = secret.ref;
    this.policy = readerPolicy(props.readers, props);
    const policy = new CfnResourcePolicy(this, 'ReaderPolicy', {
      secretId: secret.ref,
      blockPublicPolicy: true,
      resourcePolicy: this.policy,
    });
    const schedule = new CfnRotationSchedule(this, 'Schedule', {
      secretId: secret.ref,
      rotationLambdaArn: rotation.function.functionArn,
      rotateImmediatelyOnUpdate: false,
      rotationRules: {
        scheduleExpression: `rate(${key.rotateEveryDays} days)`,
        duration: `${props.rotationWindowHours}h`,
      },
    });
    // Secrets Manager tries the function out at once: it must be allowed everything by then.
    schedule.node.addDependency(rotation.permission, rotation.function.permissions, cmk, policy);
  }
}

function tagsOf(environment: string, key: KeyConfig) {
  const tags: Record<string, string> = {
    [tag.environment]: environment,
    [tag.key]: key.name,
    [tag.kind]: key.kind,
    [tag.audience]: key.audience,
    [tag.owner]: key.owner,
    [tag.verification]: key.verification,
    [tag.retainPreviousDays]: String(key.retainPreviousDays),
    [tag.rotateEveryDays]: String(key.rotateEveryDays),
    [tag.standby]: key.standby,
    [tag.sensitivity]: key.sensitivity,
    ...(key.pairedWith ? { [tag.pairedWith]: key.pairedWith } : {}),
    ...Object.assign({}, ...key.consumers.map(consumerTags)),
  };
  return Object.entries(tags).map(([name, value]) => ({ key: name, value }));
}

function consumerTags(consumer: ValidConsumer, index: number): Record<string, string> {
  const number = index + 1;
  const end = endOf(consumer);
  const { ecsService } = consumer;
  return {
    [tag.consumer(number)]: principalOf(consumer, Aws.PARTITION),
    ...(end ? { [tag.consumerExpires(number)]: end.toISOString() } : {}),
    ...(ecsService
      ? { [tag.consumerEcs(number)]: `${ecsService.cluster}/${ecsService.service}` }
      : {}),
  };
}
