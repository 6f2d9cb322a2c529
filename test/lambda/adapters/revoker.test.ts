import { beforeEach, describe, expect, it } from 'vitest';
import { revoker } from '../../../lambda/adapters/revoker.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

const NAME = 'amplitude-dev-emergency';
let aws: FakeAws;
beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T12:00:00Z') });
});

const revoke = () =>
  revoker(aws.clients.lambda, NAME).revoke('web', 'aaaaaaaa-1111', 'Risk 97, event e1');

describe('a revocation that the access guard asks for', () => {
  it('is of one version, for the reason given, and nobody waits for it', async () => {
    let isMet = false;
    aws.functions.set(NAME, async () => {
      isMet = true;
    });
    await revoke();
    expect(isMet).toBe(false);
    expect(aws.calls.at(-1)?.input).toMatchObject({ InvocationType: 'Event' });
    await aws.lambda.settled();
    expect(isMet).toBe(true);
    expect(aws.lambda.payloads).toEqual([
      {
        action: 'revoke',
        key: 'web',
        version: 'aaaaaaaa-1111',
        reason: 'Risk 97, event e1',
        caller: 'the access guard',
      },
    ]);
  });

  it('that Lambda does not take is told', async () => {
    await expect(revoke()).rejects.toMatchObject({
      code: 'AWS_CALL_FAILED',
      fields: { call: 'Invoke', awsError: 'ResourceNotFoundException' },
    });
    aws.faults.fail('Invoke', { error: 'throttled' });
    await expect(revoke()).rejects.toMatchObject({ code: 'THROTTLED' });
  });
});
