import { describe, expect, it } from 'vitest';
import { proofOf } from '../../../../../lambda/domain/access-guard/answer/mfa.ts';
import { once } from '../../../../../lambda/domain/access-guard/answer/once.ts';
import type { RecordedCall } from '../../../../../lambda/domain/access-guard/call.ts';
import { call } from './weighed.ts';

const user = { kind: 'IAMUser', userName: 'ann', userId: 'AIDAEXAMPLE' } as const;

async function proved(of: Partial<RecordedCall>, has?: boolean) {
  const asked: string[] = [];
  const factors = {
    async has(userName: string) {
      asked.push(userName);
      return has;
    },
  };
  return { ...(await proofOf(call(of), factors)), asked };
}

describe('MFA', () => {
  it('is proved by the session alone', async () => {
    expect(await proved({ ...user, mfa: 'yes' }, false)).toMatchObject({
      isProved: true,
      told: 'its session was opened with MFA',
      asked: [],
    });
  });

  it('is missing where the session says so, whatever devices there are', async () => {
    expect(await proved({ ...user, mfa: 'no' }, true)).toMatchObject({
      isProved: false,
      told: 'its session was opened without MFA',
      asked: [],
    });
  });

  it.each([
    [false, 'its user has no MFA device'],
    [true, 'its user has an MFA device, which this session does not show to have been used'],
    [undefined, 'IAM gave no answer to whether its user has an MFA device'],
  ])('of a user whose session does not tell is asked of IAM: %s', async (has, told) => {
    expect(await proved(user, has)).toEqual({ isProved: false, told, asked: ['ann'] });
  });

  it.each([
    ['a role', {}],
    ['a user without a name', { kind: 'IAMUser' }],
    ['a role whose session says nothing', { kind: 'AssumedRole', userName: 'role' }],
  ] as const)('of %s is not asked of IAM', async (_, of) => {
    expect(await proved(of)).toEqual({ isProved: false, asked: [] });
  });
});

it('the same is asked once', async () => {
  let asked = 0;
  const ask = once(async (what: string) => {
    asked += 1;
    return `${what} ${asked}`;
  });
  expect(await Promise.all([ask('ann'), ask('ann'), ask('bob'), ask('ann')])).toEqual([
    'ann 1',
    'ann 1',
    'bob 2',
    'ann 1',
  ]);
});
