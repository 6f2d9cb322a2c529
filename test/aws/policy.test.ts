import { describe, expect, it } from 'vitest';
import { readerPolicy } from '../../lib/reader-policy.ts';
import { authorize, isDenied, type Owned, type Principal } from './policy/authorize.ts';
import { type Context, meets } from './policy/conditions.ts';
import type { Conditions } from './policy/document.ts';
import { resolve } from './policy/intrinsics.ts';
import { isArnLike, isLike } from './policy/pattern.ts';

const account = '123456789012';
const root = `arn:aws:iam::${account}:root`;
const who = (name: string, ...policies: object[]): Principal => ({
  kind: 'identity',
  id: `arn:aws:iam::${account}:user/${name}`,
  account,
  policies: policies.map((Statement) => ({ Version: '2012-10-17', Statement })),
});
const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
const decide = (
  principal: Principal,
  [action, resource]: readonly [string, string],
  owned: Partial<Owned> = {},
  context: Context = {},
) => authorize(principal, { action, resource, context }, { account, ...owned });

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html */
describe("AWS's example of an identity's and a bucket's policy", () => {
  const buckets = 'arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar';
  const carlos = who(
    'carlossalazar',
    {
      Effect: 'Allow',
      Action: ['s3:GetBucketLocation', 's3:ListAllMyBuckets'],
      Resource: 'arn:aws:s3:::*',
    },
    { Effect: 'Allow', Action: 's3:*', Resource: [`${buckets}/*`, buckets] },
    { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::*log*' },
  );
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: carlos.id },
        Action: 's3:*',
        Resource: [`${buckets}-logs`, `${buckets}-logs/*`, 'arn:aws:s3:::other/*'],
      },
    ],
  };

  it.each([
    ['his own bucket, by his policy', `${buckets}/photo`, 'allowed'],
    ["another, by the bucket's policy alone", 'arn:aws:s3:::other/photo', 'allowed'],
    [
      'the bucket of logs, which one policy allows and the other denies',
      `${buckets}-logs/x`,
      'explicit deny',
    ],
    ['a bucket that no policy names', 'arn:aws:s3:::stranger/x', 'implicit deny'],
  ])('decides of %s', (_, resource, decision) => {
    expect(decide(carlos, ['s3:PutObject', resource], { policy })).toBe(decision);
  });
});

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
describe('of a KMS key', () => {
  const use = ['kms:Decrypt', `arn:aws:kms:us-east-1:${account}:key/1`] as const;
  const keyPolicy = (Principal: unknown, more = {}): Partial<Owned> => ({
    policy: { Statement: { Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*', ...more } },
    needsPolicy: true,
  });
  const admin = who('admin', allow);

  it("IAM's policies count where the key's own lets the account decide, and else not", () => {
    expect(decide(admin, use, keyPolicy({ AWS: root }))).toBe('allowed');
    expect(decide(who('nobody'), use, keyPolicy({ AWS: root }))).toBe('implicit deny');
    expect(decide(admin, use, keyPolicy({ AWS: who('other').id }))).toBe('implicit deny');
    expect(decide(admin, use, { needsPolicy: true })).toBe('implicit deny');
  });

  it("whom the key's policy names itself needs no policy of IAM", () => {
    expect(decide(who('user'), use, keyPolicy({ AWS: who('user').id }))).toBe('allowed');
  });

  it("the account's root user needs the key's policy too, and nothing for other resources", () => {
    const owner: Principal = { ...who('root'), kind: 'root', id: root };
    expect(decide(owner, use, keyPolicy({ AWS: root }))).toBe('allowed');
    expect(decide(owner, use, keyPolicy({ AWS: who('other').id }))).toBe('implicit deny');
    expect(decide(owner, ['s3:GetObject', 'arn:aws:s3:::bucket/x'])).toBe('allowed');
  });

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html */
  it('another account needs both policies', () => {
    const stranger = (...policies: object[]) => ({
      ...who('stranger', ...policies),
      id: 'arn:aws:iam::999999999999:role/stranger',
      account: '999999999999',
    });
    const open = keyPolicy({ AWS: 'arn:aws:iam::999999999999:root' });
    expect(decide(stranger(allow), use, open)).toBe('allowed');
    expect(decide(stranger(), use, open)).toBe('implicit deny');
    expect(decide(stranger(allow), use, keyPolicy({ AWS: root }))).toBe('implicit deny');
  });

  it('an AWS service is allowed what names it, and is spared a deny that spares services', () => {
    const service: Principal = { kind: 'service', id: 'logs.amazonaws.com', account, policies: [] };
    const named = keyPolicy({ Service: 'logs.amazonaws.com' });
    expect(decide(service, use, named)).toBe('allowed');
    expect(decide(service, use, keyPolicy({ AWS: root }))).toBe('implicit deny');
    const deny = {
      Statement: {
        Effect: 'Deny',
        Principal: '*',
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': [`${root}`] } },
      },
    };
    const asked = { action: use[0], resource: use[1], context: {} };
    expect(isDenied(deny, service, asked)).toBe(true);
    Object.assign(deny.Statement.Condition, { Bool: { 'aws:PrincipalIsAWSService': 'false' } });
    expect(isDenied(deny, service, asked)).toBe(false);
    expect(isDenied(deny, admin, asked)).toBe(true);
  });
});

it('a service control policy denies what the account allows', () => {
  const scp = { Statement: { Effect: 'Deny', Action: 's3:*', Resource: 'arn:aws:s3:::a/*' } };
  const admin = who('admin', allow);
  expect(decide(admin, ['s3:GetObject', 'arn:aws:s3:::a/1'], { controls: [scp] })).toBe(
    'explicit deny',
  );
  expect(decide(admin, ['s3:GetObject', 'arn:aws:s3:::b/1'], { controls: [scp] })).toBe('allowed');
});

describe('conditions', () => {
  const names = ['key1*', 'key2*'];
  it.each<[string, Conditions[string], Context[string], boolean]>([
    /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition_examples-multi-valued-context-keys.html */
    ['ForAllValues:StringNotLike', { k: 'key1*' }, ['key1:legal'], false],
    ['ForAllValues:StringNotLike', { k: 'key1*' }, ['key1:hr', 'key1:personnel'], false],
    ['ForAllValues:StringNotLike', { k: 'key1*' }, ['key2:audit'], true],
    ['ForAllValues:StringNotLike', { k: 'key1*' }, undefined, true],
    ['ForAllValues:StringLike', { k: names }, ['key1:a', 'key2:b'], true],
    ['ForAllValues:StringLike', { k: names }, ['key1:a', 'key3:b'], false],
    ['ForAllValues:StringEquals', { k: 'a' }, undefined, true],
    ['ForAnyValue:StringEquals', { k: 'a' }, ['b', 'a'], true],
    ['ForAnyValue:StringEquals', { k: 'a' }, ['b'], false],
    ['ForAnyValue:StringEquals', { k: 'a' }, undefined, false],
    ['ForAnyValue:StringNotEquals', { k: 'a' }, ['a', 'b'], true],
    /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
    ['StringEquals', { k: ['a', 'b'] }, 'b', true],
    ['StringEquals', { k: 'a' }, undefined, false],
    ['StringEquals', { K: 'a' }, 'A', false],
    ['StringNotEquals', { k: ['a', 'b'] }, 'b', false],
    ['StringNotEquals', { k: 'a' }, undefined, true],
    ['StringNotLike', { k: names }, 'key1:a', false],
    ['StringEqualsIfExists', { k: 'a' }, undefined, true],
    ['StringEqualsIfExists', { k: 'a' }, 'b', false],
    ['Null', { k: 'true' }, undefined, true],
    ['Null', { k: 'false' }, undefined, false],
    ['Null', { k: 'false' }, ['a'], true],
    ['Bool', { k: 'true' }, 'True', true],
    ['Bool', { k: 'true' }, undefined, false],
    ['BoolIfExists', { k: 'true' }, undefined, true],
    ['DateLessThan', { k: '2027-01-31T00:00:00Z' }, '2027-01-30T23:59:59Z', true],
    ['DateLessThan', { k: '2027-01-31T00:00:00Z' }, '2027-01-31T00:00:00Z', false],
    ['DateLessThan', { k: '2027-01-31T00:00:00Z' }, undefined, false],
    ['DateGreaterThanEquals', { k: '2027-01-31T00:00:00Z' }, '2027-01-31T00:00:00Z', true],
    ['DateGreaterThanEquals', { k: '2027-01-31T00:00:00Z' }, '2027-01-30T23:59:59Z', false],
    ['ArnEquals', { k: 'arn:aws:sns:*:1:t' }, 'arn:aws:sns:eu-west-1:1:t', true],
    ['ArnLike', { k: 'arn:aws:sns:*:2:t' }, 'arn:aws:sns:eu-west-1:1:t', false],
    ['ArnNotLike', { k: 'arn:aws:iam::1:role/a*' }, 'arn:aws:iam::1:role/app', false],
    ['ArnNotEquals', { k: 'arn:aws:iam::1:role/a' }, undefined, true],
  ])('%s %j meets %j: %s', (operator, keys, given, met) => {
    expect(meets({ [operator]: keys }, { k: given })).toBe(met);
  });

  it('must all be met', () => {
    const conditions = { StringEquals: { a: '1', b: '2' }, Bool: { c: 'true' } };
    expect(meets(conditions, { a: '1', b: '2', c: 'true' })).toBe(true);
    expect(meets(conditions, { a: '1', b: '2', c: 'false' })).toBe(false);
    expect(meets(conditions, { a: '1', b: '3', c: 'true' })).toBe(false);
  });

  it('know keys by the beginning of their names', () => {
    const context = { 'aws:ResourceTag/a': '1', 'aws:ResourceTag/*': undefined };
    expect(meets({ StringEquals: { 'aws:resourcetag/a': '1' } }, context)).toBe(true);
    expect(meets({ Null: { 'aws:ResourceTag/b': 'true' } }, context)).toBe(true);
  });
});

describe('what the evaluator does not know is refused, and never a silent answer:', () => {
  const deny = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' };
  const asked = { action: 's3:GetObject', resource: 'arn:aws:s3:::a/1', context: { k: 'a' } };
  it.each<[string, object]>([
    ['the operator NumericEquals', { ...deny, Condition: { NumericEquals: { k: '1' } } }],
    ['the operator StringLikeAlways', { ...deny, Condition: { StringLikeAlways: { k: '1' } } }],
    ['the key aws:SourceVpc', { ...deny, Condition: { StringEquals: { 'aws:SourceVpc': 'v' } } }],
    ['the effect deny', { ...deny, Effect: 'deny' }],
    ['the element NotAction', { ...deny, NotAction: 's3:*' }],
    ['the element NotResource', { ...deny, NotResource: 'x' }],
    ['the element NotPrincipal', { ...deny, NotPrincipal: { AWS: root } }],
    ['the principal Federated', { ...deny, Principal: { Federated: 'x' } }],
    ['the principal someone', { ...deny, Principal: 'someone' }],
    ['variables', { ...deny, Resource: `arn:aws:s3:::\${aws:username}/*` }],
  ])('%s', (what, Statement) => {
    expect(() => isDenied({ Statement }, who('x'), asked)).toThrow(`does not know ${what}`);
  });

  it('a version of the language, several values where one is meant, an ARN that is none', () => {
    const old = { Version: '2008-10-17', Statement: deny };
    expect(() => isDenied(old, who('x'), asked)).toThrow('Version 2008-10-17');
    expect(() => meets({ StringEquals: { k: 'a' } }, { k: ['a', 'b'] })).toThrow('several values');
    expect(() => isArnLike('arn:aws:s3:::a', '*')).toThrow('no ARN');
    const day = { DateLessThan: { k: '2027-01-31' } };
    expect(() => meets(day, { k: '2027-01-30T00:00:00Z' })).toThrow('the time 2027-01-31');
  });

  it.each([
    ['the function Fn::Select', { 'Fn::Select': [0, ['a']] }],
    ['the resource Missing', { Ref: 'Missing' }],
    ['Ref of AWS::S3::Bucket', { Ref: 'Bucket' }],
    ['KeyId of Key', { 'Fn::GetAtt': ['Key', 'KeyId'] }],
    ['the ARN of AWS::S3::Bucket', { 'Fn::GetAtt': ['Bucket', 'Arn'] }],
  ])('of a template %s', (what, value) => {
    const resources = {
      Key: { Type: 'AWS::KMS::Key', Properties: {} },
      Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
    };
    expect(() => resolve(value, resources)).toThrow(`does not know ${what}`);
  });
});

describe('the policy of a secret', () => {
  const exempt = { ...who('rotation'), id: `arn:aws:iam::${account}:role/rotation` };
  const policy = readerPolicy({
    grants: [{ account, arn: who('consumer').id }],
    exemptRoleArns: [exempt.id],
    probeRoleArn: who('probe').id,
  }).toJSON();
  const nothing = {
    'aws:ResourceTag/*': undefined,
    'secretsmanager:VersionId': undefined,
    'secretsmanager:VersionStage': undefined,
  };
  const denies = (principal: Principal, context: Context, action = 'GetSecretValue') =>
    isDenied(policy, principal, {
      action: `secretsmanager:${action}`,
      resource: `arn:aws:secretsmanager:us-east-1:${account}:secret:a-AbCdEf`,
      context: {
        ...context,
        ...Object.fromEntries(Object.entries(nothing).filter(([key]) => !(key in context))),
      },
    });

  it.each([
    ['a plain read', {}, false],
    ['a read under lockdown', { 'aws:ResourceTag/amplitude-lockdown': 'on' }, true],
    ['a read while lockdown is off', { 'aws:ResourceTag/amplitude-lockdown': 'off' }, false],
    ['a read by version id', { 'secretsmanager:VersionId': 'v1' }, true],
    ['a read of a label for readers', { 'secretsmanager:VersionStage': 'AWSPREVIOUS' }, false],
    ['a read of any other label', { 'secretsmanager:VersionStage': 'AWSPENDING' }, true],
  ])('judges %s by others, and no read by an exempt role', (_, context, denied) => {
    expect(denies(who('consumer'), context)).toBe(denied);
    expect(denies(who('probe'), context)).toBe(denied);
    expect(denies(who('stranger'), context)).toBe(true);
    expect(denies(exempt, context)).toBe(false);
    expect(denies(who('consumer'), context, 'DescribeSecret')).toBe(false);
  });
});

it('a pattern stands for the whole text', () => {
  expect(isLike('RETAINED-UNTIL-1', 'RETAINED-UNTIL-*')).toBe(true);
  expect(isLike('xRETAINED-UNTIL-1', 'RETAINED-UNTIL-*')).toBe(false);
  expect(isLike('a+b', 'a?b')).toBe(true);
  expect(isLike('aab', 'a+b')).toBe(false);
});
