import { beforeEach, describe, expect, it } from 'vitest';
import { emergencyFunction } from '../../../lambda/adapters/emergency-function.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

const NAME = 'amplitude-dev-emergency';
const doneAt = '2026-11-24T12:00:00.000Z';
const done = { what: 'Deny all reads', doneAt };
const contained = { contained: true, proof: 'A read was refused.' };

let aws: FakeAws;
beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T12:00:00Z') });
});

function lockAnswered(answer: unknown) {
  aws.functions.set(NAME, async () => answer);
  return emergencyFunction(aws.clients.lambda, NAME).lock('web', 'It was lost');
}
const failing = (why: string) => ({
  code: 'AWS_CALL_FAILED',
  message: `Function ${NAME} could not put the lockdown of web back; the next sweep tries again while the tag is missing. ${why}`,
  fields: { key: 'web', call: 'Invoke' },
});

describe('a lockdown that the sweep asks for', () => {
  it('is of the one key, for the reason given', async () => {
    await lockAnswered({ plan: [done], contained });
    expect(aws.lambda.payloads).toEqual([
      {
        action: 'lockdown',
        scope: 'key',
        key: 'web',
        reason: 'It was lost',
        caller: 'the hourly sweep',
      },
    ]);
  });

  it('is done when every step was and a read was seen to fail', async () => {
    await expect(lockAnswered({ plan: [done], contained })).resolves.toBeUndefined();
  });

  it('has failed when a step has, and says which and why', async () => {
    const failed = { what: 'Write it down', failed: 'AWS denied it. (ACCESS_DENIED)' };
    await expect(lockAnswered({ plan: [done, failed], contained })).rejects.toMatchObject(
      failing('Write it down: AWS denied it. (ACCESS_DENIED)'),
    );
  });

  it('has failed when a read still succeeds', async () => {
    const proof = 'A read still succeeds.';
    const answer = { plan: [done], contained: { contained: false, proof } };
    await expect(lockAnswered(answer)).rejects.toMatchObject(failing(proof));
  });

  it('has failed when the function has', async () => {
    aws.functions.set(NAME, () => Promise.reject(new Error('secret details')));
    const { lock } = emergencyFunction(aws.clients.lambda, NAME);
    await expect(lock('web', 'It was lost')).rejects.toMatchObject(
      failing('Its log group says why.'),
    );
  });

  it.each([
    ['nothing', null],
    ['no plan', { contained }],
    ['no proof', { plan: [done] }],
    ['a proof of another form', { plan: [done], contained: true }],
    ['more steps of no form than can be told', { plan: Array(200_000).fill(null), contained }],
  ])('has failed when the answer holds %s', async (_, answer) => {
    await expect(lockAnswered(answer)).rejects.toMatchObject(
      failing('Its answer is no report of a lockdown.'),
    );
  });

  it('repeats no key of the answer', async () => {
    const proof = `a read gave ${'f'.repeat(32)}`;
    const answer = { plan: [done], contained: { contained: false, proof } };
    await expect(lockAnswered(answer)).rejects.toMatchObject(failing('Its log group says why.'));
  });

  it.each([
    ['is no JSON', { Payload: new TextEncoder().encode('<html>') }],
    ['is empty', {}],
  ])('has failed when the answer %s', async (_, answer) => {
    aws.lambda.answers = answer;
    const { lock } = emergencyFunction(aws.clients.lambda, NAME);
    await expect(lock('web', 'It was lost')).rejects.toMatchObject(
      failing('Its answer is no report of a lockdown.'),
    );
  });
});
