import { describe, expect, it } from 'vitest';
import { type Resources, resolve } from '../aws/policy/intrinsics.ts';
import {
  exampleKey,
  resourcesOf,
  type Statement,
  statementsIn,
  synthesize,
} from './synthesized.ts';

const OTHER = '444455556666';
const abroad = (roleName: string, more: object = {}) => ({
  account: OTHER,
  roleName,
  purpose: 'x',
  ...more,
});
const arn = (name: string) => `arn:aws:iam::${OTHER}:role/${name}`;

function statementsOf(keys: Record<string, readonly object[]>): Statement[] {
  const all = Object.entries(keys).map(([name, consumers]) => [name, { ...exampleKey, consumers }]);
  const template = synthesize({ account: '111122223333', keys: Object.fromEntries(all) });
  const cmks = resourcesOf(template, 'AWS::KMS::Key').filter(({ id }) => id.startsWith('KeysCmk'));
  const { Resources: resources } = template.toJSON() as { Resources: Resources };
  return statementsIn(resolve(cmks[0]?.Properties.KeyPolicy, resources));
}
const granted = (keys: Record<string, readonly object[]>) =>
  statementsOf(keys).filter(({ Sid = '' }) => /^Granted\d/.test(Sid));

const secrets = {
  StringLike: {
    'kms:EncryptionContext:SecretARN':
      'arn:aws:secretsmanager:eu-west-1:111122223333:secret:amplitude/dev/*',
  },
};

describe("the policy of the keys' CMK", () => {
  it('lets consumers decrypt through Secrets Manager, and what is a secret here', () => {
    expect(granted({ web: [abroad('api')] })).toEqual([
      {
        Sid: 'Granted1',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: {
          ArnEquals: { 'aws:PrincipalArn': [arn('api')] },
          StringEquals: {
            'kms:CallerAccount': OTHER,
            'kms:ViaService': ['secretsmanager.eu-west-1.amazonaws.com'],
          },
          ...secrets,
        },
      },
    ]);
  });

  it('lets those of its own account too, by their grant alone', () => {
    const own = { role: 'arn:aws:iam::111122223333:role/web', purpose: 'x' };
    const tag = { principalTag: { key: 'team', value: 'web' }, purpose: 'x' };
    const told = granted({ web: [own, tag] }).map(({ Condition = {} }) => [
      Condition.ArnEquals?.['aws:PrincipalArn'] ??
        Condition.StringEquals?.['aws:PrincipalTag/team'],
      Condition.StringEquals?.['kms:CallerAccount'],
    ]);
    expect(told).toEqual([
      [[own.role], '111122223333'],
      [['web'], '111122223333'],
    ]);
  });

  const conditions = (keys: Record<string, readonly object[]>) =>
    granted(keys).map(({ Condition = {} }) => [
      Condition.ArnEquals?.['aws:PrincipalArn'],
      Condition.DateLessThan?.['aws:CurrentTime'],
    ]);

  it('ends with the last grant that a consumer has of any key', () => {
    const [early, late] = [{ expires: '2098-01-01' }, { expires: '2099-01-01' }];
    expect(conditions({ web: [abroad('api', late)], api: [abroad('api', early)] })).toEqual([
      [[arn('api')], '2099-01-01T00:00:00Z'],
    ]);
    expect(conditions({ web: [abroad('api', late)], api: [abroad('api')] })).toEqual([
      [[arn('api')], undefined],
    ]);
    expect(conditions({ web: [abroad('api', late), abroad('web', late)] })).toEqual([
      [[arn('api'), arn('web')], '2099-01-01T00:00:00Z'],
    ]);
  });

  it('says nothing of endpoints and organizations: AWS may not tell KMS of them', () => {
    const more = { vpcEndpoint: 'vpce-0a1b2c3d', organization: 'o-a1b2c3d4e5' };
    const text = JSON.stringify(statementsOf({ web: [abroad('api', more)] }));
    expect(text).not.toMatch(/SourceVpce|PrincipalOrgID/);
  });

  it('denies secrets to whoever no grant of any key names, and spares AWS services', () => {
    const tag = { principalTag: { key: 'team', value: 'web' }, purpose: 'x' };
    const [deny, ...others] = statementsOf({ web: [abroad('api')], api: [tag] }).filter(
      ({ Sid = '' }) => Sid.startsWith('SecretsAreFor'),
    );
    expect(others).toEqual([]);
    expect(deny).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' }, Action: 'kms:Decrypt' });
    const { ArnNotEquals, ...rest } = deny?.Condition ?? {};
    expect(rest).toEqual({
      StringNotEquals: { 'aws:PrincipalTag/team': ['web'] },
      Bool: { 'aws:PrincipalIsAWSService': 'false' },
      ...secrets,
    });
    const spared = ArnNotEquals?.['aws:PrincipalArn'];
    expect(spared).toContain(arn('api'));
    expect(spared).toContain('arn:aws:iam::111122223333:role/AmplitudeKeys-dev-probe');
    expect(spared).toHaveLength(8);
  });
});
