import {
  AccountRootPrincipal,
  type IRole,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { probeRoleName } from '../lambda/contract.ts';
import type { KeysCmk } from './encryption.ts';
import { secretArns, through } from './resource-names.ts';

export interface ProbeRoleProps {
  readonly environment: string;
  readonly cmk: KeysCmk;
  /** Who alone may take the role. */
  readonly emergencyRole: IRole;
}

/**
 * The role by which the emergency function tries a lockdown out: it may read the keys as a consumer
 * may, and no deny exempts it.
 */
export class ProbeRole extends Role {
  constructor(scope: Construct, id: string, { environment, cmk, emergencyRole }: ProbeRoleProps) {
    const read = new PolicyStatement({
      actions: ['secretsmanager:GetSecretValue'],
      resources: [secretArns(environment)],
    });
    const decrypt = new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [cmk.keyArn],
      conditions: through('secretsmanager'),
    });
    super(scope, id, {
      roleName: probeRoleName(environment),
      description: `Tries out whether reads of the Amplitude keys of ${environment} are denied`,
      // A role as principal would be refused while IAM doesn't know it everywhere yet.
      assumedBy: new AccountRootPrincipal().withConditions({
        ArnEquals: { 'aws:PrincipalArn': emergencyRole.roleArn },
      }),
      inlinePolicies: { Read: new PolicyDocument({ statements: [read, decrypt] }) },
    });
  }
}
