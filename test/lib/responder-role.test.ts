import { describe, expect, it } from 'vitest';
import { actionsOf, granted, resourcesOf, statementsIn, synthesize } from './synthesized.ts';

const template = synthesize();
const responderOf = (over: object) =>
  resourcesOf(synthesize(over), 'AWS::IAM::Role').find(
    ({ Properties }) => Properties.RoleName === 'AmplitudeKeys-dev-responder',
  );
const account = {
  AWS: {
    'Fn::Join': [
      '',
      ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root'],
    ],
  },
};
const withSourceIdentity = { Null: { 'sts:SourceIdentity': 'false' } };

/** Both actions that taking the role consists of, held to the same. */
const trusted = (Condition: object) =>
  ['sts:AssumeRole', 'sts:SetSourceIdentity'].map((Action) => ({
    Effect: 'Allow',
    Action,
    Principal: account,
    Condition,
  }));

describe('the responder role', () => {
  const role = responderOf({});
  const own = granted(template).filter(({ holder }) => holder === role?.id);
  const [operators] = resourcesOf(template, 'AWS::IAM::ManagedPolicy');

  it('is taken by whom the account allows, with MFA and a source identity', () => {
    expect(statementsIn(role?.Properties.AssumeRolePolicyDocument)).toEqual(
      trusted({ ...withSourceIdentity, Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    );
  });

  it('is taken without MFA where that is configured, and never without a source identity', () => {
    const other = responderOf({ responder: { requireMfa: false } });
    expect(statementsIn(other?.Properties.AssumeRolePolicyDocument)).toEqual(
      trusted(withSourceIdentity),
    );
  });

  it('may invoke the emergency function, and for the rest what operators may', () => {
    expect(own.map(({ statement }) => statement)).toEqual([
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^EmergencyFunction/), 'Arn'] },
      },
    ]);
    expect(role?.Properties.ManagedPolicyArns).toEqual([{ Ref: operators?.id }]);
    const attached = resourcesOf(template, 'AWS::IAM::Policy').filter(({ Properties }) =>
      JSON.stringify(Properties.Roles).includes(`"${role?.id}"`),
    );
    expect(attached).toEqual([]);
  });

  it('asks inspect, reads the trail, describes secrets and stages a key, and reads no value', () => {
    const statements = statementsIn(operators?.Properties.PolicyDocument);
    const actions = actionsOf([...statements, ...own.map(({ statement }) => statement)]);
    expect(actions).toEqual(
      expect.arrayContaining([
        'logs:FilterLogEvents',
        'secretsmanager:DescribeSecret',
        'ssm:PutParameter',
      ]),
    );
    const invoked = statements.find(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(JSON.stringify(invoked?.Resource)).toMatch(/"InspectFunction/);
    expect(actions.join()).not.toMatch(/Get|Decrypt|\*/);
  });

  it('has more than operators have only in the emergency function', () => {
    expect(JSON.stringify(operators?.Properties.PolicyDocument)).not.toContain('EmergencyFunction');
  });
});
