import { UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLACEHOLDER, secretName, tag } from '../../../../lambda/contract.ts';
import { openRelayed, type Relayed } from '../../desk/relayed.ts';

let relayed: Relayed;
beforeEach(async () => {
  relayed = await openRelayed();
});
afterEach(() => relayed.desk.close());

const STATUS = ['relay', 'status', '--env', 'prod'];
const aws = () => relayed.desk.prod.aws;
const status = () => relayed.desk.json(STATUS);
const secret = secretName('prod', 'server');

describe('a relay that is held back, while inspect', () => {
  beforeEach(async () => {
    const off = new UpdateEventSourceMappingCommand({ UUID: relayed.mapping, Enabled: false });
    await aws().clients.lambda.send(off);
  });

  it('reads its current key, has it rejected', async () => {
    expect(await status()).toMatchObject({ code: 0, heldFor: 'rejected' });
  });

  it.each<[string, () => unknown]>([
    ['can not read it', () => relayed.desk.prod.disableCmk()],
    [
      'reads it in spite of a lockdown',
      () =>
        aws().clients.secretsManager.send(
          new TagResourceCommand({ SecretId: secret, Tags: [{ Key: tag.lockdown, Value: 'on' }] }),
        ),
    ],
  ])('%s, can not read it', async (_, spoil) => {
    await spoil();
    const { code, heldFor, todo } = await status();
    expect({ code, heldFor }).toEqual({ code: 0, heldFor: 'unreadable' });
    expect(todo[0]).toContain('npx keyctl status --env prod --key server says what is wrong');
  });

  it('reads a placeholder, has none yet', async () => {
    aws().secretsManager.putByHand(secret, PLACEHOLDER);
    const { code, heldFor, todo } = await status();
    expect({ code, heldFor }).toEqual({ code: 0, heldFor: 'missing' });
    expect(todo[0]).toContain('npx keyctl stage --env prod --key server');
  });

  it('gives no answer, is told of all the same', async () => {
    aws().faults.fail('Invoke', { error: 'access-denied' });
    const { code, heldFor, unreadable, todo } = await status();
    expect({ code, heldFor }).toEqual({ code: 1, heldFor: undefined });
    expect(todo[0]).toContain('npx keyctl verify --env prod --key server');
    expect(unreadable).toMatchObject([{ part: 'held', code: 'ACCESS_DENIED' }]);
  });
});

it('inspect is asked of no relay that goes on', async () => {
  expect(await status()).not.toHaveProperty('heldFor');
  expect(relayed.desk.calls).not.toContain('Invoke');
});
