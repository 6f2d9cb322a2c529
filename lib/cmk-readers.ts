import { Aws } from 'aws-cdk-lib';
import { AccountPrincipal, AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { alike, type Grant, named, type Readers, strangers, together } from './readers.ts';
import { secretArns, through } from './resource-names.ts';

/**
 * Who decrypts secrets of the environment: Secrets Manager asks KMS in its reader's name. A grant's VPC
 * endpoint and organization are left to the secret's policy, since AWS doesn't promise their keys for
 * what a service asks in somebody's name.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_forward_access_sessions.html
 */
export function cmkReaders(environment: string, readers: Readers): PolicyStatement[] {
  const ofSecrets = {
    StringLike: { 'kms:EncryptionContext:SecretARN': secretArns(environment) },
  };
  return [
    ...abroad(readers.grants).map(
      ({ who, account, end }, index) =>
        new PolicyStatement({
          sid: `GrantedAbroad${index + 1}`,
          principals: [new AccountPrincipal(account)],
          actions: ['kms:Decrypt'],
          resources: ['*'],
          conditions: together(
            who,
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

/** The stack's own account needs none: the CMK leaves its principals to their own policies. */
function abroad(grants: readonly Grant[]) {
  const others = grants.filter(({ account }) => account !== Aws.ACCOUNT_ID);
  const principals = alike(others, ({ account, arn, tag }) => [account, arn, tag]);
  const longest = principals.map((group) => {
    const ends = group.map(({ end }) => end).toSorted();
    // Without an end sorts last.
    return { ...(group[0] as Grant), end: ends.at(-1) };
  });
  return alike(longest as Grant[], ({ account, end }) => [account, end]).flatMap((group) => {
    const [{ account, end }] = group as [Grant];
    return named(group).map((who) => ({ who, account, end }));
  });
}
