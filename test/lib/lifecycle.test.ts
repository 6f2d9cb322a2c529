import { describe, expect, it } from 'vitest';
import { resourcesOf, statementsIn, synthesize } from './synthesized.ts';

const template = synthesize();
const sweeper = resourcesOf(template, 'AWS::Lambda::Function').find(
  ({ Properties }) => Properties.FunctionName === 'amplitude-dev-lifecycle',
);
const itsArn = { 'Fn::GetAtt': [sweeper?.id, 'Arn'] };

describe('the sweep', () => {
  const [schedule] = resourcesOf(template, 'AWS::Scheduler::Schedule');

  it('starts every hour', () => {
    expect(schedule?.Properties).toMatchObject({
      Name: 'amplitude-dev-lifecycle',
      ScheduleExpression: 'rate(1 hour)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: itsArn, Input: '{"caller":"scheduler.amazonaws.com"}' },
    });
    expect(schedule?.Properties.State ?? 'ENABLED').toBe('ENABLED');
  });

  it('has time for every key of an environment', () => {
    expect(sweeper?.Properties.Timeout).toBe(900);
  });

  it('is never started so late that it meets the next one', () => {
    expect(schedule?.Properties.Target).toMatchObject({
      RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 1800 },
    });
    const invocation = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig').find(({ id }) =>
      id.startsWith('Lifecycle'),
    );
    expect(invocation?.Properties).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 1800,
    });
  });

  it('comes first when it is allowed everything', () => {
    expect(schedule?.DependsOn?.join()).toMatch(/LifecycleFunctionPermissions/);
  });

  it('is started by a role of this account that may do nothing else', () => {
    const role = resourcesOf(template, 'AWS::IAM::Role').find(({ id }) =>
      id.startsWith('LifecycleSchedulerRole'),
    );
    expect(schedule?.Properties.Target).toMatchObject({
      RoleArn: { 'Fn::GetAtt': [role?.id, 'Arn'] },
    });
    expect(statementsIn(role?.Properties.AssumeRolePolicyDocument)).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
    const invoke = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: itsArn };
    expect(role?.Properties.Policies).toMatchObject([{ PolicyDocument: { Statement: [invoke] } }]);
    expect(resourcesOf(template, 'AWS::IAM::Policy').map(({ id }) => id)).not.toContainEqual(
      expect.stringMatching(/^LifecycleScheduler/),
    );
  });
});
