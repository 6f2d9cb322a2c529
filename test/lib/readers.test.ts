import { Aws } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { type Grant, grantOf, named, strangers, together } from '../../lib/readers.ts';

const purpose = 'events';
const role = 'arn:aws:iam::111122223333:role/web';
const tag = { key: 'team', value: 'web' };

describe('a grant', () => {
  it("is one of the stack's account where the configuration says so, or says nothing", () => {
    expect(grantOf({ role, purpose }, '111122223333').account).toBe(Aws.ACCOUNT_ID);
    expect(grantOf({ role, purpose }, '444455556666').account).toBe('111122223333');
    expect(grantOf({ role, purpose }, undefined).account).toBe('111122223333');
    expect(grantOf({ principalTag: tag, purpose }, undefined).account).toBe(Aws.ACCOUNT_ID);
  });

  it('has the key of a tag in one spelling, and a time as IAM writes it', () => {
    const principalTag = { key: 'Team', value: 'Web' };
    expect(grantOf({ principalTag, purpose, expires: '2027-01-31' }, undefined)).toEqual({
      account: Aws.ACCOUNT_ID,
      tag: { key: 'team', value: 'Web' },
      end: '2027-01-31T00:00:00Z',
    });
  });
});

describe('strangers', () => {
  const readers = (grants: readonly Grant[]) => ({
    grants,
    exemptRoleArns: ['exempt'],
    probeRoleArn: 'probe',
  });

  it('are all but the exempt and the probe where nothing is granted', () => {
    expect(strangers(readers([]))).toEqual([
      { ArnNotEquals: { 'aws:PrincipalArn': ['exempt', 'probe'] } },
    ]);
  });

  it('have none of the tags granted in their account, of which there may be several keys', () => {
    const own = { account: Aws.ACCOUNT_ID };
    const grants = [
      { ...own, tag },
      { ...own, tag: { key: 'job', value: 'x' } },
      { ...own, arn: role },
      { account: '444455556666', tag: { key: 'team', value: 'api' } },
      { account: '777788889999', arn: 'other' },
    ];
    const ArnNotEquals = { 'aws:PrincipalArn': ['exempt', 'probe', role, 'other'] };
    expect(strangers(readers(grants))).toEqual([
      {
        ArnNotEquals,
        StringNotEquals: {
          'aws:PrincipalAccount': ['444455556666'],
          'aws:PrincipalTag/team': ['web'],
          'aws:PrincipalTag/job': ['x'],
        },
      },
      {
        ArnNotEquals,
        StringNotEquals: {
          'aws:PrincipalTag/team': ['web', 'api'],
          'aws:PrincipalTag/job': ['x'],
        },
        StringEquals: { 'aws:PrincipalAccount': '444455556666' },
      },
    ]);
  });
});

it('who is named meets one of several sets of conditions, each value once', () => {
  const account = '444455556666';
  const grants = [
    { account, arn: role },
    { account, arn: role },
    { account, tag },
    { account, tag },
  ];
  expect(named(grants)).toEqual([
    { ArnEquals: { 'aws:PrincipalArn': [role] } },
    { StringEquals: { 'aws:PrincipalTag/team': ['web'] } },
  ]);
});

it('conditions together keep the keys of each', () => {
  expect(together({ A: { x: '1' } }, { A: { y: '2' }, B: { x: '3' } }, {})).toEqual({
    A: { x: '1', y: '2' },
    B: { x: '3' },
  });
});
