import { expect, it } from 'vitest';
import { ALL_PARTS, nounsOf } from '../../lambda/contract.ts';
import { resourcesOf, statementsIn, synthesize } from './synthesized.ts';

const template = synthesize();
const groups = resourcesOf(template, 'AWS::Logs::LogGroup');
const trail = groups.find(({ Properties }) => Properties.LogGroupName === '/amplitude/dev/trail');

it('the audit trail is kept for ten years, encrypted, and stays when the stack goes', () => {
  expect(trail?.Properties).toMatchObject({
    RetentionInDays: 3653,
    KmsKeyId: { 'Fn::GetAtt': [expect.stringMatching(/^OperationsCmk/), 'Arn'] },
  });
  expect([trail?.DeletionPolicy, trail?.UpdateReplacePolicy]).toEqual([
    'RetainExceptOnCreate',
    'Retain',
  ]);
});

it("CloudWatch Logs encrypts the functions' groups, the trail and the usage record, those of a guard that was taken out too, and no other group", () => {
  const statements = resourcesOf(template, 'AWS::KMS::Key').flatMap(({ Properties }) =>
    statementsIn(Properties.KeyPolicy),
  );
  const logs = statements.find(({ Sid }) => Sid === 'LogsAreEncrypted');
  const groups = logs?.Condition?.ArnEquals?.['kms:EncryptionContext:aws:logs:arn'] as object[];
  const named = (group: string) => expect.stringMatching(new RegExp(`:log-group:/${group}"`));
  expect(groups.map((group) => JSON.stringify(group))).toEqual([
    ...nounsOf(ALL_PARTS).map((noun) => named(`aws/lambda/amplitude-dev-${noun}`)),
    named('amplitude/dev/trail'),
    named('amplitude/dev/usage'),
  ]);
});

it('operators read the trail and no other log', () => {
  const [policy] = resourcesOf(template, 'AWS::IAM::ManagedPolicy');
  const reads = statementsIn(policy?.Properties.PolicyDocument).filter(({ Action }) =>
    [Action].flat().some((action) => action.startsWith('logs:')),
  );
  expect(reads).toMatchObject([
    { Action: 'logs:FilterLogEvents', Resource: { 'Fn::GetAtt': [trail?.id, 'Arn'] } },
  ]);
});
