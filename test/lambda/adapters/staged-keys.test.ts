import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import { stagedKeys } from '../../../lambda/adapters/staged-keys.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

const KEY = '5'.repeat(32);
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
});

const put = (name: string, Value: string, path = '/amplitude/dev/web/staged') =>
  aws.clients.ssm.send(
    new PutParameterCommand({ Name: `${path}/${name}`, Value, Type: 'SecureString' }),
  );
const list = () => stagedKeys(aws.clients.ssm).list('dev', 'web');

describe('a parameter whose name may be a key', () => {
  it('is never called by it', async () => {
    await put('a'.repeat(32), 'b'.repeat(32));
    const [staged] = await list();
    expect(staged?.id).toBe('a-name-that-may-be-a-key');
  });
});

describe('the staged keys', () => {
  it('are not called by a key that somebody put for a name', async () => {
    await put('abc', JSON.stringify({ key: KEY, name: `next: ${KEY}` }));
    expect((await list())[0]?.name).toBe('next: [redacted]');
  });

  it("have a name in Amplitude's UI and the time they were staged", async () => {
    await put('abc', JSON.stringify({ key: KEY, name: 'web, next' }));
    const [staged] = await list();
    expect(staged).toMatchObject({
      id: 'abc',
      name: 'web, next',
      stagedAt: new Date('2026-11-24T00:00:00Z'),
    });
    expect(staged?.value.reveal()).toBe(KEY);
  });

  it.each([
    ['a bare key', KEY],
    ['a bare key that is also a number', '12345678'.repeat(4)],
  ])('may be put by hand as %s', async (_, value) => {
    await put('abc', value);
    const [staged] = await list();
    expect(staged?.value.reveal()).toBe(value);
    expect(staged?.name).toBeUndefined();
  });

  it('tell no key that was written into a name', async () => {
    await put('abc', JSON.stringify({ key: KEY, name: `web ${KEY}` }));
    expect((await list())[0]?.name).toBe('web [redacted]');
  });

  it.each(['{', '[]', '{"name":"x"}', 'null'])(
    'of no use (%s) are kept as they are, to be refused',
    async (value) => {
      await put('abc', value);
      expect((await list())[0]?.value.wellFormed).toBe(false);
    },
  );

  it('are all found, however many pages there are', async () => {
    for (let index = 0; index < 25; index++) await put(`fp-${index}`, KEY);
    expect(await list()).toHaveLength(25);
  });

  it('are those of this key only', async () => {
    await put('abc', KEY, '/amplitude/dev/web-2/staged');
    await put('abc', KEY, '/amplitude/prod/web/staged');
    expect(await list()).toEqual([]);
  });

  it('can be removed twice', async () => {
    await put('abc', KEY);
    await stagedKeys(aws.clients.ssm).remove('dev', 'web', 'abc');
    await stagedKeys(aws.clients.ssm).remove('dev', 'web', 'abc');
    expect(aws.ssm.names()).toEqual([]);
  });
});
