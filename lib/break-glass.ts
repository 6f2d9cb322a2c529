import { AccountRootPrincipal, type IRole, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { NOTE_TAG_PREFIX, tag } from '../lambda/contract.ts';
import type { EnvironmentConfig } from './config.ts';
import type { KeysCmk } from './encryption.ts';
import { QUARANTINE_TAG_KEYS } from './quarantine.ts';
import { onlyTags, secretArns, stagedParameterArns, through } from './resource-names.ts';

/** The role that no deny holds back: the configured one, or one that the account may assume with MFA. */
export function breakGlassRole(
  scope: Construct,
  id: string,
  environment: EnvironmentConfig,
): IRole {
  if (environment.breakGlassRoleArn) {
    return Role.fromRoleArn(scope, id, environment.breakGlassRoleArn, { mutable: false });
  }
  return new Role(scope, id, {
    roleName: `AmplitudeKeys-${environment.name}-break-glass`,
    description: `Last resort for the Amplitude keys of ${environment.name}: exempt from every deny`,
    assumedBy: new AccountRootPrincipal().withConditions({
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
    }),
  });
}

/** No effect on a configured role: whoever owns it decides what it may do. */
export function allowBreakGlass(
  role: IRole,
  { name: environment, accessGuard }: EnvironmentConfig,
  cmk: KeysCmk,
) {
  const allow = (actions: string[], resources: string[], conditions = {}) =>
    role.addToPrincipalPolicy(new PolicyStatement({ actions, resources, conditions }));
  allow(
    [
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecretVersionStage',
    ],
    [secretArns(environment)],
  );
  allow(['secretsmanager:TagResource'], [secretArns(environment)], onlyTags(tag.lockdown));
  // While the note is there, the hourly sweep puts the lockdown back.
  const lockdown = [tag.lockdown, `${NOTE_TAG_PREFIX}lockdown`];
  const quarantine = accessGuard ? QUARANTINE_TAG_KEYS : [];
  const liftable = onlyTags(...lockdown, ...quarantine);
  allow(['secretsmanager:UntagResource'], [secretArns(environment)], liftable);
  allow(['ssm:GetParametersByPath', 'ssm:DeleteParameter'], [stagedParameterArns(environment)]);
  allow(['kms:DescribeKey', 'kms:EnableKey'], [cmk.keyArn]);
  allow(['kms:Decrypt'], [cmk.keyArn], through('secretsmanager', 'ssm'));
  allow(['kms:GenerateDataKey'], [cmk.keyArn], through('secretsmanager'));
}
