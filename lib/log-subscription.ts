import { CfnSubscriptionFilter, type LogGroup } from 'aws-cdk-lib/aws-logs';
import type { LogSubscriptionValues } from './environment-values.ts';

/** Sends every line of a log group on, where a subscription is configured. */
export function subscribe(logGroup: LogGroup, subscription?: LogSubscriptionValues) {
  if (!subscription) return;
  new CfnSubscriptionFilter(logGroup, 'Subscription', {
    logGroupName: logGroup.logGroupName,
    filterPattern: '',
    ...subscription,
  });
}
