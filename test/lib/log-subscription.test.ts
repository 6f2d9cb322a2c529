import { expect, it } from 'vitest';
import { resourcesOf, synthesize } from './synthesized.ts';

const destinationArn = 'arn:aws:firehose:eu-west-1:111122223333:deliverystream/logs';
const roleArn = 'arn:aws:iam::111122223333:role/logs-to-firehose';
const filtersOf = (over: object) => resourcesOf(synthesize(over), 'AWS::Logs::SubscriptionFilter');

it('log lines go nowhere else by default', () => {
  expect(filtersOf({})).toEqual([]);
});

it('every line of the functions and of the audit trail goes to the configured stream', () => {
  const filters = filtersOf({ logSubscription: { destinationArn, roleArn } });
  const groups = resourcesOf(synthesize(), 'AWS::Logs::LogGroup').map(({ id }) => id);
  const subscribed = filters.map(
    ({ Properties }) => (Properties.LogGroupName as { Ref: string }).Ref,
  );
  expect(subscribed.toSorted()).toEqual(groups.toSorted());
  for (const { Properties } of filters) {
    expect(Properties).toMatchObject({
      FilterPattern: '',
      DestinationArn: destinationArn,
      RoleArn: roleArn,
    });
  }
});

it('a Lambda function needs no role', () => {
  const lambda = 'arn:aws:lambda:eu-west-1:111122223333:function:to-elastic';
  const filters = filtersOf({ logSubscription: { destinationArn: lambda } });
  expect(filters).toHaveLength(5);
  for (const { Properties } of filters) expect(Properties).not.toHaveProperty('RoleArn');
});
