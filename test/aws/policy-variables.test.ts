import { describe, expect, it } from 'vitest';
import { isDenied, type Principal } from './policy/authorize.ts';
import { type Context, meets } from './policy/conditions.ts';

const account = '123456789012';
const iam = (name: string) => `arn:aws:iam::${account}:${name}`;
const who = (id: string, more: Partial<Principal> = {}): Principal => ({
  kind: 'identity',
  id: iam(id),
  account,
  policies: [],
  ...more,
});

/** As a policy writes it. */
const variable = (text: string) => `\${${text}}`;
const [userid, address] = [variable('aws:userid'), variable('aws:SourceIp')];

const asked = (context: Context = {}) => ({
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::bucket/1',
  context,
});
const denying = (Condition: object) => ({
  Effect: 'Deny',
  Principal: '*',
  Action: '*',
  Resource: '*',
  Condition,
});
const policy = (Condition: object) => ({ Version: '2012-10-17', Statement: denying(Condition) });

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html */
describe('a variable of a policy', () => {
  const given = { 'aws:userid': 'AROAX:ada', 'aws:SourceIp': '2001:db8::1', team: undefined };

  it.each([
    // AWS's own two ways: a value with a variable in it, and one that has a default.
    ['StringLike', `home/${userid}/*`, 'home/AROAX:ada/1', true],
    ['StringLike', `home/${userid}/*`, 'home/AROAX:bob/1', false],
    ['StringEquals', `bucket-${variable("team, 'company-wide'")}`, 'bucket-company-wide', true],
    ['StringEquals', `bucket-${variable("team, 'company-wide'")}`, 'bucket-', false],
    ['StringEquals', variable("aws:userid, 'anonymous'"), 'AROAX:ada', true],
    ['StringEquals', variable("aws:userid, 'anonymous'"), 'anonymous', false],
    ['StringNotEquals', userid, 'AROAX:ada', false],
    ['StringLike', variable('AWS:UserID'), 'AROAX:ada', true],
    ['StringLike', `* ${userid} ${address} *`, 'a AROAX:ada 2001:db8::1 b', true],
    ['StringEquals', '$ {aws:userid}', '$ {aws:userid}', true],
  ])('has what the request has: %s %j meets %j: %s', (operator, value, k, met) => {
    expect(meets({ [operator]: { k: ['other', value] } }, { ...given, k })).toBe(met);
  });

  it('has no answer without a value, with several, and with a wildcard in it', () => {
    const value = (text: string, more: Context = {}) =>
      meets({ StringLike: { k: ['a', variable(text)] } }, { k: 'a', team: undefined, ...more });
    expect(() => value('team')).toThrow(`${variable('team')} of a request without team`);
    expect(() => value('tags', { tags: ['a', 'b'] })).toThrow('of several values');
    expect(() => value('path', { path: 'a*' })).toThrow('a wildcard in');
    expect(() => value('aws:username')).toThrow('the key aws:username');
  });

  it.each(['', '*', 'a b', "a,'b'", 'a, b', "a, 'b", "a, 'b', 'c'"])(
    'is unknown that is written %j',
    (text) => {
      expect(() => meets({ StringLike: { k: variable(text) } }, { k: 'a', a: 'b' })).toThrow(
        `the variable ${variable(text)}`,
      );
    },
  );

  it.each(['Bool', 'DateLessThan', 'Null', 'ForAllValues:Bool'])('goes not with %s', (operator) => {
    const conditions = { [operator]: { k: variable('a') } };
    expect(() => meets(conditions, { k: 'true', a: 'true' })).toThrow(`variables with ${operator}`);
  });

  it('is none in a policy without a version, and is not known in a resource', () => {
    const Condition = { StringLike: { 'aws:userid': userid } };
    expect(isDenied(policy(Condition), who('user/ada'), asked())).toBe(true);
    const Statement = denying(Condition);
    expect(() => isDenied({ Statement }, who('user/ada'), asked())).toThrow('without a version');
    const named = { ...denying({}), Resource: `arn:aws:s3:::bucket/${userid}` };
    const versioned = { Version: '2012-10-17', Statement: named };
    expect(() => isDenied(versioned, who('user/ada'), asked())).toThrow('variables of a resource');
  });
});

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable */
describe('aws:userid is', () => {
  const isOf = (principal: Principal, id: string) =>
    isDenied(policy({ StringEquals: { 'aws:userid': id } }), principal, asked());

  it.each<[string, Principal, string]>([
    ['of a role its id and the name of its session', who('role/path/app'), 'AROAAPP:session'],
    ['what a test says', who('role/app', { userid: 'AROA1:ada' }), 'AROA1:ada'],
    ['of a user an id', who('user/ada'), 'AIDAADA'],
    ["of the root user the account's number", who('root', { kind: 'root' }), account],
  ])('%s', (_, principal, id) => {
    expect(isOf(principal, id)).toBe(true);
    expect(isOf(principal, 'other')).toBe(false);
  });

  it('absent of a service', () => {
    const service = { ...who('logs.amazonaws.com'), kind: 'service' as const };
    expect(isDenied(policy({ Null: { 'aws:userid': 'true' } }), service, asked())).toBe(true);
    expect(isDenied(policy({ Null: { 'aws:userid': 'true' } }), who('user/a'), asked())).toBe(
      false,
    );
  });
});
