import { variable } from '../lambda/contract.ts';
import { acknowledgeLogQuery } from './acknowledgements.ts';
import type { EnvironmentConfig } from './config.ts';
import { logGroupArn } from './resource-names.ts';
import type { WorkerFunction } from './worker-function.ts';

/**
 * Lets a function run queries in CloudTrail's log group, where there is one, and in no other. What
 * knows no resources can't be narrowed by IAM; it answers names and events, no values.
 */
export function askTrailOf(
  asking: WorkerFunction,
  { cloudTrailLogGroup: group = '' }: EnvironmentConfig,
): void {
  asking.addEnvironment(variable.cloudTrailLogGroup, group);
  if (!group) return;
  asking.allow(['logs:StartQuery'], [logGroupArn(group)]);
  acknowledgeLogQuery(asking.permissions, group);
  asking.allow(['logs:GetQueryResults', 'logs:StopQuery'], ['*']);
}
