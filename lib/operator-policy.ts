import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeListMappings } from './acknowledgements.ts';
import type { KeysCmk, OperationsCmk } from './encryption.ts';
import type { Relay } from './relay.ts';
import { relayStatements } from './relay-operators.ts';
import { secretArns, stagedParameterArns, through } from './resource-names.ts';
import type { Trail } from './trail.ts';
import type { WorkerFunction } from './worker-function.ts';

export interface OperatorPolicyProps {
  readonly environment: string;
  readonly cmk: KeysCmk;
  readonly operationsCmk: OperationsCmk;
  readonly rotation: WorkerFunction;
  readonly inspect: WorkerFunction;
  readonly trail: Trail;
  /** Where there is one. */
  readonly relay?: Relay | undefined;
}

/** What whoever hands in keys with `keyctl` needs, and no way to read one. */
export function operatorPolicy(scope: Construct, id: string, props: OperatorPolicyProps) {
  const { environment, cmk, operationsCmk, rotation, inspect, trail, relay } = props;
  const staged = [stagedParameterArns(environment)];
  const secrets = [secretArns(environment)];
  const allow = (actions: string[], resources: string[], conditions = {}) =>
    new PolicyStatement({ actions, resources, conditions });
  const policy = new ManagedPolicy(scope, id, {
    managedPolicyName: `AmplitudeKeys-${environment}-operator`,
    description: `Stage and rotate the Amplitude keys of ${environment}, without reading one`,
    statements: [
      // Never overwriting keeps a parameter what its name says: the key with that fingerprint.
      allow(['ssm:PutParameter'], staged, { StringEquals: { 'ssm:Overwrite': 'false' } }),
      allow(['ssm:DeleteParameter'], staged),
      allow(['kms:Encrypt', 'kms:GenerateDataKey'], [cmk.keyArn], through('ssm')),
      allow(['secretsmanager:DescribeSecret', 'secretsmanager:RotateSecret'], secrets),
      allow(['secretsmanager:UpdateSecretVersionStage'], secrets, {
        StringEquals: { 'secretsmanager:VersionStage': 'AWSPENDING' },
      }),
      allow(['logs:FilterLogEvents'], [trail.logGroupArn]),
      // RotateSecret asks it of its caller; the function itself checks every event with the service.
      allow(['lambda:InvokeFunction'], [rotation.functionArn, inspect.functionArn]),
      ...(relay ? relayStatements(relay, operationsCmk) : []),
    ],
  });
  if (relay) acknowledgeListMappings(policy);
  return policy;
}
