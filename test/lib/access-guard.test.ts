import { describe, expect, it } from 'vitest';
import {
  CMK_CHANGES,
  SECRET_CHANGES,
  TAG_CHANGES,
  TRAIL_CHANGES,
} from '../../lambda/domain/trail-event.ts';
import { readGuardRules } from '../../lambda/guard-settings.ts';
import { matches } from '../aws/event-pattern.ts';
import { authorize, type Principal } from '../aws/policy/authorize.ts';
import type { Context } from '../aws/policy/conditions.ts';
import { arnOf, PLACE, type Resources, resolve } from '../aws/policy/intrinsics.ts';
import { GUARD_RULES } from '../lambda/guard-rules.ts';
import { accountOf, everyOption, resourcesOf, statementsIn, synthesize } from './synthesized.ts';

const accessGuard = { allowedRanges: ['203.0.113.0/24'], mostReads: 20 };
const template = synthesize({ accessGuard });
const without = synthesize();
const { Resources: resources } = template.toJSON() as { Resources: Resources };
const all = (type: string) => resourcesOf(template, type);
const operations = { 'Fn::GetAtt': [expect.stringMatching(/^OperationsCmk/), 'Arn'] };
const queueNamed = (name: string) =>
  all('AWS::SQS::Queue').find(({ Properties }) => Properties.QueueName === name);
const queue = queueNamed('amplitude-dev-access-guard');
const failed = queueNamed('amplitude-dev-access-guard-failed');
const rules = all('AWS::Events::Rule');
const worker = all('AWS::Lambda::Function').find(
  ({ Properties }) => Properties.FunctionName === 'amplitude-dev-access-guard',
);

describe('an environment without a guard', () => {
  it.each([
    'AWS::SQS::Queue',
    'AWS::SQS::QueuePolicy',
    'AWS::Events::Rule',
    'AWS::DynamoDB::Table',
    'AWS::Lambda::EventSourceMapping',
  ])('has no %s', (type) => {
    expect(resourcesOf(without, type)).toEqual([]);
  });

  it('has the four functions alone, and no word of the guard elsewhere', () => {
    expect(resourcesOf(without, 'AWS::Lambda::Function')).toHaveLength(4);
    const { Resources: all } = without.toJSON() as { Resources: Resources };
    const others = Object.entries(all).filter(([id]) => !id.startsWith('OperationsCmk'));
    const text = JSON.stringify(others);
    expect(text).not.toMatch(/access-guard|\/usage|Guard[A-Z]/);
    expect(text).toContain('"GUARD_RULES":""');
  });
});

describe('the patterns', () => {
  const patterns = rules.map(({ Properties }) => resolve(Properties.EventPattern, resources));
  const sees = (event: object) => patterns.filter((pattern) => matches(pattern, event)).length;
  const call = (service: string, eventName: string, detail: object) => ({
    source: `aws.${service}`,
    'detail-type': 'AWS API Call via CloudTrail',
    detail: { eventSource: `${service}.amazonaws.com`, eventName, ...detail },
  });
  const onSecret = (secretId: string, eventName = 'GetSecretValue') =>
    call('secretsmanager', eventName, { requestParameters: { secretId } });
  const arn = `arn:aws:secretsmanager:${PLACE.region}:${PLACE.account}:secret:amplitude/dev/web`;

  it('have one wildcard, for the words of a refusal: EventBridge takes no pattern of many', () => {
    expect(JSON.stringify(patterns).match(/"wildcard":"[^"]+"/g)).toEqual([
      '"wildcard":"*amplitude/dev/*"',
    ]);
  });

  it('are two, and see read-only events: GetSecretValue is one', () => {
    expect(rules.map(({ Properties }) => Properties.State)).toEqual([
      'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
    ]);
  });

  it.each(['amplitude/dev/web', arn, `${arn}-AbCdEf`])('see a read of %s', (secretId) => {
    expect(sees(onSecret(secretId))).toBe(1);
  });

  it('see a denied read whose parameters CloudTrail leaves out', () => {
    const errorMessage = `User: arn:aws:sts::111122223333:assumed-role/admin/eve is not authorized to perform: secretsmanager:GetSecretValue on resource: ${arn}-AbCdEf with an explicit deny`;
    const detail = { errorCode: 'AccessDenied', errorMessage, requestParameters: null };
    expect(sees(call('secretsmanager', 'GetSecretValue', detail))).toBe(1);
  });

  it.each([
    'amplitude/prod/web',
    'amplitude/dev2/web',
    'other-amplitude/dev/web',
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:x/amplitude/dev/web-AbCdEf',
    `arn:aws:secretsmanager:${PLACE.region}:999999999999:secret:amplitude/dev/web-AbCdEf`,
    `arn:aws:secretsmanager:eu-central-1:${PLACE.account}:secret:amplitude/dev/web-AbCdEf`,
    'arn:aws:secretsmanager:eu-west-1:111122223333:secret:amplitude/devel/web',
  ])('pass over %s', (secretId) => {
    expect(sees(onSecret(secretId))).toBe(0);
  });

  it.each([...SECRET_CHANGES, ...TAG_CHANGES, 'ACallOfTomorrow'])(
    'see %s of a secret',
    (eventName) => {
      expect(sees(onSecret('amplitude/dev/web', eventName))).toBe(1);
    },
  );

  it('see DescribeSecret of a secret: who describes and then reads looks for keys', () => {
    expect(sees(onSecret('amplitude/dev/web', 'DescribeSecret'))).toBe(1);
    expect(sees(onSecret('amplitude/prod/web', 'DescribeSecret'))).toBe(0);
  });

  it.each(['GetResourcePolicy', 'ListSecretVersionIds', 'ValidateResourcePolicy'])(
    'pass over %s, which tells no value',
    (eventName) => {
      expect(sees(onSecret('amplitude/dev/web', eventName))).toBe(0);
    },
  );

  const cmk = all('AWS::KMS::Key').find(({ id }) => id.startsWith('KeysCmk'));
  const keyArn = arnOf(cmk?.id ?? '', resources);

  it.each([...CMK_CHANGES, 'CancelKeyDeletion'])(
    'see %s of the CMK by id and by ARN, and of no other key',
    (eventName) => {
      const seen = [keyArn, keyArn.split('/')[1], `${keyArn}x`].map((keyId) =>
        sees(call('kms', eventName, { requestParameters: { keyId } })),
      );
      expect(seen).toEqual([1, 1, 0]);
    },
  );

  it('pass over the decrypts, of which every read is one', () => {
    const requestParameters = { keyId: keyArn, encryptionContext: { SecretARN: arn } };
    expect(sees(call('kms', 'Decrypt', { requestParameters }))).toBe(0);
  });

  it.each([
    ['secretsmanager', 'ListSecrets'],
    ['cloudtrail', 'UpdateTrail'],
    ['cloudtrail', 'PutInsightSelectors'],
    ...TRAIL_CHANGES.map((name) => ['cloudtrail', name] as const),
  ] as const)('see what names no secret: %s:%s', (service, eventName) => {
    expect(sees(call(service, eventName, { requestParameters: null }))).toBe(1);
  });

  it('see sign-ins to the console', () => {
    const signIn = { ...call('signin', 'ConsoleLogin', { requestParameters: null }) };
    expect(sees({ ...signIn, 'detail-type': 'AWS Console Sign In via CloudTrail' })).toBe(1);
    expect(sees(call('signin', 'CheckMfa', {}))).toBe(0);
  });

  it('send to the queue, and what it refuses to the queue of failed events', () => {
    for (const { Properties } of rules) {
      expect(Properties.Targets).toEqual([
        {
          Id: 'Queue',
          Arn: { 'Fn::GetAtt': [queue?.id, 'Arn'] },
          DeadLetterConfig: { Arn: { 'Fn::GetAtt': [failed?.id, 'Arn'] } },
        },
      ]);
    }
  });
});

describe('the queues', () => {
  it('are encrypted with the CMK that no emergency disables, and EventBridge may use it', () => {
    for (const one of [queue, failed]) {
      expect(one?.Properties.KmsMasterKeyId).toEqual(operations);
    }
    const policies = all('AWS::KMS::Key')
      .filter(({ id }) => id.startsWith('OperationsCmk'))
      .flatMap(({ Properties }) => statementsIn(Properties.KeyPolicy));
    expect(policies.find(({ Sid }) => Sid === 'AlarmsAndEventsReachTheTopic')).toMatchObject({
      Principal: { Service: expect.arrayContaining(['events.amazonaws.com']) },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    });
  });

  it('hide a message for six runs and the window, try it ten times, and keep it for 14 days then', () => {
    const timeout = Number(worker?.Properties.Timeout);
    expect(queue?.Properties).toMatchObject({
      VisibilityTimeout: 6 * timeout + 5,
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': [failed?.id, 'Arn'] },
        maxReceiveCount: 10,
      },
    });
    expect(failed?.Properties.MessageRetentionPeriod).toBe(14 * 86_400);
  });

  it('feed the function a hundred at a time, after five seconds at most, each failing alone', () => {
    expect(all('AWS::Lambda::EventSourceMapping')).toMatchObject([
      {
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': [queue?.id, 'Arn'] },
          FunctionName: { Ref: worker?.id },
          BatchSize: 100,
          MaximumBatchingWindowInSeconds: 5,
          FunctionResponseTypes: ['ReportBatchItemFailures'],
          ScalingConfig: { MaximumConcurrency: 5 },
        },
        DependsOn: [expect.stringMatching(/^AccessGuardFunctionPermissions/)],
      },
    ]);
  });
});

describe('whoever sends an event', () => {
  const { roles } = accountOf(template);
  const { account } = PLACE;
  const [keys = ''] = rules.map(({ id }) => arnOf(id, resources));
  const policies = all('AWS::SQS::QueuePolicy').map(({ Properties }) => {
    const [{ Ref: id } = { Ref: '' }] = Properties.Queues as { Ref: string }[];
    return {
      resource: arnOf(id, resources),
      policy: resolve(Properties.PolicyDocument, resources),
    };
  });
  const service: Principal = { kind: 'service', id: 'events.amazonaws.com', account, policies: [] };
  const allow = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
  const id = `arn:aws:iam::${account}:role/admin`;
  const administrator: Principal = { kind: 'identity', id, account, policies: [allow] };
  const role = (name: string) => {
    const found = roles.find((one) => one.name === name);
    if (!found) throw new Error(`There is no role ${name}.`);
    return found;
  };
  const does = (action: string, who: Principal, context: Context = {}) =>
    policies.map(({ resource, policy }) => {
      const absent = { 'aws:SourceArn': undefined, 'aws:SecureTransport': 'true' };
      const asked = { action, resource, context: { ...absent, ...context } };
      return authorize(who, asked, { account, policy });
    });
  const sends = (who: Principal, context: Context = {}) => does('sqs:SendMessage', who, context);
  const queueArns = [queue, failed].map((one) => arnOf(one?.id ?? '', resources));
  /** Answers of the queue, then of the one of failed events. */
  const takes = (action: string, who: Principal) => {
    const answers = does(action, who);
    return queueArns.map((arn) => answers[policies.findIndex(({ resource }) => resource === arn)]);
  };

  it('is EventBridge, for one of the two rules', () => {
    expect(sends(service, { 'aws:SourceArn': keys })).toEqual(['allowed', 'allowed']);
    expect(sends(service, { 'aws:SourceArn': `${keys}-forged` })).toEqual(both('explicit deny'));
    expect(sends(service)).toEqual(both('explicit deny'));
  });

  it('is no administrator, nor the guard itself: nobody forges an event', () => {
    expect(sends(administrator)).toEqual(both('explicit deny'));
    expect(sends(role('access-guard'))).toEqual(both('explicit deny'));
  });

  it('is break-glass, which sends again what failed, and only by TLS', () => {
    const breakGlass = role('break-glass');
    const [failedArn, queueArn] = [failed, queue].map((one) => arnOf(one?.id ?? '', resources));
    expect(policies.map(({ resource }) => resource).toSorted()).toEqual(
      [queueArn, failedArn].toSorted(),
    );
    const answers = Object.fromEntries(
      sends(breakGlass).map((answer, at) => [policies[at]?.resource, answer]),
    );
    expect(answers).toEqual({
      [String(queueArn)]: 'allowed',
      [String(failedArn)]: 'implicit deny',
    });
    expect(sends(breakGlass, { 'aws:SecureTransport': 'false' })).toEqual(both('explicit deny'));
  });

  it.each(['ReceiveMessage', 'DeleteMessage', 'PurgeQueue', 'ChangeMessageVisibility'])(
    'takes none away by %s, nor does an administrator',
    (action) => {
      expect(takes(`sqs:${action}`, administrator)).toEqual(both('explicit deny'));
      expect(takes(`sqs:${action}`, service)).toEqual(both('explicit deny'));
    },
  );

  it('leaves it to the guard, and what failed to break-glass', () => {
    for (const action of ['sqs:ReceiveMessage', 'sqs:DeleteMessage']) {
      expect(takes(action, role('access-guard'))).toEqual(['allowed', 'explicit deny']);
      expect(takes(action, role('break-glass'))).toEqual(['explicit deny', 'allowed']);
    }
    expect(takes('sqs:DeleteQueue', administrator)).toEqual(both('allowed'));
  });

  const both = (answer: string) => [answer, answer];
});

describe('the usage record', () => {
  const usage = all('AWS::Logs::LogGroup').find(
    ({ Properties }) => Properties.LogGroupName === '/amplitude/dev/usage',
  );

  it('is kept for a year, encrypted, and stays when the stack goes', () => {
    expect(usage?.Properties).toMatchObject({ RetentionInDays: 365, KmsKeyId: operations });
    expect([usage?.DeletionPolicy, usage?.UpdateReplacePolicy]).toEqual([
      'RetainExceptOnCreate',
      'Retain',
    ]);
  });

  it('goes to the SIEM as every other log does', () => {
    const full = synthesize(everyOption);
    const groups = resourcesOf(full, 'AWS::Logs::LogGroup').map(({ id }) => id);
    const subscribed = resourcesOf(full, 'AWS::Logs::SubscriptionFilter').map(
      ({ Properties }) => (Properties.LogGroupName as { Ref: string }).Ref,
    );
    expect(subscribed.toSorted()).toEqual(groups.toSorted());
  });

  it('and the log of the function can be read once the guard was taken out: the CMK lets them be', () => {
    const groupsOf = (one: typeof template) =>
      resourcesOf(one, 'AWS::KMS::Key')
        .flatMap(({ Properties }) => statementsIn(Properties.KeyPolicy))
        .filter(({ Sid }) => Sid === 'LogsAreEncrypted')
        .flatMap(({ Condition }) => Condition?.ArnEquals?.['kms:EncryptionContext:aws:logs:arn'])
        .map((group) => /log-group:([^"]+)/.exec(JSON.stringify(group))?.[1]);
    const groups = ['rotation', 'lifecycle', 'inspect', 'emergency', 'access-guard'].map(
      (noun) => `/aws/lambda/amplitude-dev-${noun}`,
    );
    expect(groupsOf(without)).toEqual([...groups, '/amplitude/dev/trail', '/amplitude/dev/usage']);
    expect(groupsOf(template)).toEqual(groupsOf(without));
  });
});

it('the table is encrypted and recoverable, forgets by itself, and goes with the stack', () => {
  expect(all('AWS::DynamoDB::Table')).toMatchObject([
    {
      Properties: {
        TableName: 'amplitude-dev-access-guard',
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

describe('the rules', () => {
  const variablesOf = (from: typeof template, noun: string) => {
    const one = resourcesOf(from, 'AWS::Lambda::Function').find(
      ({ Properties }) => Properties.FunctionName === `amplitude-dev-${noun}`,
    );
    const environment = one?.Properties.Environment as { Variables: Record<string, unknown> };
    return environment.Variables;
  };
  const full = synthesize(everyOption);

  it('are told the guard, who deploys besides, and whoever asks what it remembers', () => {
    const its = variablesOf(template, 'access-guard');
    expect(JSON.parse(String(its.GUARD_RULES))).toEqual({
      ...GUARD_RULES,
      allowedRanges: ['203.0.113.0/24'],
      mostReads: 20,
    });
    expect(JSON.stringify(its.DEPLOY_ROLE_ARN)).toContain(':role/cdk-hnb659fds-cfn-exec-role-');
    expect(its.BREAK_GLASS_ROLE_ARN).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^BreakGlass/), 'Arn'],
    });
    for (const noun of ['inspect', 'lifecycle', 'emergency']) {
      expect(variablesOf(template, noun).GUARD_RULES).toBe(its.GUARD_RULES);
      expect(variablesOf(template, noun)).not.toHaveProperty('DEPLOY_ROLE_ARN');
    }
    expect(variablesOf(template, 'rotation')).not.toHaveProperty('GUARD_RULES');
  });

  it('are those that the functions read, all of them', () => {
    const told = variablesOf(full, 'access-guard');
    const rules = readGuardRules(told as NodeJS.ProcessEnv);
    expect(rules).toEqual(JSON.parse(String(told.GUARD_RULES)));
    expect(rules).toMatchObject({ answer: 'quarantine', revokeAt: 95 });
  });

  it('have no path of the desk where the stack was made: the database is a layer', () => {
    const told = variablesOf(full, 'access-guard');
    expect(told.GEO_DATABASE).toBe('/opt/countries.mmdb');
    expect(told.GUARD_RULES).not.toContain('mmdb');
    const layers = resourcesOf(full, 'AWS::Lambda::LayerVersion');
    expect(layers).toHaveLength(1);
    const owners = resourcesOf(full, 'AWS::Lambda::Function').filter(({ Properties }) =>
      JSON.stringify(Properties.Layers ?? []).includes(layers[0]?.id ?? ''),
    );
    expect(owners.map(({ Properties }) => Properties.FunctionName)).toEqual([
      'amplitude-dev-access-guard',
    ]);
    expect(owners[0]?.Properties.Layers).toHaveLength(2);
    expect(variablesOf(template, 'access-guard')).not.toHaveProperty('GEO_DATABASE');
    expect(resourcesOf(template, 'AWS::Lambda::LayerVersion')).toEqual([]);
  });
});

it('no deny on a key exempts the guard: it reads none', () => {
  const policies = all('AWS::SecretsManager::ResourcePolicy').map((one) => JSON.stringify(one));
  const cmk = all('AWS::KMS::Key').find(({ id }) => id.startsWith('KeysCmk'));
  for (const policy of [...policies, JSON.stringify(cmk)]) {
    expect(policy).toContain('RotationFunctionRole');
    expect(policy).not.toContain('AccessGuardFunctionRole');
  }
});

describe('an alarm rises', () => {
  const alarm = (name: string) =>
    all('AWS::CloudWatch::Alarm').find(
      ({ Properties }) => Properties.AlarmName === `AmplitudeKeys-dev-${name}`,
    )?.Properties;

  it('GuardBlind when three hours brought no read, by silence too', () => {
    expect(alarm('GuardBlind')).toMatchObject({
      Namespace: 'AmplitudeKeys',
      MetricName: 'GuardReadsSeen',
      Dimensions: [
        { Name: 'environment', Value: 'dev' },
        { Name: 'service', Value: 'amplitude-access-guard' },
      ],
      Statistic: 'Sum',
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      Period: 3600,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 3,
      TreatMissingData: 'breaching',
      AlarmDescription: expect.stringContaining('Runbook: README, "The access guard is blind".'),
    });
  });

  it('GuardEventsFailed when an event waits among the failed', () => {
    expect(alarm('GuardEventsFailed')).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: 'amplitude-dev-access-guard-failed' }],
      Statistic: 'Maximum',
      Threshold: 0,
      TreatMissingData: 'notBreaching',
      AlarmDescription: expect.stringContaining('"Events of the access guard failed".'),
    });
  });

  it("when the function errs or is slow, as the others'; and there are four more than without", () => {
    expect(alarm('AccessGuardErrors')).toMatchObject({ MetricName: 'Errors', Threshold: 0 });
    expect(alarm('AccessGuardSlow')).toMatchObject({ MetricName: 'Duration', Threshold: 48_000 });
    const count = (one: typeof template) => resourcesOf(one, 'AWS::CloudWatch::Alarm').length;
    expect(count(template)).toBe(count(without) + 4);
  });
});
