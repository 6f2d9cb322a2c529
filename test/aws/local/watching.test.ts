import {
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeSubscriptionFiltersCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect, it } from 'vitest';
import { deploy, query, remove, type Template } from './stack.ts';
import { describeOnLocalAws, type Suite } from './suite.ts';

const logGroupName = '/amplitude/dev/trail';

describeOnLocalAws("the local AWS's CloudFormation, of what watches,", (suite) => {
  it('makes alarms, also on an expression, a dashboard and a log subscription', async () => {
    await deploy(suite().aws, 'Watch', template({ threshold: 90, days: 365, pattern: 'ERROR' }));
    expect(await thresholds(suite())).toEqual({ expression: '90', metric: '90' });
    expect(await dashboard(suite())).toContain('threshold 90');
    expect(await filters(suite())).toMatchObject([{ filterName: 'elk', filterPattern: 'ERROR' }]);
  });

  it('changes them in place, and no line of the log group is lost', async () => {
    const { aws, logs } = suite();
    const stream = { logGroupName, logStreamName: 'lifecycle' };
    await logs.send(new CreateLogStreamCommand(stream));
    const logEvents = [{ timestamp: Date.now(), message: 'line' }];
    await logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    await deploy(aws, 'Watch', template({ threshold: 93, days: 731, pattern: 'WARN' }));
    expect(await thresholds(suite())).toEqual({ expression: '93', metric: '93' });
    expect(await dashboard(suite())).toContain('threshold 93');
    expect(await filters(suite())).toMatchObject([{ filterName: 'elk', filterPattern: 'WARN' }]);
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
    expect(logGroups).toMatchObject([{ logGroupName, retentionInDays: 731 }]);
    const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
    expect(events).toMatchObject([{ message: 'line' }]);
  });

  it('deletes them', async () => {
    const { aws, logs } = suite();
    await remove(aws, 'Watch');
    expect(await thresholds(suite())).toEqual({});
    await expect(dashboard(suite())).rejects.toThrow();
    expect((await logs.send(new DescribeLogGroupsCommand({}))).logGroups).toEqual([]);
  });
});

const cloudWatch = ({ aws }: Suite, input: Record<string, string>) =>
  query(aws, 'monitoring', { Version: '2010-08-01', ...input });

/** Of the alarms, by their names. */
async function thresholds(suite: Suite): Promise<Record<string, string>> {
  const answer = await cloudWatch(suite, { Action: 'DescribeAlarms' });
  const alarms = answer.matchAll(/<AlarmName>(.*?)<.*?<Threshold>(\d+)/gs);
  return Object.fromEntries([...alarms].map(([, name, threshold]) => [name, threshold]).sort());
}

const dashboard = (suite: Suite) =>
  cloudWatch(suite, { Action: 'GetDashboard', DashboardName: 'amplitude-dev' });

async function filters({ logs }: Suite) {
  const describe = new DescribeSubscriptionFiltersCommand({ logGroupName });
  return (await logs.send(describe)).subscriptionFilters;
}

interface Choices {
  readonly threshold: number;
  readonly days: number;
  readonly pattern: string;
}

function template({ threshold, days, pattern }: Choices): Template {
  const comparison = {
    ComparisonOperator: 'GreaterThanThreshold',
    EvaluationPeriods: 1,
    Threshold: threshold,
  };
  const metric = { Namespace: 'AmplitudeKeys', MetricName: 'DaysSinceRotation' };
  const age = { Id: 'age', MetricStat: { Metric: metric, Period: 3600, Stat: 'Maximum' } };
  const doubled = { Id: 'doubled', Expression: 'age * 2' };
  return {
    Resources: {
      Metric: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          AlarmName: 'metric',
          ...metric,
          Statistic: 'Maximum',
          Period: 3600,
          TreatMissingData: 'breaching',
          ...comparison,
        },
      },
      Expression: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: { AlarmName: 'expression', Metrics: [age, doubled], ...comparison },
      },
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          DashboardName: 'amplitude-dev',
          DashboardBody: JSON.stringify({ start: `threshold ${threshold}` }),
        },
      },
      Trail: {
        Type: 'AWS::Logs::LogGroup',
        Properties: { LogGroupName: logGroupName, RetentionInDays: days },
      },
      Subscription: {
        Type: 'AWS::Logs::SubscriptionFilter',
        Properties: {
          LogGroupName: { Ref: 'Trail' },
          FilterName: 'elk',
          FilterPattern: pattern,
          DestinationArn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/elk',
          RoleArn: 'arn:aws:iam::000000000000:role/logs',
        },
      },
    },
  };
}
