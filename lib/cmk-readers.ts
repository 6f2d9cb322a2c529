import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { alike, type Grant, named, type Readers, strangers, together } from './readers.ts';
import { secretArns, through } from './resource-names.ts';

/**
 * Who decrypts secrets of the environment: Secrets Manager asks KMS in its reader's name. A grant's VPC
 * endpoint and organization are left to the secret's policy, since AWS doesn't promise their keys for
 * what a service asks in somebody's name. Everybody of an account is named by the condition, as in the
 * policies of the keys that AWS manages, so that in this account a grant is all that its reader needs of
 * KMS: what imports a secret by name, as CDK lets it, doesn't know the secret's CMK.
 * https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-caller-account
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
 */
export function cmkReaders(environment: string, readers: Readers): PolicyStatement[] {
  const ofSecrets = {
    StringLike: { 'kms:EncryptionContext:SecretARN': secretArns(environment) },
  };
  return [
    ...longest(readers.grants).map(
      ({ who, account, end }, index) =>
        new PolicyStatement({
          sid: `Granted${index + 1}`,
          principals: [new AnyPrincipal()],
          actions: ['kms:Decrypt'],
          resources: ['*'],
          conditions: together(
            who,
            { StringEquals: { 'kms:CallerAccount': account } },
            through('secretsmanager'),
            ofSecrets,
            end ? { DateLessThan: { 'aws:CurrentTime': end } } : {},
          ),
        }),
    ),
    ...strangers(readers).map(
      (conditions, index) =>
        new PolicyStatement({
          sid: `SecretsAreForGrantedReadersOnly${index || ''}`,
          effect: Effect.DENY,
          principals: [new AnyPrincipal()],
          actions: ['kms:Decrypt'],
          resources: ['*'],
          // For an AWS service aws:PrincipalArn is absent, which ArnNotEquals would match.
          conditions: together(conditions, ofSecrets, {
            Bool: { 'aws:PrincipalIsAWSService': 'false' },
          }),
        }),
    ),
  ];
}

/** One CMK for all secrets: of whom several grants name, the last to end counts. */
function longest(grants: readonly Grant[]) {
  const principals = alike(grants, ({ account, arn, tag }) => [account, arn, tag]);
  const lasting = principals.map((group) => {
    const ends = group.map(({ end }) => end).toSorted();
    // Without an end sorts last.
    return { ...(group[0] as Grant), end: ends.at(-1) };
  });
  return alike(lasting as Grant[], ({ account, end }) => [account, end]).flatMap((group) => {
    const [{ account, end }] = group as [Grant];
    return named(group).map((who) => ({ who, account, end }));
  });
}
