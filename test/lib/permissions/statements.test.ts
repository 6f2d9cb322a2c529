import { describe, expect, it } from 'vitest';
import { ALL_PARTS, nounsOf } from '../../../lambda/contract.ts';
import { listOf, statementsOf } from '../../aws/policy/document.ts';
import { PLACE, type Resources, resolve } from '../../aws/policy/intrinsics.ts';
import { everyOption, type Statement, synthesize } from '../synthesized.ts';
import { documentsIn } from './documents.ts';

const template = (over: object = {}) => synthesize(over).toJSON() as { Resources: Resources };
const plain = template();
const full = template(everyOption);

/** Every statement of every policy, wherever it stands, as `type: what`. */
const told = (
  { Resources: resources }: { Resources: Resources },
  tell: (statement: ReturnType<typeof statementsOf>[number]) => readonly string[],
) => {
  const lines = documentsIn(resources).flatMap(({ type, document }) =>
    statementsOf(resolve(document, resources)).flatMap((one) =>
      tell(one).map((line) => `${type.replace(/^AWS::/, '')}: ${line}`),
    ),
  );
  return [...new Set(lines)].toSorted();
};

describe('no statement of any policy', () => {
  it('has a wildcard among its actions, but for these', () => {
    const wild = (all: Parameters<typeof told>[0]) =>
      told(all, ({ Action, Principal }) =>
        listOf(Action)
          .filter((action) => /[*?]/.test(action))
          .map((action) => `${action} for ${JSON.stringify(Principal)}`),
      );
    const account = `{"AWS":"arn:aws:iam::${PLACE.account}:root"}`;
    const logs = `{"Service":"logs.${PLACE.region}.amazonaws.com"}`;
    const expected = [
      // Without it IAM's policies wouldn't count, and nobody could administer the key.
      `KMS::Key: kms:* for ${account}`,
      // As AWS documents it for topics and logs: the kinds of data keys and of re-encryption.
      'KMS::Key: kms:GenerateDataKey* for {"Service":["cloudwatch.amazonaws.com","events.amazonaws.com"]}',
      `KMS::Key: kms:GenerateDataKey* for ${logs}`,
      `KMS::Key: kms:ReEncrypt* for ${logs}`,
    ];
    expect(wild(plain)).toEqual(expected.toSorted());
    // A deny, of what doesn't come by TLS.
    const queues = 'SQS::QueuePolicy: sqs:* for {"AWS":"*"}';
    expect(wild(full)).toEqual([...expected, queues].toSorted());
  });

  it('is about all resources, but for these, and for the policies that mean their own resource', () => {
    const all = (of: Parameters<typeof told>[0]) =>
      told(of, ({ Action, Resource }) => (listOf(Resource).includes('*') ? listOf(Action) : []))
        .filter((line) => !/^(KMS::Key|SecretsManager::ResourcePolicy): /.test(line))
        .map((line) => line.replace('IAM::Policy: ', ''));
    // They know no resources, and answer names and events.
    const listing = ['cloudtrail:LookupEvents', 'secretsmanager:ListSecrets'];
    expect(all(plain)).toEqual(listing);
    expect(all(full)).toEqual([
      // It answers which queue feeds which function; operators are told whether the relay is fed.
      'IAM::ManagedPolicy: lambda:ListEventSourceMappings',
      ...listing.slice(0, 1),
      // It knows no services; the cluster is a condition.
      'ecs:ListTasks',
      'lambda:ListEventSourceMappings',
      // A query is known by its id, and was started in one log group.
      'logs:GetQueryResults',
      'logs:StopQuery',
      ...listing.slice(1),
      // They know no resources, and only send.
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('has another wildcard among its resources than the ends of these names', () => {
    const wild = told(full, ({ Resource }) =>
      listOf(Resource).filter((arn) => arn !== '*' && /[*?]/.test(arn)),
    );
    const here = `${PLACE.region}:${PLACE.account}`;
    const groups = nounsOf(ALL_PARTS).map((noun) => `/aws/lambda/amplitude-dev-${noun}`);
    const names = [
      // Every key of the environment, present and future.
      `secretsmanager:${here}:secret:amplitude/dev/*`,
      `ssm:${here}:parameter/amplitude/dev/*`,
      // The ARN of a log group ends so, for its streams.
      ...[...groups, '/amplitude/dev/trail', '/amplitude/dev/usage', 'org/cloudtrail'].map(
        (group) => `logs:${here}:log-group:${group}:*`,
      ),
    ];
    const managed = names.filter((name) => /^s|trail:\*$/.test(name) && !name.includes('org/'));
    expect(wild).toEqual(
      [
        // The tasks of a cluster have random ids.
        `IAM::Policy: arn:aws:ecs:${here}:task/dify/*`,
        // Any user may read a key; of one it is asked whether he has an MFA device.
        `IAM::Policy: arn:aws:iam::${PLACE.account}:user/*`,
        ...managed.map((name) => `IAM::ManagedPolicy: arn:aws:${name}`),
        ...names.map((name) => `IAM::Policy: arn:aws:${name}`),
        `IAM::Role: arn:aws:${names[0]}`,
      ].toSorted(),
    );
  });

  it('names what it is not about, and none allows everybody anything', () => {
    for (const one of [plain, full]) {
      expect(JSON.stringify(one)).not.toMatch(/"Not(Action|Resource|Principal)"/);
      const open = told(one, ({ Effect, Principal, Condition }) =>
        Effect === 'Allow' && JSON.stringify(Principal)?.includes('"*"') && !isOfAccount(Condition)
          ? ['*']
          : [],
      );
      expect(open).toEqual([]);
    }
  });

  it('escapes this search: a planted one is found, on whatever resource', () => {
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }];
    const Bucket = { Type: 'AWS::S3::BucketPolicy', Properties: { PolicyDocument: { Statement } } };
    const planted = { Resources: { ...plain.Resources, Bucket } };
    const found = told(planted, ({ Action, Resource, Principal }) =>
      JSON.stringify([Action, Resource, Principal]) === '["s3:*","*","*"]' ? ['all'] : [],
    );
    expect(found).toEqual(['S3::BucketPolicy: all']);
  });
});

const breakGlassRoleArn = 'arn:aws:iam::111122223333:role/security/break-glass';

const ownBreakGlass = 'arn:aws:iam::111122223333:role/AmplitudeKeys-dev-break-glass';

const quarantining = template({ accessGuard: { answer: 'quarantine' } });
const QUARANTINED = ['Quarantined1', 'Quarantined2', 'Quarantined3', 'Quarantined4'];

describe.each([
  ["the stack's own break-glass role", plain, ownBreakGlass, []],
  ['a configured break-glass role', template({ breakGlassRoleArn }), breakGlassRoleArn, []],
  ['a guard that observes', template({ accessGuard: {} }), ownBreakGlass, []],
  ['a guard that quarantines', quarantining, ownBreakGlass, QUARANTINED],
])('with %s, a deny', (_, { Resources: resources }, breakGlass, quarantined) => {
  const denies = documentsIn(resources).flatMap(({ type, document }) =>
    statementsOf(resolve(document, resources))
      .filter(({ Effect }) => Effect === 'Deny')
      .map((statement) => ({ type, statement })),
  );
  const ofKeys = denies.filter(({ type }) => !/^AWS::(SNS|SQS)::/.test(type));
  const account = 'arn:aws:iam::111122223333:role';

  it('exempts the functions, the CloudFormation execution role and break-glass, and nobody else', () => {
    for (const { statement } of ofKeys) {
      const exempt = listOf(statement.Condition?.ArnNotEquals?.['aws:PrincipalArn']);
      const isOfStrangers = /^(OnlyGrantedReaders|SecretsAreFor)/.test(statement.Sid ?? '');
      expect(exempt.toSorted()).toEqual(
        [
          // It has no grant, and has to be denied by a lockdown and by nothing else.
          ...(isOfStrangers ? [`${account}/AmplitudeKeys-dev-probe`] : []),
          ...['rotation', 'lifecycle', 'inspect', 'emergency'].map(
            (noun) => `${account}/AmplitudeKeys-dev-${noun}`,
          ),
          `${account}/cdk-hnb659fds-cfn-exec-role-111122223333-eu-west-1`,
          breakGlass,
        ].toSorted(),
      );
    }
  });

  it('denies reads alone, never a policy or its administration, so that nobody is locked out', () => {
    const topic = denies.filter(({ type }) => type === 'AWS::SNS::TopicPolicy');
    const lines = [...ofKeys, ...topic].map(({ type, statement: { Sid, Action, Principal } }) => [
      type,
      Sid,
      Action,
      JSON.stringify(Principal),
    ]);
    const [secret, everybody] = ['AWS::SecretsManager::ResourcePolicy', '{"AWS":"*"}'];
    const get = 'secretsmanager:GetSecretValue';
    expect(lines).toEqual([
      [
        'AWS::KMS::Key',
        'StagedKeysAreForTheFunctionsOnly',
        ['kms:Decrypt', 'kms:ReEncryptFrom'],
        everybody,
      ],
      ['AWS::KMS::Key', 'SecretsAreForGrantedReadersOnly', 'kms:Decrypt', everybody],
      [secret, 'LockedDown', get, everybody],
      ...quarantined.map((sid) => [secret, sid, get, everybody]),
      [secret, 'ReadersNameNoVersionId', get, everybody],
      [secret, 'ReadersKeepToTheirStages', get, everybody],
      [secret, 'OnlyGrantedReaders', get, everybody],
      ['AWS::SNS::TopicPolicy', 'AllowPublishThroughSSLOnly', 'sns:Publish', '"*"'],
    ]);
  });

  it('of the CMK spares AWS services', () => {
    const ofCmk = ofKeys.filter(({ type }) => type === 'AWS::KMS::Key');
    expect(ofCmk).toHaveLength(2);
    for (const { statement } of ofCmk) {
      expect(statement.Condition?.Bool).toEqual({ 'aws:PrincipalIsAWSService': 'false' });
    }
  });
});

describe('with a consumer of each kind', () => {
  const { Resources: resources } = full;
  const statements = documentsIn(resources)
    .filter(({ type }) => /^AWS::(KMS::Key|SecretsManager)/.test(type))
    .flatMap(({ document }) => statementsOf(resolve(document, resources)));

  it('every deny of a read exempts the functions, the CloudFormation execution role and break-glass', () => {
    const denies = statements.filter(
      // The key of the relay's digests is no key of Amplitude's, and no function but one reads it.
      ({ Effect, Sid }) => Effect === 'Deny' && Sid !== 'NobodyElseReads',
    );
    expect(denies.length).toBeGreaterThan(12);
    for (const { Condition } of denies) {
      const exempt = listOf(Condition?.ArnNotEquals?.['aws:PrincipalArn']);
      expect(exempt).toContain(ownBreakGlass);
      expect(exempt).toContain(
        `arn:aws:iam::${PLACE.account}:role/cdk-hnb659fds-cfn-exec-role-${PLACE.account}-${PLACE.region}`,
      );
      const functions = exempt.filter((arn) =>
        /-dev-(rotation|lifecycle|inspect|emergency)$/.test(arn),
      );
      expect(functions).toHaveLength(4);
    }
  });

  it('no role is a principal: one that does not exist yet would be refused', () => {
    const principals = statements.map(({ Principal }) => JSON.stringify(Principal));
    expect(new Set(principals.filter((one) => one.includes('AWS')))).toEqual(
      new Set([
        '{"AWS":"*"}',
        `{"AWS":"arn:aws:iam::${PLACE.account}:root"}`,
        '{"AWS":"arn:aws:iam::444455556666:root"}',
      ]),
    );
  });

  it('every allow of a read is held to whom it names', () => {
    const allows = statements.filter(
      ({ Effect, Action }) =>
        Effect === 'Allow' && /^(secretsmanager:GetSecretValue|kms:Decrypt)$/.test(String(Action)),
    );
    expect(allows.length).toBeGreaterThan(7);
    for (const { Condition } of allows) {
      const by = [
        Condition?.ArnEquals?.['aws:PrincipalArn'],
        Condition?.StringEquals?.['aws:PrincipalTag/team'],
      ];
      expect(by.filter(Boolean)).toHaveLength(1);
    }
  });
});

/** Of one account, those whom its other conditions name. */
const isOfAccount = (condition: Statement['Condition']) =>
  condition?.StringEquals?.['kms:CallerAccount'] !== undefined &&
  JSON.stringify(condition).includes('aws:Principal');
