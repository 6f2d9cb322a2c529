import { RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnResourcePolicy, CfnSecret, type CfnSecretProps } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { relayDigestKeyName, relaySecretField, relayTokenName } from '../lambda/contract.ts';
import { acknowledgeNoRotation } from './acknowledgements.ts';
import type { OperationsCmk } from './encryption.ts';

/**
 * How the first value is made. Frozen: with another one of these CloudFormation would make a new value,
 * and a digest key that changes makes everybody somebody else.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html
 */
const generated = (field: string) => ({
  secretStringTemplate: '{}',
  generateStringKey: field,
  passwordLength: 64,
  excludePunctuation: true,
});

export interface RelaySecretsProps {
  readonly environment: string;
  readonly cmk: OperationsCmk;
  /** Roles that may read the key of the digests; no deny holds back whoever administers the secret. */
  readonly readDigestKey: readonly string[];
}

/**
 * The relay's own secrets: the token, which people paste into Dify and replace, and the key of user
 * ids' digests, which nobody may know and nothing replaces. Two, so that a new token can't lose the
 * other. Under the CMK that an emergency leaves alone: events are taken during one too.
 */
export class RelaySecrets extends Construct {
  readonly tokenArn: string;
  readonly digestKeyArn: string;

  constructor(scope: Construct, id: string, props: RelaySecretsProps) {
    super(scope, id);
    const { environment } = props;
    const token = this.secret('Token', props, {
      name: relayTokenName(environment),
      description: `Token of the relay of ${environment}; that before it is taken too`,
      generateSecretString: generated(relaySecretField.token),
    });
    acknowledgeNoRotation(token, 'People paste the token into Dify: npx keyctl relay token');
    const digestKey = this.secret('DigestKey', props, {
      name: relayDigestKeyName(environment),
      description: `Key of the digests of user ids of ${environment}; another makes other users`,
      generateSecretString: generated(relaySecretField.digestKey),
    });
    acknowledgeNoRotation(digestKey, 'With another key every user would be another one');
    new CfnResourcePolicy(this, 'DigestKeyPolicy', {
      secretId: digestKey.ref,
      blockPublicPolicy: true,
      resourcePolicy: readBy(props.readDigestKey),
    });
    this.tokenArn = token.ref;
    this.digestKeyArn = digestKey.ref;
  }

  private secret(
    id: string,
    { environment, cmk }: RelaySecretsProps,
    props: Pick<CfnSecretProps, 'name' | 'description' | 'generateSecretString'>,
  ): CfnSecret {
    const tags = [{ key: 'amplitude-relay', value: environment }];
    const secret = new CfnSecret(this, id, { ...props, kmsKeyId: cmk.keyArn, tags });
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    return secret;
  }
}

const readBy = (roleArns: readonly string[]) =>
  new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'NobodyElseReads',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['secretsmanager:GetSecretValue'],
        resources: ['*'],
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': [...roleArns] } },
      }),
    ],
  });
