import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  TagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { call, deploy, type Template } from './stack.ts';
import { describeOnLocalAws, type Suite } from './suite.ts';

const SecretId = 'amplitude/dev/web';

describeOnLocalAws("the local AWS's CloudFormation", (suite) => {
  it('makes a secret whose Ref is its ARN, with its policy and its rotation schedule', async () => {
    const { secretsManager } = suite();
    const outputs = await deploy(suite().aws, 'Keys', template());
    const secret = await secretsManager.send(new DescribeSecretCommand({ SecretId }));
    expect(outputs.Secret).toBe(secret.ARN);
    expect(secret).toMatchObject({
      RotationEnabled: true,
      RotationLambdaARN: 'arn:aws:lambda:us-east-1:000000000000:function:rotation',
      RotationRules: { ScheduleExpression: 'rate(90 days)', Duration: '4h' },
      NextRotationDate: expect.any(Date),
    });
    expect(secret).not.toHaveProperty('LastRotatedDate');
    const policy = await secretsManager.send(new GetResourcePolicyCommand({ SecretId }));
    expect(JSON.parse(policy.ResourcePolicy ?? '')).toEqual({ Statement: [] });
  });

  it('tries the rotation function out without rotating', async () => {
    await eventually(async () => (await versions(suite())).length === 1);
    const read = new GetSecretValueCommand({ SecretId });
    expect((await suite().secretsManager.send(read)).SecretString).toBe('first');
  });

  it('leaves an e-mail subscription waiting for its confirmation', async () => {
    const TopicArn = 'arn:aws:sns:us-east-1:000000000000:notices';
    const listed = await suite().sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(listed.Subscriptions).toMatchObject([
      { Endpoint: 'a@example.com', SubscriptionArn: 'PendingConfirmation' },
    ]);
  });

  it('keeps the permission to rotate when the code changes', async () => {
    await deploy(suite().aws, 'Keys', template({ code: 'exports.handler = async () => "two";' }));
    const rotate = new RotateSecretCommand({ SecretId });
    await expect(suite().secretsManager.send(rotate)).resolves.toHaveProperty('VersionId');
  });

  it('writes an edited literal over the live value', async () => {
    await deploy(suite().aws, 'Keys', template({ value: 'edited' }));
    const read = new GetSecretValueCommand({ SecretId });
    expect((await suite().secretsManager.send(read)).SecretString).toBe('edited');
  });

  it("changes the template's own tags and keeps those of others", async () => {
    const { aws, secretsManager } = suite();
    await deploy(aws, 'Keys', template({ value: 'edited', tags: { owner: 'growth', kind: 'a' } }));
    const Tags = [{ Key: 'amplitude-note-reminded', Value: '7' }];
    await secretsManager.send(new TagResourceCommand({ SecretId, Tags }));
    await deploy(aws, 'Keys', template({ value: 'edited', tags: { owner: 'data' } }));
    const secret = await secretsManager.send(new DescribeSecretCommand({ SecretId }));
    expect(secret.Tags).toEqual([{ Key: 'owner', Value: 'data' }, ...Tags]);
  });

  it('leaves what waits in a queue there, and what fails in the queue for it', async () => {
    const { aws, sqs } = suite();
    const { Queue: QueueUrl } = await deploy(aws, 'Queues', queues(30));
    const read = async () => {
      const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
      return (await sqs.send(asked)).Attributes ?? {};
    };
    const redrive = JSON.parse((await read()).RedrivePolicy ?? '');
    expect(redrive).toEqual({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:failed',
      maxReceiveCount: 1000,
    });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'waits' }));
    await deploy(aws, 'Queues', queues(60));
    expect(await read()).toMatchObject({
      VisibilityTimeout: '60',
      ApproximateNumberOfMessages: '1',
      RedrivePolicy: JSON.stringify(redrive),
    });
  });

  it('fails a schedule whose function Secrets Manager may not invoke', async () => {
    const { Permission: _, ...Resources } = template().Resources;
    Resources.Schedule = { ...Resources.Schedule, DependsOn: [] };
    const failing = deploy(suite().aws, 'Unpermitted', { Resources });
    await expect(failing).rejects.toThrow('ROLLBACK_COMPLETE');
  });

  it('refuses to delete a protected stack', async () => {
    const { aws } = suite();
    const stack = { StackName: 'Keys' };
    await call(aws, 'UpdateTerminationProtection', {
      ...stack,
      EnableTerminationProtection: 'true',
    });
    await expect(call(aws, 'DeleteStack', stack)).rejects.toThrow(
      'Stack [Keys] cannot be deleted while TerminationProtection is enabled',
    );
  });
});

async function versions({ secretsManager }: Suite) {
  const { VersionIdsToStages = {} } = await secretsManager.send(
    new DescribeSecretCommand({ SecretId }),
  );
  return Object.keys(VersionIdsToStages);
}

const queues = (VisibilityTimeout: number): Template => ({
  Resources: {
    Failed: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'failed' } },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'waiting',
        VisibilityTimeout,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': ['Failed', 'Arn'] },
          maxReceiveCount: 1000,
        },
      },
    },
  },
  Outputs: { Queue: { Value: { Ref: 'Queue' } } },
});

interface Choices {
  readonly code?: string;
  readonly value?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

function template(choices: Choices = {}): Template {
  const { code = 'exports.handler = async () => {};', value = 'first', tags = {} } = choices;
  const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  const Secret = { Ref: 'Secret' };
  const rotation = { 'Fn::GetAtt': ['Function', 'Arn'] };
  return {
    Resources: {
      Secret: {
        Type: 'AWS::SecretsManager::Secret',
        Properties: { Name: SecretId, SecretString: value, Tags },
      },
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          FunctionName: 'rotation',
          Runtime: 'nodejs24.x',
          Handler: 'index.handler',
          Role: 'arn:aws:iam::000000000000:role/rotation',
          Code: { ZipFile: code },
        },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: {
          Action: 'lambda:InvokeFunction',
          FunctionName: rotation,
          Principal: 'secretsmanager.amazonaws.com',
        },
      },
      Policy: {
        Type: 'AWS::SecretsManager::ResourcePolicy',
        Properties: { SecretId: Secret, ResourcePolicy: { Statement: [] } },
      },
      Schedule: {
        Type: 'AWS::SecretsManager::RotationSchedule',
        DependsOn: ['Permission', 'Policy'],
        Properties: {
          SecretId: Secret,
          RotationLambdaARN: rotation,
          RotateImmediatelyOnUpdate: false,
          RotationRules: { ScheduleExpression: 'rate(90 days)', Duration: '4h' },
        },
      },
      Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'audit' } },
      Filter: {
        Type: 'AWS::Logs::MetricFilter',
        Properties: {
          LogGroupName: { Ref: 'Logs' },
          FilterPattern: 'ERROR',
          MetricTransformations: [
            { MetricName: 'errors', MetricNamespace: 'keys', MetricValue: '1' },
          ],
        },
      },
      Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'notices' } },
      Mail: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint: 'a@example.com' },
      },
    },
    Outputs: { Secret: { Value: Secret } },
  };
}
