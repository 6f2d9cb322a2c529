import { describe, expect, it } from 'vitest';
import { actionsOf, resourcesOf, statementsIn, statementsOf, synthesize } from './synthesized.ts';

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

describe('the lifecycle function', () => {
  const statements = statementsOf(template, 'LifecycleFunction');
  const allowing = (action: string) =>
    statements.filter(({ Action }) => [Action].flat().includes(action));

  it('is allowed what it calls', () => {
    expect(actionsOf(statements)).toEqual([
      'cloudtrail:LookupEvents',
      'kms:Decrypt',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:GenerateDataKey',
      'kms:GetKeyRotationStatus',
      'lambda:InvokeFunction',
      'logs:CreateLogStream',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'logs:PutLogEvents',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:ListSecrets',
      'secretsmanager:RotateSecret',
      'secretsmanager:TagResource',
      'secretsmanager:UntagResource',
      'secretsmanager:UpdateSecretVersionStage',
      'sns:ListSubscriptionsByTopic',
      'sns:Publish',
      'ssm:GetParametersByPath',
    ]);
  });

  it('tags a secret with its notes only: no setting, and no lockdown', () => {
    const [tags] = allowing('secretsmanager:TagResource');
    expect(tags?.Action).toEqual(['secretsmanager:TagResource', 'secretsmanager:UntagResource']);
    expect(tags?.Condition).toEqual({
      'ForAllValues:StringLike': { 'aws:TagKeys': 'amplitude-note-*' },
      Null: { 'aws:TagKeys': 'false' },
    });
  });

  it('invokes the rotation function as RotateSecret asks, and emergency for a lockdown that was lost', () => {
    const functions = allowing('lambda:InvokeFunction').flatMap(({ Resource }) => Resource);
    expect(functions).toEqual([
      { 'Fn::GetAtt': [expect.stringMatching(/^RotationFunction/), 'Arn'] },
      { 'Fn::GetAtt': [expect.stringMatching(/^EmergencyFunction/), 'Arn'] },
    ]);
  });

  it('writes to its own log and to the audit trail', () => {
    const groups = allowing('logs:PutLogEvents').map(({ Resource }) => JSON.stringify(Resource));
    expect(groups).toHaveLength(2);
    expect(groups).toContainEqual(expect.stringContaining('LifecycleFunctionLogs'));
    expect(groups).toContainEqual(expect.stringContaining('"Trail'));
  });
});
