import { describe, expect, it } from 'vitest';
import { synthesize } from './synthesized.ts';

const outputs = synthesize().findOutputs('*');
const printed = (name: string) => outputs[name]?.Value;

describe('a deploy prints', () => {
  it('the commands of every day', () => {
    expect(printed('Stage')).toBe('npx keyctl stage --env dev');
    expect(printed('Rotate')).toBe('npx keyctl rotate --env dev');
    expect(printed('Status')).toBe('npx keyctl status --env dev');
  });

  it('the commands of an emergency', () => {
    expect(printed('Revoke')).toBe('npx keyctl revoke --env dev --key KEY --reason "WHY"');
    expect(printed('Assess')).toBe('npx keyctl assess --env dev --key KEY');
  });

  it('the revocation without keyctl, as one line of the AWS CLI with a payload that parses', () => {
    const [, command, payload = ''] = /^(.*) --payload '(.*)' \/dev\/stdout$/.exec(
      printed('RevokeByAws'),
    ) ?? [''];
    expect(command).toBe(
      'aws lambda invoke --function-name amplitude-dev-emergency --cli-binary-format raw-in-base64-out',
    );
    expect(JSON.parse(payload)).toEqual({ action: 'revoke', key: 'KEY', reason: 'WHY' });
  });

  it('the topic, to which a chat subscribes, and the role to take in an emergency', () => {
    expect(printed('Topic')).toEqual({ Ref: expect.stringMatching(/^NotificationsTopic/) });
    expect(printed('ResponderRole')).toEqual({
      'Fn::GetAtt': [expect.stringMatching(/^Responder/), 'Arn'],
    });
  });

  it('nothing that a terminal or CloudFormation could spoil', () => {
    for (const { Value } of Object.values(outputs)) {
      expect(JSON.stringify(Value)).toMatch(/^[ -~]+$/);
    }
  });
});
