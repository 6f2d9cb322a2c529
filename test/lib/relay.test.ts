import { describe, expect, it } from 'vitest';
import {
  guardTableName,
  relayDigestKeyName,
  relaySecretField,
  relayTokenName,
  variable,
} from '../../lambda/contract.ts';
import { matches } from '../aws/event-pattern.ts';
import { everyOption, exampleKey, resourcesOf, statementsIn, synthesize } from './synthesized.ts';

const relay = { key: 'web', postedProperties: ['page'] };
const template = synthesize({ relay });
const full = synthesize(everyOption);
const all = (type: string, of = template) => resourcesOf(of, type);
const one = (type: string, property: string, value: string) => {
  const found = all(type).find(({ Properties }) => Properties[property] === value);
  if (!found) throw new Error(`There is no ${type} ${value}.`);
  return found;
};
const workerOf = (noun: string, of = template) =>
  resourcesOf(of, 'AWS::Lambda::Function').find(
    ({ Properties }) => Properties.FunctionName === `amplitude-dev-${noun}`,
  );
const arnOf = (resource: { readonly id: string } | undefined) => ({
  'Fn::GetAtt': [resource?.id, 'Arn'],
});
const operations = { 'Fn::GetAtt': [expect.stringMatching(/^OperationsCmk/), 'Arn'] };
function variablesOf(noun: string, of = template): Record<string, unknown> {
  const { Variables = {} } = (workerOf(noun, of)?.Properties.Environment ?? {}) as {
    Variables?: Record<string, unknown>;
  };
  return Variables;
}

const intake = workerOf('relay-intake');
const sender = workerOf('relay-sender');
const queue = one('AWS::SQS::Queue', 'QueueName', 'amplitude-dev-relay');
const failed = one('AWS::SQS::Queue', 'QueueName', 'amplitude-dev-relay-failed');

it('an environment without a relay has no word of it', () => {
  const text = JSON.stringify(synthesize({ accessGuard: {} }).toJSON());
  const others = text.replaceAll(/log-group:\/aws\/lambda\/amplitude-dev-relay-\w+/g, '');
  expect(others).not.toMatch(/relay/i);
});

describe('the address', () => {
  const api = one('AWS::ApiGatewayV2::Api', 'Name', 'amplitude-dev-relay');
  const stage = one('AWS::ApiGatewayV2::Stage', 'StageName', '$default');

  it('is an HTTP API, of one stage that is deployed by itself; the function has none of its own', () => {
    expect(api.Properties.ProtocolType).toBe('HTTP');
    expect(all('AWS::ApiGatewayV2::Stage')).toEqual([stage]);
    expect(stage.Properties.AutoDeploy).toBe(true);
    expect(all('AWS::Lambda::Url')).toEqual([]);
    expect(template.findOutputs('RelayUrl').RelayUrl?.Value).toEqual({
      'Fn::GetAtt': [api.id, 'ApiEndpoint'],
    });
  });

  it('has two routes and no other, both to the intake', () => {
    const [integration] = all('AWS::ApiGatewayV2::Integration');
    expect(integration?.Properties).toEqual({
      ApiId: { Ref: api.id },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: arnOf(intake),
      PayloadFormatVersion: '2.0',
    });
    const routes = all('AWS::ApiGatewayV2::Route').map(({ Properties }) => Properties);
    expect(routes.map(({ RouteKey }) => RouteKey)).toEqual(['POST /v1/traces', 'POST /v1/events']);
    for (const { Target, ApiId } of routes) {
      expect(ApiId).toEqual({ Ref: api.id });
      expect(JSON.stringify(Target)).toContain(integration?.id);
    }
  });

  it('may invoke the intake by these routes of this account alone', () => {
    const permissions = all('AWS::Lambda::Permission').filter(
      ({ Properties }) => Properties.Principal === 'apigateway.amazonaws.com',
    );
    const ends = permissions.map(({ Properties }) => {
      expect(Properties.FunctionName).toEqual(arnOf(intake));
      expect(Properties.SourceAccount).toEqual({ Ref: 'AWS::AccountId' });
      const [, parts] = (Properties.SourceArn as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
      expect(parts.at(-2)).toEqual({ Ref: api.id });
      return parts.at(-1);
    });
    expect(ends).toEqual(['/*/POST/v1/traces', '/*/POST/v1/events']);
  });

  it('answers 429 by no limit of its own: beyond its runs Lambda is throttled, which is a 5xx', () => {
    expect(stage.Properties).not.toHaveProperty('DefaultRouteSettings');
    expect(stage.Properties).not.toHaveProperty('RouteSettings');
    expect(intake?.Properties.ReservedConcurrentExecutions).toBe(50);
    expect(sender?.Properties).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it("logs of a request what its sender can't choose, in the log of the intake", () => {
    const { DestinationArn, Format } = stage.Properties.AccessLogSettings as {
      DestinationArn: unknown;
      Format: string;
    };
    const group = one(
      'AWS::Logs::LogGroup',
      'LogGroupName',
      '/aws/lambda/amplitude-dev-relay-intake',
    );
    expect(DestinationArn).toEqual(arnOf(group));
    expect(group.Properties).toMatchObject({ RetentionInDays: 365, KmsKeyId: operations });
    const fields = Object.values(JSON.parse(Format)) as string[];
    expect(fields.filter((text) => text.startsWith('$')).toSorted()).toEqual([
      '$context.identity.sourceIp',
      '$context.integrationStatus',
      '$context.requestId',
      '$context.requestTimeEpoch',
      '$context.responseLatency',
      '$context.routeKey',
      '$context.status',
    ]);
  });
});

describe('the secrets', () => {
  const secretNamed = (name: string) => one('AWS::SecretsManager::Secret', 'Name', name);

  it.each([
    [relayTokenName('dev'), relaySecretField.token],
    [relayDigestKeyName('dev'), relaySecretField.digestKey],
  ])('%s is made once: with other words CloudFormation would make another value', (name, field) => {
    const { Properties, DeletionPolicy, UpdateReplacePolicy } = secretNamed(name);
    expect(Properties.GenerateSecretString).toEqual({
      SecretStringTemplate: '{}',
      GenerateStringKey: field,
      PasswordLength: 64,
      ExcludePunctuation: true,
    });
    expect(Properties).not.toHaveProperty('SecretString');
    expect(Properties.KmsKeyId).toEqual(operations);
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
  });

  it('are outside the names of keys, which the sweep looks after', () => {
    for (const name of [relayTokenName('dev'), relayDigestKeyName('dev')]) {
      expect(name).toMatch(/^amplitude-relay\/dev\//);
    }
  });

  it('of the digests has a policy that keeps everybody else from reading it', () => {
    const policies = all('AWS::SecretsManager::ResourcePolicy').filter(
      ({ Properties }) =>
        (Properties.SecretId as { Ref: string }).Ref === secretNamed(relayDigestKeyName('dev')).id,
    );
    expect(policies).toHaveLength(1);
    const [statement, ...others] = statementsIn(policies[0]?.Properties.ResourcePolicy);
    expect(others).toEqual([]);
    expect(statement).toMatchObject({
      Effect: 'Deny',
      Action: 'secretsmanager:GetSecretValue',
      Principal: { AWS: '*' },
    });
    const exempt = JSON.stringify(statement?.Condition?.ArnNotEquals?.['aws:PrincipalArn']);
    expect(exempt).toMatch(/AmplitudeKeys-dev-relay-intake.*cfn-exec-role.*BreakGlass/);
    expect(policies[0]?.Properties.BlockPublicPolicy).toBe(true);
  });
});

describe('the queues', () => {
  it('are encrypted by the CMK that no emergency disables, and keep what is in them for 14 days', () => {
    for (const { Properties } of [queue, failed]) {
      expect(Properties).toMatchObject({
        KmsMasterKeyId: operations,
        MessageRetentionPeriod: 14 * 86_400,
      });
    }
  });

  it('hold an event back for 10 s, hide it for six runs and the window, and burn no tries', () => {
    expect(queue.Properties).toMatchObject({
      DelaySeconds: 10,
      VisibilityTimeout: 6 * Number(sender?.Properties.Timeout) + 5,
      RedrivePolicy: { deadLetterTargetArn: arnOf(failed), maxReceiveCount: 1_000 },
    });
  });

  it('feed the sender a thousand at a time, after five seconds at most, each failing alone', () => {
    const mappings = all('AWS::Lambda::EventSourceMapping');
    expect(mappings).toMatchObject([
      {
        Properties: {
          EventSourceArn: arnOf(queue),
          FunctionName: { Ref: sender?.id },
          BatchSize: 1_000,
          MaximumBatchingWindowInSeconds: 5,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: 5 },
        },
        DependsOn: [expect.stringMatching(/^RelaySenderFunctionPermissions/)],
      },
    ]);
    // A deploy that named it would enable a mapping again that the sender disabled.
    expect(mappings[0]?.Properties).not.toHaveProperty('Enabled');
  });
});

describe('the sender is woken', () => {
  const rules = all('AWS::Events::Rule');
  const [rule] = rules;
  const rotated = (detail: object, over: object = {}) => ({
    source: 'amplitude-keys',
    'detail-type': 'Amplitude Key Rotated',
    detail: { environment: 'dev', key: 'web', fingerprint: '0123456789ab', ...detail },
    ...over,
  });

  it('by a rotation of its key, and by no other event', () => {
    expect(rules).toHaveLength(1);
    expect(rule?.Properties.Targets).toEqual([{ Id: 'Sender', Arn: arnOf(sender) }]);
    const sees = (event: object) => matches(rule?.Properties.EventPattern, event);
    expect(sees(rotated({}))).toBe(true);
    expect(sees(rotated({ key: 'api' }))).toBe(false);
    expect(sees(rotated({ environment: 'prod' }))).toBe(false);
    expect(sees(rotated({}, { source: 'aws.secretsmanager' }))).toBe(false);
    expect(sees(rotated({}, { 'detail-type': 'Amplitude Reader Quarantined' }))).toBe(false);
  });

  it('by that rule alone, of this account', () => {
    const permission = all('AWS::Lambda::Permission').find(
      ({ Properties }) => Properties.Principal === 'events.amazonaws.com',
    );
    expect(permission?.Properties).toMatchObject({
      FunctionName: arnOf(sender),
      SourceArn: arnOf(rule),
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
  });

  it('every quarter of an hour, once it is allowed everything', () => {
    const schedule = one('AWS::Scheduler::Schedule', 'Name', 'amplitude-dev-relay-sender');
    expect(schedule.Properties).toMatchObject({
      ScheduleExpression: 'rate(15 minutes)',
      Target: { Arn: arnOf(sender), Input: '{"action":"wake"}' },
    });
    expect(schedule.DependsOn?.join()).toMatch(
      /RelaySenderFeedPermissions\w+,RelaySenderFunctionPermissions/,
    );
    const invocation = all('AWS::Lambda::EventInvokeConfig').find(({ id }) =>
      id.startsWith('RelaySender'),
    );
    expect(invocation?.Properties).toMatchObject({
      MaximumRetryAttempts: 2,
      MaximumEventAgeInSeconds: 900,
    });
  });
});

describe('the functions are told', () => {
  const defaults = {
    key: 'web',
    userIds: 'plain',
    eventTypes: { workflow: 'workflow_executed', chat: 'workflow_executed' },
    postedProperties: ['page'],
    deniedRanges: [],
  };

  it('the settings, each the same', () => {
    const told = variablesOf('relay-intake')[variable.relay];
    expect(JSON.parse(String(told))).toMatchObject(defaults);
    expect(variablesOf('relay-sender')[variable.relay]).toBe(told);
  });

  it('the queue that each puts into', () => {
    expect(variablesOf('relay-intake')[variable.relayQueueUrl]).toEqual({ Ref: queue.id });
    expect(variablesOf('relay-sender')[variable.relayFailedQueueUrl]).toEqual({ Ref: failed.id });
    expect(variablesOf('relay-intake')).not.toHaveProperty(variable.relayFailedQueueUrl);
    expect(variablesOf('relay-sender')).not.toHaveProperty(variable.relayQueueUrl);
  });

  it('where there is an access guard, its denied ranges, and the intake where it keeps quarantines', () => {
    expect(variablesOf('relay-intake')).not.toHaveProperty(variable.guardTable);
    const told = variablesOf('relay-intake', full);
    expect(JSON.parse(String(told[variable.relay])).deniedRanges).toEqual(['198.51.100.0/24']);
    expect(told[variable.guardTable]).toBe(guardTableName('dev'));
    expect(variablesOf('relay-sender', full)).not.toHaveProperty(variable.guardTable);
  });
});

describe('the sender reads its key as a consumer', () => {
  const keys = { web: exampleKey, api: exampleKey };
  const both = synthesize({ relay, keys });
  const secretOf = (name: string) =>
    resourcesOf(both, 'AWS::SecretsManager::Secret').find(
      ({ Properties }) => Properties.Name === `amplitude/dev/${name}`,
    );
  const role = 'role/AmplitudeKeys-dev-relay-sender';

  it('by a tag of the secret and a grant of its policy, and no other key', () => {
    const [web, api] = ['web', 'api'].map((name) =>
      JSON.stringify(secretOf(name)?.Properties.Tags),
    );
    expect(web).toContain('amplitude-consumer-1');
    expect(web).toContain(role);
    expect(api).not.toContain('amplitude-consumer-');
    const policies = resourcesOf(both, 'AWS::SecretsManager::ResourcePolicy');
    const [ofWeb, ofApi] = ['web', 'api'].map((name) =>
      policies.find(
        ({ Properties }) => (Properties.SecretId as { Ref: string }).Ref === secretOf(name)?.id,
      ),
    );
    expect(JSON.stringify(ofWeb)).toContain(role);
    expect(JSON.stringify(ofApi)).not.toContain(role);
  });

  it('after the consumers that the configuration names, whose tags stay what they are', () => {
    const consumers = [{ role: 'arn:aws:iam::111122223333:role/web', purpose: 'events' }];
    const web = synthesize({ relay, keys: { web: { ...exampleKey, consumers } } });
    const tags = resourcesOf(web, 'AWS::SecretsManager::Secret')
      .flatMap(({ Properties }) => Properties.Tags as { Key: string; Value: unknown }[])
      .filter(({ Key }) => Key.startsWith('amplitude-consumer-'));
    expect(tags.map(({ Key }) => Key)).toEqual(['amplitude-consumer-1', 'amplitude-consumer-2']);
    expect(tags[0]?.Value).toBe(consumers[0]?.role);
  });
});

it('the table is encrypted and recoverable, forgets by itself, and goes with the stack', () => {
  expect(all('AWS::DynamoDB::Table')).toMatchObject([
    {
      Properties: {
        TableName: 'amplitude-dev-relay',
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { KMSMasterKeyId: operations, SSEEnabled: true, SSEType: 'KMS' },
      },
      DeletionPolicy: 'Delete',
    },
  ]);
});

it('a deploy prints where the token is, and not what it is', () => {
  const { Value } =
    synthesize({ relay, region: 'eu-west-1' }).findOutputs('RelayToken').RelayToken ?? {};
  expect(Value).toBe(
    'aws secretsmanager get-secret-value --secret-id amplitude-relay/dev/token --region eu-west-1 --query SecretString --output text | jq -r .token',
  );
});
