import { describe, expect, it } from 'vitest';
import { PLACEHOLDER } from '../../lambda/contract.ts';
import {
  exampleKey,
  resourcesOf,
  type Statement,
  statementsIn,
  synthesize,
} from './synthesized.ts';

const template = synthesize();

/** Kept whatever happens later; a first deploy that fails takes it away again and can be repeated. */
const KEPT = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };

describe('the CMKs', () => {
  const cmks = resourcesOf(template, 'AWS::KMS::Key');

  it('are two, both rotated by KMS and kept on removal', () => {
    expect(cmks).toHaveLength(2);
    for (const cmk of cmks) {
      expect(cmk.Properties.EnableKeyRotation).toBe(true);
      expect(cmk).toMatchObject(KEPT);
    }
  });

  it('are found by aliases of the environment', () => {
    const names = resourcesOf(template, 'AWS::KMS::Alias').map(
      ({ Properties }) => Properties.AliasName,
    );
    expect(names).toEqual(['alias/amplitude/dev', 'alias/amplitude/dev/operations']);
  });

  it('let alarms and events of this account use the topic', () => {
    const [, operations] = cmks;
    const statement = statementsIn(operations?.Properties.KeyPolicy).find(
      ({ Sid }) => Sid === 'AlarmsAndEventsReachTheTopic',
    );
    expect(statement).toMatchObject({
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
  });
});

describe('the secret of a key', () => {
  const [secret] = resourcesOf(template, 'AWS::SecretsManager::Secret');

  it('has the name of environment and key, the CMK, and is kept on removal', () => {
    expect(secret?.Properties).toMatchObject({
      Name: 'amplitude/dev/web',
      KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^KeysCmk/), 'Arn'] },
    });
    expect(secret).toMatchObject(KEPT);
  });

  it('begins with the frozen placeholder: an edited literal would be written over the live key', () => {
    const frozen =
      '{"placeholder":"No Amplitude key yet. Stage the key in use, then rotate: npx keyctl stage --help"}';
    expect(secret?.Properties.SecretString).toBe(frozen);
    expect(PLACEHOLDER).toBe(frozen);
    expect(secret?.Properties).not.toHaveProperty('GenerateSecretString');
  });

  it('carries the settings of its key as tags', () => {
    expect(tagsOf(secret)).toEqual({
      'amplitude-environment': 'dev',
      'amplitude-key': 'web',
      'amplitude-kind': 'ingestion',
      'amplitude-audience': 'server',
      'amplitude-owner': 'growth',
      'amplitude-verification': 'query',
      'amplitude-retain-previous-days': '30',
      'amplitude-rotate-every-days': '90',
      'amplitude-standby': 'always',
      'amplitude-sensitivity': 'normal',
    });
  });

  it('carries who is known to read it, each by a numbered tag, within the 50 of a secret', () => {
    const role = (index: number) => `arn:aws:iam::111122223333:role/consumer-${index}`;
    const consumers = Array.from({ length: 15 }, (_, index) => ({
      role: role(index + 1),
      purpose: 'events',
    }));
    const keys = { web: { ...exampleKey, sensitivity: 'sensitive', consumers } };
    const [other] = resourcesOf(synthesize({ keys }), 'AWS::SecretsManager::Secret');
    const tags = tagsOf(other);
    expect(tags).toMatchObject({
      'amplitude-sensitivity': 'sensitive',
      'amplitude-consumer-1': role(1),
      'amplitude-consumer-15': role(15),
    });
    expect(Object.keys(tags).length).toBeLessThan(30);
  });
});

describe("a secret's policy", () => {
  const [policy] = resourcesOf(template, 'AWS::SecretsManager::ResourcePolicy');
  const statements = statementsIn(policy?.Properties.ResourcePolicy);

  it.each([
    [
      'a read while the lockdown tag is on',
      { StringEquals: { 'aws:ResourceTag/amplitude-lockdown': 'on' } },
    ],
    ['a read by version id', { Null: { 'secretsmanager:VersionId': 'false' } }],
    [
      "a read by a stage that is not a reader's, only where one is named",
      {
        Null: { 'secretsmanager:VersionStage': 'false' },
        StringNotLike: {
          'secretsmanager:VersionStage': ['AWSCURRENT', 'AWSPREVIOUS', 'RETAINED-UNTIL-*'],
        },
      },
    ],
  ])('denies %s', (_, condition) => {
    const conditions = statements.map(({ Condition: { ArnNotEquals, ...rest } = {} }) => rest);
    expect(conditions).toContainEqual(condition);
  });
});

describe('the rotation', () => {
  it('is native, every 90 days, and does not start at a deploy', () => {
    const [schedule] = resourcesOf(template, 'AWS::SecretsManager::RotationSchedule');
    expect(schedule?.Properties).toMatchObject({
      RotateImmediatelyOnUpdate: false,
      RotationRules: { ScheduleExpression: 'rate(90 days)', Duration: '4h' },
    });
    expect(schedule?.Properties).not.toHaveProperty('HostedRotationLambda');
  });

  it('is scheduled once permission, role policy, key policy and secret policy stand', () => {
    const [schedule] = resourcesOf(template, 'AWS::SecretsManager::RotationSchedule');
    const needs = schedule?.DependsOn?.join() ?? '';
    for (const part of [
      /RotationPermission/,
      /RotationFunctionPermissions/,
      /KeysCmk/,
      /ReaderPolicy/,
    ]) {
      expect(needs).toMatch(part);
    }
  });

  it("follows the key's own cycle and retention", () => {
    const keys = { web: { ...exampleKey, rotateEveryDays: 60, retainPreviousDays: 45 } };
    const other = synthesize({ keys });
    const [schedule] = resourcesOf(other, 'AWS::SecretsManager::RotationSchedule');
    expect(schedule?.Properties.RotationRules).toMatchObject({
      ScheduleExpression: 'rate(60 days)',
    });
  });
});

describe('the functions', () => {
  const functions = resourcesOf(template, 'AWS::Lambda::Function').map(
    ({ Properties }) => Properties,
  );

  it('run on nodejs24.x and arm64, and are four', () => {
    expect(functions.map(({ Runtime, Architectures }) => [Runtime, Architectures])).toEqual([
      ['nodejs24.x', ['arm64']],
      ['nodejs24.x', ['arm64']],
      ['nodejs24.x', ['arm64']],
      ['nodejs24.x', ['arm64']],
    ]);
  });

  it('are named for environment and noun', () => {
    const names = functions.map(({ FunctionName }) => FunctionName).toSorted();
    expect(names).toEqual([
      'amplitude-dev-emergency',
      'amplitude-dev-inspect',
      'amplitude-dev-lifecycle',
      'amplitude-dev-rotation',
    ]);
  });

  it('are told the CMK of the keys and how notices are written', () => {
    for (const { Environment } of functions) {
      expect(Environment).toMatchObject({
        Variables: {
          KEYS_CMK_ARN: { 'Fn::GetAtt': [expect.stringMatching(/^KeysCmk/), 'Arn'] },
          NOTIFICATION_FORMAT: 'text',
        },
      });
    }
  });

  it('log into encrypted groups that are kept on removal, their lines for a year', () => {
    const groups = resourcesOf(template, 'AWS::Logs::LogGroup').filter(({ Properties }) =>
      String(Properties.LogGroupName).startsWith('/aws/lambda/amplitude-dev-'),
    );
    for (const { Properties, ...group } of groups) {
      expect(group).toMatchObject(KEPT);
      expect(Properties.RetentionInDays).toBe(365);
      expect(Properties.KmsKeyId).toEqual({
        'Fn::GetAtt': [expect.stringMatching(/^OperationsCmk/), 'Arn'],
      });
    }
    expect(groups).toHaveLength(functions.length);
  });

  it('have roles of their own, named as CloudTrail shows them, without any managed policy', () => {
    const roles = resourcesOf(template, 'AWS::IAM::Role').filter(({ id }) =>
      id.includes('FunctionRole'),
    );
    expect(roles).toHaveLength(functions.length);
    for (const { Properties } of roles) expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    expect(roles.map(({ Properties }) => Properties.RoleName).toSorted()).toEqual([
      'AmplitudeKeys-dev-emergency',
      'AmplitudeKeys-dev-inspect',
      'AmplitudeKeys-dev-lifecycle',
      'AmplitudeKeys-dev-rotation',
    ]);
  });
});

describe('the operator policy', () => {
  const [policy] = resourcesOf(template, 'AWS::IAM::ManagedPolicy');
  const statements = statementsIn(policy?.Properties.PolicyDocument);

  it('can not change a staged parameter under its name', () => {
    const put = statements.find(({ Action }) => Action === 'ssm:PutParameter');
    expect(put?.Condition).toEqual({ StringEquals: { 'ssm:Overwrite': 'false' } });
  });

  it('can move no label but AWSPENDING', () => {
    const move = statements.find(
      ({ Action }) => Action === 'secretsmanager:UpdateSecretVersionStage',
    );
    expect(move?.Condition).toEqual({
      StringEquals: { 'secretsmanager:VersionStage': 'AWSPENDING' },
    });
  });
});

describe('break-glass', () => {
  it('is the configured role where there is one', () => {
    const arn = 'arn:aws:iam::111122223333:role/security/break-glass';
    const other = synthesize({ breakGlassRoleArn: arn });
    const roles = resourcesOf(other, 'AWS::IAM::Role').map(({ id }) => id);
    expect(roles.filter((id) => id.startsWith('BreakGlass'))).toEqual([]);
    const [policy] = resourcesOf(other, 'AWS::SecretsManager::ResourcePolicy');
    expect(JSON.stringify(policy?.Properties.ResourcePolicy)).toContain(arn);
  });
});

describe('the topic', () => {
  it('is encrypted, takes TLS only and mails the configured addresses', () => {
    const [topic] = resourcesOf(template, 'AWS::SNS::Topic');
    expect(topic?.Properties).toHaveProperty('KmsMasterKeyId');
    const [subscription] = resourcesOf(template, 'AWS::SNS::Subscription');
    expect(subscription?.Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'soc@example.com',
    });
  });

  it('lets alarms and events of this account publish', () => {
    const [policy] = resourcesOf(template, 'AWS::SNS::TopicPolicy');
    const allows = statementsIn(policy?.Properties.PolicyDocument).filter((one) => !isDeny(one));
    expect(allows).toMatchObject([
      {
        Action: 'sns:Publish',
        Principal: { Service: ['cloudwatch.amazonaws.com', 'events.amazonaws.com'] },
        Resource: { Ref: expect.stringMatching(/^NotificationsTopic/) },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });
});

describe('the stack', () => {
  it('exports nothing that another environment would need', () => {
    for (const output of Object.values(template.findOutputs('*'))) {
      expect(output).not.toHaveProperty('Export');
    }
    expect(JSON.stringify(template.toJSON())).not.toContain('Fn::ImportValue');
  });

  it('holds a hundred keys within what CloudFormation allows a stack', () => {
    const names = Array.from({ length: 100 }, (_, index) => `${'k'.repeat(36)}-${index}`);
    const full = synthesize({ keys: Object.fromEntries(names.map((name) => [name, exampleKey])) });
    const { Resources, Outputs } = full.toJSON();
    expect(Object.keys(Resources).length).toBeLessThanOrEqual(500);
    expect(Object.keys(Outputs).length).toBeLessThanOrEqual(200);
    expect(JSON.stringify(full.toJSON(), null, 1).length).toBeLessThan(1_000_000);
  });

  it('asks for the account before an unpinned production is deployed', () => {
    const rules = synthesize({}, 'prod').toJSON();
    expect(rules.Parameters.ProductionAccount).not.toHaveProperty('Default');
    expect(rules.Rules.DeployedWhereMeant.Assertions).toHaveLength(1);
    expect(template.toJSON().Parameters).not.toHaveProperty('ProductionAccount');
  });

  it('asks nothing of a pinned production', () => {
    const pinned = synthesize({ account: '111122223333', region: 'eu-west-1' }, 'prod');
    expect(pinned.toJSON().Parameters).not.toHaveProperty('ProductionAccount');
  });
});

function tagsOf(secret: ReturnType<typeof resourcesOf>[number] | undefined) {
  const tags = secret?.Properties.Tags as { Key: string; Value: string }[];
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

function isDeny({ Effect }: Statement) {
  return Effect === 'Deny';
}
