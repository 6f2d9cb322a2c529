import { usageGroupName, variable } from '../lambda/contract.ts';
import { acknowledgeLogQuery } from './acknowledgements.ts';
import type { EnvironmentConfig } from './config.ts';
import { rulesTold } from './guard-rules.ts';
import { logGroupArn } from './resource-names.ts';
import type { WorkerFunction } from './worker-function.ts';

/**
 * Lets a function run queries in CloudTrail's log group, where there is one, or else in the usage
 * record of an access guard, and in no other. What knows no resources can't be narrowed by IAM; it
 * answers names and events, no values.
 */
export function askTrailOf(asking: WorkerFunction, environment: EnvironmentConfig): void {
  const { name, cloudTrailLogGroup = '', accessGuard } = environment;
  asking.addEnvironment(variable.cloudTrailLogGroup, cloudTrailLogGroup);
  asking.addEnvironment(variable.guardRules, accessGuard ? rulesTold(accessGuard) : '');
  const group = cloudTrailLogGroup || (accessGuard ? usageGroupName(name) : '');
  if (!group) return;
  asking.allow(['logs:StartQuery'], [logGroupArn(group)]);
  acknowledgeLogQuery(asking.permissions, group);
  asking.allow(['logs:GetQueryResults', 'logs:StopQuery'], ['*']);
}
