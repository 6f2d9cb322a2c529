import { describe, expect, it } from 'vitest';
import { resourcesOf, synthesize } from './synthesized.ts';

const template = synthesize();
const acting = resourcesOf(template, 'AWS::Lambda::Function').find(
  ({ Properties }) => Properties.FunctionName === 'amplitude-dev-emergency',
);
const keysCmk = resourcesOf(template, 'AWS::KMS::Key').find(({ id }) => id.startsWith('KeysCmk'));

describe('the emergency function', () => {
  it('is not run again, nor late, when it is invoked without waiting for its answer', () => {
    const its = resourcesOf(template, 'AWS::Lambda::EventInvokeConfig').filter(
      ({ Properties }) => (Properties.FunctionName as { Ref: string }).Ref === acting?.id,
    );
    expect(its).toMatchObject([
      { Properties: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } },
    ]);
  });
});

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
