import { describe, expect, it } from 'vitest';
import { readerPolicy } from '../../lib/reader-policy.ts';
import { isDenied, isLike, type Statement } from './fakes/resource-policy.ts';

const READ = 'secretsmanager:GetSecretValue';
const exempt = 'arn:aws:iam::111122223333:role/AmplitudeKeys-dev-rotation';
const other = { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/consumer' };
const statements: Statement[] = readerPolicy([exempt]).toJSON().Statement;
const deny = (over: Partial<Statement>): Statement[] => [
  { Effect: 'Deny', Principal: { AWS: '*' }, Action: READ, Resource: '*', ...over },
];

describe('the policy of the stack', () => {
  it.each([
    ['a plain read', {}, false],
    ['a read under lockdown', { 'aws:ResourceTag/amplitude-lockdown': 'on' }, true],
    ['a read while lockdown is off', { 'aws:ResourceTag/amplitude-lockdown': 'off' }, false],
    ['a read by version id', { 'secretsmanager:VersionId': 'v1' }, true],
    ['a read of a label for readers', { 'secretsmanager:VersionStage': 'AWSPREVIOUS' }, false],
    ['a read of any other label', { 'secretsmanager:VersionStage': 'AWSPENDING' }, true],
  ])('judges %s by others, and no read by an exempt role', (_, context, denies) => {
    expect(isDenied(statements, READ, { ...other, ...context })).toBe(denies);
    expect(isDenied(statements, READ, { 'aws:PrincipalArn': exempt, ...context })).toBe(false);
  });

  it('denies reads only', () => {
    const context = { ...other, 'aws:ResourceTag/amplitude-lockdown': 'on' };
    expect(isDenied(statements, 'secretsmanager:DescribeSecret', context)).toBe(false);
  });
});

describe('what the fake does not know', () => {
  it.each<[string, Partial<Statement>]>([
    ['operator', { Condition: { StringEqualsIgnoreCase: { 'aws:PrincipalArn': 'x' } } }],
    ['effect', { Effect: 'Allow' }],
    ['principal', { Principal: { Service: 'lambda.amazonaws.com' } }],
    ['resource', { Resource: 'arn:aws:secretsmanager:*:*:secret:a' }],
    ['NotAction', { NotAction: 'x' } as Partial<Statement>],
  ])('is refused: %s', (what, over) => {
    expect(() => isDenied(deny(over), READ, {})).toThrow(what);
  });
});

it('a pattern stands for the whole text', () => {
  expect(isLike('RETAINED-UNTIL-1', 'RETAINED-UNTIL-*')).toBe(true);
  expect(isLike('xRETAINED-UNTIL-1', 'RETAINED-UNTIL-*')).toBe(false);
  expect(isLike('a+b', 'a?b')).toBe(true);
  expect(isLike('aab', 'a+b')).toBe(false);
  expect(isLike(undefined, '*')).toBe(false);
});
