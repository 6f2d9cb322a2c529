import { ListMFADevicesCommand } from '@aws-sdk/client-iam';
import { beforeEach, describe, expect, it } from 'vitest';
import { secondFactors } from '../../../lambda/adapters/second-factors.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';
import { refusal } from '../../aws/recorded/row.ts';

let aws: FakeAws;
beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T12:00:00Z') });
  aws.iam.seedUser('ann', ['phone']);
  aws.iam.seedUser('bob');
});

const has = (userName: string) => secondFactors(aws.clients.iam).has(userName);

describe('an MFA device of a user', () => {
  it('is there or not', async () => {
    expect(await has('ann')).toBe(true);
    expect(await has('bob')).toBe(false);
  });

  it('of a user who is gone, or has no such name, is not known', async () => {
    expect(await has('eve')).toBeUndefined();
    expect(await has('no/name')).toBeUndefined();
    const ask = (UserName: string) =>
      refusal(aws.clients.iam.send(new ListMFADevicesCommand({ UserName })));
    expect(await ask('eve')).toMatchObject({ name: 'NoSuchEntityException' });
    expect(await ask('no/name')).toMatchObject({ name: 'ValidationError' });
  });

  it.each(['throttled', 'timeout', 'access-denied'] as const)(
    'is not known to whom IAM answers %s',
    async (error) => {
      aws.faults.fail('ListMFADevices', { error });
      expect(await has('ann')).toBeUndefined();
      expect(aws.faults.pending).toEqual([]);
    },
  );

  it('may be on a page that follows an empty one', async () => {
    aws.iam.pagesEmpty = true;
    expect(await has('ann')).toBeUndefined();
  });
});
