import { describe, expect, it } from 'vitest';
import {
  actionsOf,
  allows,
  granted,
  resourcesOf,
  type Statement,
  statementsIn,
  statementsOf,
  synthesize,
  takesIn,
} from './synthesized.ts';

const template = synthesize();
const acting = resourcesOf(template, 'AWS::Lambda::Function').find(
  ({ Properties }) => Properties.FunctionName === 'amplitude-dev-emergency',
);
const probe = resourcesOf(template, 'AWS::IAM::Role').find(
  ({ Properties }) => Properties.RoleName === 'AmplitudeKeys-dev-probe',
);
const arnOf = (resource: { readonly id: string } | undefined) => ({
  'Fn::GetAtt': [resource?.id, 'Arn'],
});
const ACCOUNT = { Ref: 'AWS::AccountId' };
const keysCmk = resourcesOf(template, 'AWS::KMS::Key').find(({ id }) => id.startsWith('KeysCmk'));

describe('the emergency function', () => {
  const statements = statementsOf(template, 'EmergencyFunction');
  const allowing = (action: string) => statements.filter((one) => allows(one, action));

  it('is allowed what it calls', () => {
    expect(actionsOf(statements)).toEqual([
      'kms:Decrypt',
      'kms:Decrypt',
      'kms:DisableKey',
      'kms:EnableKey',
      'kms:GenerateDataKey',
      'kms:GenerateDataKey',
      'logs:CreateLogStream',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'logs:PutLogEvents',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:ListSecrets',
      'secretsmanager:PutSecretValue',
      'secretsmanager:TagResource',
      'secretsmanager:UntagResource',
      'secretsmanager:UpdateSecretVersionStage',
      'sns:Publish',
      'ssm:DeleteParameter',
      'ssm:GetParametersByPath',
      'sts:AssumeRole',
    ]);
  });

  it('tags a secret with the lockdown and its notes, and with no setting', () => {
    expect(allowing('secretsmanager:TagResource')).toMatchObject([
      {
        Action: ['secretsmanager:TagResource', 'secretsmanager:UntagResource'],
        Condition: {
          'ForAllValues:StringLike': { 'aws:TagKeys': ['amplitude-lockdown', 'amplitude-note-*'] },
          Null: { 'aws:TagKeys': 'false' },
        },
      },
    ]);
  });

  it('switches the CMK of the keys and no other', () => {
    for (const action of ['kms:DisableKey', 'kms:EnableKey']) {
      expect(allowing(action)).toMatchObject([{ Resource: arnOf(keysCmk) }]);
    }
  });

  it('takes the role that tries a lockdown out and no other, and is told it', () => {
    expect(allowing('sts:AssumeRole')).toMatchObject([{ Resource: arnOf(probe) }]);
    expect(acting?.Properties.Environment).toMatchObject({
      Variables: { PROBE_ROLE_ARN: arnOf(probe) },
    });
  });

  it('writes to its own log and to the audit trail', () => {
    const groups = allowing('logs:PutLogEvents').flatMap(({ Resource }) => Resource);
    expect(groups.map((group) => JSON.stringify(group))).toEqual([
      expect.stringContaining('EmergencyFunctionLogs'),
      expect.stringContaining('"Trail'),
    ]);
  });

  it('is not run again, nor late, when it is invoked without waiting for its answer', () => {
    const its = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig').filter(
      ({ Properties }) => (Properties.FunctionName as { Ref: string }).Ref === acting?.id,
    );
    expect(its).toMatchObject([
      { Properties: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } },
    ]);
  });
});

describe('over all policies of the stack', () => {
  const all = granted(template);
  const holders = (test: (statement: Statement) => boolean) =>
    [...new Set(all.filter(({ statement }) => test(statement)).map(({ holder }) => holder))].map(
      (id) => id.replace(/[0-9A-F]{8}$/, ''),
    );
  const mayTag = (statement: Statement, key: string) =>
    ['secretsmanager:TagResource', 'secretsmanager:UntagResource'].some((action) =>
      allows(statement, action),
    ) && tagKeys(statement).some((pattern) => takesIn(pattern, key));

  it('only the emergency function and break-glass may touch the lockdown tag', () => {
    expect(holders((one) => mayTag(one, 'amplitude-lockdown')).toSorted()).toEqual([
      'BreakGlassDefaultPolicy',
      'EmergencyFunctionPermissions',
    ]);
    expect(holders((one) => mayTag(one, 'amplitude-note-reminded'))).toContain(
      'LifecycleFunctionPermissions',
    );
  });

  it('only the emergency function may disable the CMK, and break-glass may enable it too', () => {
    expect(holders((one) => allows(one, 'kms:DisableKey'))).toEqual([
      'EmergencyFunctionPermissions',
    ]);
    expect(holders((one) => allows(one, 'kms:EnableKey')).toSorted()).toEqual([
      'BreakGlassDefaultPolicy',
      'EmergencyFunctionPermissions',
    ]);
  });

  it('only responders and the sweep may invoke it', () => {
    const itsOrMany = new RegExp(`\\*|"${acting?.id}"`);
    const reaches = (one: Statement) =>
      allows(one, 'lambda:InvokeFunction') && itsOrMany.test(JSON.stringify(one.Resource));
    expect(holders(reaches).toSorted()).toEqual(['LifecycleFunctionPermissions', 'Responder']);
    const invokers = resourcesOf(template, 'AWS::Lambda::Permission');
    expect(JSON.stringify(invokers)).not.toContain(acting?.id);
  });

  it('nothing is allowed by naming what is not, nor by a key policy to a single role', () => {
    for (const { statement } of all) {
      expect(statement).toHaveProperty('Action');
      expect(statement).toHaveProperty('Resource');
    }
    const account = {
      AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', ACCOUNT, ':root']] },
    };
    const keyPolicies = resourcesOf(template, 'AWS::KMS::Key').flatMap(({ Properties }) =>
      statementsIn(Properties.KeyPolicy),
    );
    for (const action of ['kms:DisableKey', 'kms:EnableKey']) {
      const allowed = keyPolicies.filter((one) => allows(one, action));
      expect(allowed.map(({ Principal }) => Principal)).toEqual([account, account]);
    }
  });
});

/** Tags that a statement is held to; any tag where it is held to none. */
function tagKeys({ Condition = {} }: Statement): string[] {
  const named = Object.entries(Condition)
    .filter(([operator]) => operator.startsWith('ForAllValues:String'))
    .flatMap(([, keys]) => keys['aws:TagKeys'] ?? []);
  return named.length > 0 ? (named as string[]) : ['*'];
}

it('a later deploy lifts no lockdown: the template tells neither the tag nor whether the CMK is enabled', () => {
  const secrets = resourcesOf(template, 'AWS::SecretsManager::Secret');
  expect(secrets.length).toBeGreaterThan(0);
  for (const { Properties } of secrets) {
    const tags = (Properties.Tags as { Key: string }[]).map(({ Key }) => Key);
    expect(tags).not.toContain('amplitude-lockdown');
    expect(tags.some((one) => one.startsWith('amplitude-note-'))).toBe(false);
  }
  expect(keysCmk?.Properties).toBeDefined();
  expect(keysCmk?.Properties).not.toHaveProperty('Enabled');
});
