import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from 'vitest';
import { quarantineTags } from '../../../lambda/adapters/quarantine-tags.ts';
import type { FakeAws } from '../../aws/fakes/fake-aws.ts';
import { fakeWith } from '../quarantined.ts';

const SECRET = 'amplitude/dev/web';
let aws: FakeAws;
beforeEach(() => {
  aws = fakeWith();
});

const change = (set: Record<string, string>, off: readonly string[], secret = SECRET) =>
  quarantineTags(aws.clients.secretsManager).change(secret, set, off);
const tags = () => aws.secretsManager.tagsOf(SECRET);
const commands = () => aws.calls.map(({ command }) => command);

describe('tags', () => {
  it('are set before others are taken off, and any other stays', async () => {
    await change({ a: '1', b: '2', c: '3' }, []);
    await change({ a: '4' }, ['b', 'never-there']);
    expect(tags()).toEqual({ a: '4', c: '3' });
    expect(commands()).toEqual(['TagResource', 'TagResource', 'UntagResource']);
  });

  it('that are right already may be set and taken off again', async () => {
    await change({ a: '1' }, ['b']);
    await change({ a: '1' }, ['b']);
    expect(tags()).toEqual({ a: '1' });
  });

  it('of no change ask AWS nothing', async () => {
    await change({}, []);
    expect(commands()).toEqual([]);
  });
});

describe('a change that fails', () => {
  it.each([
    ['TagResource', 'before', { b: '2' }],
    ['TagResource', 'after', { a: '1', b: '2' }],
    ['UntagResource', 'before', { a: '1', b: '2' }],
    ['UntagResource', 'after', { a: '1' }],
  ] as const)(
    'in %s, %s it took effect, denies rather too much, and is done by the same call again',
    async (command, when, left) => {
      await change({ b: '2' }, []);
      aws.faults.fail(command, { error: 'timeout', when });
      await expect(change({ a: '1' }, ['b'])).rejects.toMatchObject({
        code: 'AWS_CALL_FAILED',
        fields: { call: command },
      });
      expect(tags()).toEqual(left);
      await change({ a: '1' }, ['b']);
      expect(tags()).toEqual({ a: '1' });
    },
  );

  it('says what of', async () => {
    aws.faults.fail('TagResource', { error: 'throttled' });
    await expect(change({ a: '1' }, [])).rejects.toThrow(`TagResource of secret ${SECRET} failed`);
    await expect(change({ a: '1' }, [], 'amplitude/dev/none')).rejects.toMatchObject({
      code: 'SECRET_NOT_FOUND',
    });
    const deleting = new DeleteSecretCommand({ SecretId: SECRET, RecoveryWindowInDays: 7 });
    await aws.clients.secretsManager.send(deleting);
    await expect(change({ a: '1' }, [])).rejects.toMatchObject({
      code: 'SECRET_MARKED_FOR_DELETION',
    });
  });
});
