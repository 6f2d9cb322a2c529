import {
  AccountRootPrincipal,
  type ManagedPolicy,
  PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { EnvironmentConfig } from './config.ts';
import type { WorkerFunction } from './worker-function.ts';

export interface ResponderRoleProps {
  readonly environment: EnvironmentConfig;
  /** What a responder may do as an operator may. */
  readonly operators: ManagedPolicy;
  readonly emergency: WorkerFunction;
}

/**
 * The role by which people act in an emergency. Its sessions carry a source identity, since an
 * invocation itself tells nothing of its caller.
 */
export class ResponderRole extends Role {
  constructor(scope: Construct, id: string, props: ResponderRoleProps) {
    const { environment, operators, emergency } = props;
    const { name, responder } = environment;
    const conditions = {
      Null: { 'sts:SourceIdentity': 'false' },
      ...(responder.requireMfa ? { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } : {}),
    };
    const invoke = new PolicyStatement({
      actions: ['lambda:InvokeFunction'],
      resources: [emergency.functionArn],
    });
    super(scope, id, {
      roleName: `AmplitudeKeys-${name}-responder`,
      description: `Revokes and locks down the Amplitude keys of ${name}, without reading one`,
      assumedBy: new AccountRootPrincipal().withConditions(conditions),
      managedPolicies: [operators],
      inlinePolicies: { Act: new PolicyDocument({ statements: [invoke] }) },
    });
    this.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        principals: [new AccountRootPrincipal()],
        actions: ['sts:SetSourceIdentity'],
        conditions,
      }),
    );
  }
}
