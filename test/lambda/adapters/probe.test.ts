import { DisableKeyCommand } from '@aws-sdk/client-kms';
import { TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { probe } from '../../../lambda/adapters/probe.ts';
import { tag } from '../../../lambda/contract.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

function secretOf({ reads = ['amplitude/dev/*'] } = {}) {
  const aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  const kmsKeyId = aws.kms.seedKey();
  const arn = aws.secretsManager.seedSecret({ name: 'amplitude/dev/web', value: '{}', kmsKeyId });
  const role = aws.iam.seedRole({ name: 'probe', reads });
  const { refusal } = probe(aws.clients.sts, role, (credentials) => aws.connectAs(credentials));
  return {
    aws,
    refusal: () => refusal(arn),
    lock: () =>
      aws.clients.secretsManager.send(
        new TagResourceCommand({ SecretId: arn, Tags: [{ Key: tag.lockdown, Value: 'on' }] }),
      ),
    disable: () => aws.clients.kms.send(new DisableKeyCommand({ KeyId: kmsKeyId })),
  };
}

describe('a read by the probe', () => {
  it('that succeeds is no refusal', async () => {
    expect(await secretOf().refusal()).toBeUndefined();
  });

  it('is refused by the policy of a locked secret', async () => {
    const { lock, refusal } = secretOf();
    await lock();
    expect(await refusal()).toBe('policy');
  });

  it('is refused by a CMK that is disabled', async () => {
    const { disable, refusal } = secretOf();
    await disable();
    expect(await refusal()).toBe('cmk');
  });

  it('is refused by the policy before the CMK is asked', async () => {
    const { lock, disable, refusal } = secretOf();
    await lock();
    await disable();
    expect(await refusal()).toBe('policy');
  });

  it('that the role has no permission for proves nothing, and fails', async () => {
    const { refusal } = secretOf({ reads: [] });
    await expect(refusal()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });

  it('whose role can not be assumed fails', async () => {
    const { aws, refusal } = secretOf();
    aws.faults.fail('AssumeRole', { error: 'throttled' });
    await expect(refusal()).rejects.toMatchObject({ code: 'THROTTLED' });
  });
});
