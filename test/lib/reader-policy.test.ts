import { describe, expect, it } from 'vitest';
import { type Resources, resolve } from '../aws/policy/intrinsics.ts';
import {
  exampleKey,
  resourcesOf,
  type Statement,
  statementsIn,
  synthesize,
} from './synthesized.ts';

const role = (name: string, account = '111122223333') => `arn:aws:iam::${account}:role/${name}`;
const granted = (name: string, more: object = {}) => ({ role: role(name), purpose: 'x', ...more });
const tagged = (value: string, more: object = {}) => ({
  principalTag: { key: 'team', value },
  purpose: 'x',
  ...more,
});

/** As deployed, each without the roles that it exempts. */
function statementsOf(consumers: readonly object[], over: object = {}) {
  const template = synthesize({ keys: { web: { ...exampleKey, consumers } }, ...over });
  const [policy] = resourcesOf(template, 'AWS::SecretsManager::ResourcePolicy');
  const { Resources: resources } = template.toJSON() as { Resources: Resources };
  const document = resolve(policy?.Properties.ResourcePolicy, resources);
  return { blockPublicPolicy: policy?.Properties.BlockPublicPolicy, all: statementsIn(document) };
}
const named = (statements: readonly Statement[], sid: RegExp) =>
  statements.filter(({ Sid = '' }) => sid.test(Sid));
const conditions = (statements: readonly Statement[], sid: RegExp) =>
  named(statements, sid).map(({ Condition: { ArnNotEquals: _, ...rest } = {} }) => rest);

describe("a secret's policy", () => {
  it('lets consumers that are alike read by one statement, of the account that they are in', () => {
    const { all, blockPublicPolicy } = statementsOf([granted('web'), granted('api')]);
    expect(named(all, /^Granted/)).toEqual([
      {
        Sid: 'Granted1',
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
        Condition: { ArnEquals: { 'aws:PrincipalArn': [role('web'), role('api')] } },
      },
    ]);
    expect(blockPublicPolicy).toBe(true);
  });

  it('has a statement for each account, each set of conditions and each key of a tag', () => {
    const { all } = statementsOf(
      [
        granted('web'),
        { account: '444455556666', roleName: 'path/api', purpose: 'x' },
        tagged('web'),
        tagged('api'),
        tagged('web', { principalTag: { key: 'Job', value: 'export' } }),
        granted('trial', { expires: '2099-01-31' }),
        granted('both', {
          expires: '2099-01-31',
          vpcEndpoint: 'vpce-0a1b2c3d',
          organization: 'o-a1b2c3d4e5',
        }),
      ],
      { account: '111122223333' },
    );
    const who = named(all, /^Granted/).map(({ Principal, Condition }) => [
      JSON.stringify(Principal).replace(/\D+/g, ''),
      Condition,
    ]);
    const end = { DateLessThan: { 'aws:CurrentTime': '2099-01-31T00:00:00Z' } };
    expect(who).toEqual([
      ['111122223333', { ArnEquals: { 'aws:PrincipalArn': [role('web')] } }],
      ['111122223333', { StringEquals: { 'aws:PrincipalTag/team': ['web', 'api'] } }],
      ['111122223333', { StringEquals: { 'aws:PrincipalTag/job': ['export'] } }],
      ['444455556666', { ArnEquals: { 'aws:PrincipalArn': [role('path/api', '444455556666')] } }],
      ['111122223333', { ArnEquals: { 'aws:PrincipalArn': [role('trial')] }, ...end }],
      [
        '111122223333',
        {
          ArnEquals: { 'aws:PrincipalArn': [role('both')] },
          ...end,
          StringEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d', 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
        },
      ],
    ]);
  });

  it('ends a grant so many seconds after the time that is written', () => {
    const { all } = statementsOf([
      granted('web', { from: '2099-01-01T12:00:00.500Z', expiresIn: 3600 }),
    ]);
    expect(conditions(all, /^(Granted|GrantEnded)/)).toMatchObject([
      { DateLessThan: { 'aws:CurrentTime': '2099-01-01T13:00:00Z' } },
      { DateGreaterThanEquals: { 'aws:CurrentTime': '2099-01-01T13:00:00Z' } },
    ]);
  });

  it('denies a read to whoever no grant names, also of a key without one', () => {
    const [deny] = named(statementsOf([]).all, /^OnlyGrantedReaders/);
    expect(deny?.Condition).toEqual({ ArnNotEquals: { 'aws:PrincipalArn': expect.any(Array) } });
    const { all } = statementsOf([granted('web'), tagged('web')]);
    expect(conditions(all, /^OnlyGranted/)).toEqual([
      { StringNotEquals: { 'aws:PrincipalTag/team': ['web'] } },
    ]);
    const [other] = named(all, /^OnlyGranted/);
    const spared = other?.Condition?.ArnNotEquals?.['aws:PrincipalArn'];
    expect(spared).toContain(role('web'));
    expect(spared).toContain(role('AmplitudeKeys-dev-probe'));
  });

  it('knows a tag in the account that it is granted in', () => {
    const { all } = statementsOf([tagged('web'), tagged('api', { account: '444455556666' })]);
    expect(conditions(all, /^OnlyGranted/)).toEqual([
      {
        StringNotEquals: {
          'aws:PrincipalAccount': ['444455556666'],
          'aws:PrincipalTag/team': ['web'],
        },
      },
      {
        StringNotEquals: { 'aws:PrincipalTag/team': ['web', 'api'] },
        StringEquals: { 'aws:PrincipalAccount': '444455556666' },
      },
    ]);
  });

  it('denies by one statement what consumers with the same end, endpoint or organization may not', () => {
    const more = { expires: '2099-01-31', vpcEndpoint: 'vpce-0a1b2c3d' };
    const { all } = statementsOf([granted('web', more), granted('api', more), tagged('web', more)]);
    const [arns, tag] = [
      { ArnEquals: { 'aws:PrincipalArn': [role('web'), role('api')] } },
      {
        StringEquals: { 'aws:PrincipalTag/team': ['web'], 'aws:PrincipalAccount': '111122223333' },
      },
    ];
    const ended = { DateGreaterThanEquals: { 'aws:CurrentTime': '2099-01-31T00:00:00Z' } };
    const elsewhere = { StringNotEquals: { 'aws:SourceVpce': 'vpce-0a1b2c3d' } };
    expect(conditions(all, /^GrantEnded/)).toEqual([
      { ...arns, ...ended },
      { ...tag, ...ended },
    ]);
    expect(conditions(all, /^NotThroughEndpoint/)).toEqual([
      { ...arns, ...elsewhere },
      { ...tag, ...elsewhere },
    ]);
  });

  it('has each Sid once', () => {
    const { all } = statementsOf([
      granted('web', { expires: '2099-01-31' }),
      tagged('web'),
      granted('api'),
    ]);
    const sids = all.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
    for (const sid of sids) expect(sid).toMatch(/^[A-Za-z0-9]+$/);
  });
});
