import { DisableKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { cmk } from '../../../lambda/adapters/kms.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

function keyWith(rotationDays?: number) {
  const aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  const arn = aws.kms.seedKey(rotationDays ? { rotationDays } : {});
  return { aws, arn, describe: () => cmk(aws.clients.kms, arn).describe() };
}

describe('the CMK', () => {
  it('is told with its rotation', async () => {
    const { arn, describe } = keyWith(365);
    expect(await describe()).toEqual({
      arn,
      state: 'Enabled',
      rotationEnabled: true,
      nextRotationAt: '2027-11-24T00:00:00.000Z',
    });
  });

  it('may be one that KMS does not rotate', async () => {
    expect(await keyWith().describe()).toMatchObject({ state: 'Enabled', rotationEnabled: false });
  });

  it('is told by its state when it is disabled or pending deletion', async () => {
    const disabled = keyWith(365);
    await disabled.aws.clients.kms.send(new DisableKeyCommand({ KeyId: disabled.arn }));
    expect(await disabled.describe()).toEqual({
      arn: disabled.arn,
      state: 'Disabled',
      rotationEnabled: false,
    });
    expect(disabled.aws.countOf('GetKeyRotationStatus')).toBe(0);
    const doomed = keyWith(365);
    await doomed.aws.clients.kms.send(new ScheduleKeyDeletionCommand({ KeyId: doomed.arn }));
    expect(await doomed.describe()).toMatchObject({ state: 'PendingDeletion' });
  });

  it('that may not be asked about is an error of ours', async () => {
    const { aws, describe } = keyWith(365);
    aws.faults.fail('GetKeyRotationStatus', { error: 'access-denied' });
    await expect(describe()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });
});
