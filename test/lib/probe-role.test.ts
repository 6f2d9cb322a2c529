import { describe, expect, it } from 'vitest';
import { allows, granted, resourcesOf, statementsIn, synthesize } from './synthesized.ts';

const template = synthesize();
const roles = resourcesOf(template, 'AWS::IAM::Role');
const roleNamed = (name: string) =>
  roles.find(({ Properties }) => Properties.RoleName === `AmplitudeKeys-dev-${name}`);
const probe = roleNamed('probe');
const arnOf = (resource: { readonly id: string } | undefined) => ({
  'Fn::GetAtt': [resource?.id, 'Arn'],
});
const keysCmk = resourcesOf(template, 'AWS::KMS::Key').find(({ id }) => id.startsWith('KeysCmk'));

describe('the role that tries a lockdown out', () => {
  it('can be taken by the role of the emergency function alone', () => {
    expect(statementsIn(probe?.Properties.AssumeRolePolicyDocument)).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: expect.anything(),
        Condition: { ArnEquals: { 'aws:PrincipalArn': arnOf(roleNamed('emergency')) } },
      },
    ]);
    const takers = granted(template).filter(({ statement }) => allows(statement, 'sts:AssumeRole'));
    expect(takers.map(({ holder }) => holder)).toEqual([
      expect.stringMatching(/^EmergencyFunctionPermissions/),
    ]);
  });

  it("reads this environment's secrets as a consumer does, and can do nothing else", () => {
    const its = granted(template).filter(({ holder }) => holder === probe?.id);
    expect(its.map(({ statement }) => statement)).toEqual([
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: { 'Fn::Join': ['', expect.arrayContaining([':secret:amplitude/dev/*'])] },
      },
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: arnOf(keysCmk),
        Condition: {
          StringEquals: {
            'kms:ViaService': [
              { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] },
            ],
          },
        },
      },
    ]);
    const attached = resourcesOf(template, 'AWS::IAM::Policy').filter(({ Properties }) =>
      JSON.stringify(Properties.Roles).includes(`"${probe?.id}"`),
    );
    expect(attached).toEqual([]);
    expect(probe?.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  it('is exempt from no deny, unlike the function', () => {
    const denies = [
      ...resourcesOf(template, 'AWS::SecretsManager::ResourcePolicy').flatMap(({ Properties }) =>
        statementsIn(Properties.ResourcePolicy),
      ),
      ...resourcesOf(template, 'AWS::KMS::Key').flatMap(({ Properties }) =>
        statementsIn(Properties.KeyPolicy),
      ),
    ].filter(({ Effect }) => Effect === 'Deny');
    expect(denies).toHaveLength(4);
    for (const { Condition } of denies) {
      const exempt = Condition?.ArnNotEquals?.['aws:PrincipalArn'] as object[];
      expect(exempt).toContainEqual(arnOf(roleNamed('emergency')));
      expect(JSON.stringify(exempt)).not.toMatch(/probe|\*/i);
    }
  });
});
