import { type Stack, Validations } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** cdk-nag's AwsSolutions findings that are meant, each with its reason; any other fails the synth. */
const acknowledge = (scope: Construct, finding: string, reason: string) =>
  Validations.of(scope).acknowledge({ id: `AwsSolutions-IAM5[Resource::${finding}]`, reason });

const arn = (service: string, resource: string) =>
  `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>:${resource}`;

/** Permissions end with the environment's prefix, since keys are added without touching a role. */
export function acknowledgeEnvironmentPrefix(stack: Stack, environment: string) {
  const reason = `Every key of environment ${environment}, present and future, and nothing else`;
  acknowledge(stack, arn('secretsmanager', `secret:amplitude/${environment}/*`), reason);
  acknowledge(stack, arn('ssm', `parameter/amplitude/${environment}/*`), reason);
}

export function acknowledgeListSecrets(scope: Construct) {
  acknowledge(scope, '*', 'secretsmanager:ListSecrets knows no resources; it answers names only');
}

export function acknowledgeSweep(scope: Construct) {
  const reason =
    'secretsmanager:ListSecrets, cloudtrail:LookupEvents, logs:GetQueryResults and logs:StopQuery know no resources; they answer names and events, no values';
  acknowledge(scope, '*', reason);
}

export function acknowledgeAssess(scope: Construct) {
  const reason =
    'secretsmanager:ListSecrets, cloudtrail:LookupEvents, logs:GetQueryResults and logs:StopQuery know no resources; they answer names and events, no values';
  acknowledge(scope, '*', reason);
}

export function acknowledgeLogQuery(scope: Construct, group: string) {
  acknowledge(
    scope,
    arn('logs', `log-group:${group}:*`),
    'The ARN of a log group ends so; it is this group and no other',
  );
}

export function acknowledgeListTasks(scope: Construct) {
  acknowledge(
    scope,
    '*',
    'ecs:ListTasks knows no services; a condition holds it to the configured clusters, and it answers task ids',
  );
}

export function acknowledgeTasks(scope: Construct, cluster: string) {
  acknowledge(
    scope,
    arn('ecs', `task/${cluster}/*`),
    `Tasks of cluster ${cluster} have random ids; DescribeTasks answers no secrets, and nothing of them is changed`,
  );
}

export function acknowledgeMfaDevices(scope: Construct) {
  acknowledge(
    scope,
    'arn:<AWS::Partition>:iam::<AWS::AccountId>:user/*',
    'Any user of the account may read a key; iam:ListMFADevices answers names of devices, no secrets',
  );
}

export function acknowledgeTracing(role: Role) {
  acknowledge(role, '*', 'X-Ray knows no resources for PutTraceSegments and PutTelemetryRecords');
}
