import { beforeEach, describe, expect, it } from 'vitest';
import { relayTokens } from '../../../lambda/adapters/relay-tokens.ts';
import { relayDigestKeyName, relayTokenName } from '../../../lambda/contract.ts';
import type { SecretValue } from '../../../lambda/domain/secret-value.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

const [TOKEN, DIGEST_KEY] = [relayTokenName('dev'), relayDigestKeyName('dev')];
const [FIRST, SECOND, THIRD] = ['1', '2', '3'].map((one) => `token-${one}-of-the-relay`);

let aws: FakeAws;
let told: string[];
beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  told = [];
});

const tokens = () =>
  relayTokens({
    client: aws.clients.secretsManager,
    environment: 'dev',
    now: () => aws.clock.now(),
    tell: ({ code }) => void told.push(code),
  });
const put = (token: unknown) => aws.secretsManager.putByHand(TOKEN, JSON.stringify({ token }));
const revealed = (values: readonly SecretValue[]) => values.map((value) => value.reveal());

describe("the relay's tokens", () => {
  it('are the current one, and the one before it if there is one', async () => {
    aws.secretsManager.seedSecret({ name: TOKEN, value: JSON.stringify({ token: FIRST }) });
    expect(revealed(await tokens().accepted())).toEqual([FIRST]);
    put(SECOND);
    expect(revealed(await tokens().accepted())).toEqual([SECOND, FIRST]);
    put(THIRD);
    expect(revealed(await tokens().renewed())).toEqual([THIRD, SECOND]);
    expect(told).toEqual([]);
  });

  it('are known for five minutes, and never printed', async () => {
    aws.secretsManager.seedSecret({ name: TOKEN, value: JSON.stringify({ token: FIRST }) });
    const known = tokens();
    await known.accepted();
    put(SECOND);
    aws.clock.advance(5 * 60_000);
    const accepted = await known.accepted();
    expect(revealed(accepted)).toEqual([FIRST]);
    expect(`${accepted} ${JSON.stringify(accepted)}`).toBe('[redacted] ["[redacted]"]');
    aws.clock.advance(1);
    expect(revealed(await known.accepted())).toEqual([SECOND, FIRST]);
  });

  it('have the one in use among them though it is replaced between the two reads', async () => {
    aws.secretsManager.seedSecret({ name: TOKEN, value: JSON.stringify({ token: FIRST }) });
    put(SECOND);
    let reads = 0;
    aws.onCall = () => {
      reads += 1;
      if (reads === 2) put(THIRD);
    };
    expect(revealed(await tokens().accepted())).toContain(SECOND);
  });

  it.each([
    '',
    'short',
    'x'.repeat(513),
    'two words and more of them',
    'a-token-of-two\nlines-or-more',
    7,
    null,
  ])('are none that are empty, short or no words: %j', async (token) => {
    aws.secretsManager.seedSecret({ name: TOKEN, value: JSON.stringify({ token }) });
    await expect(tokens().accepted()).rejects.toMatchObject({
      code: 'VALUE_MALFORMED',
      message: expect.not.stringContaining('token-of'),
    });
    expect(told).toEqual(['VALUE_MALFORMED']);
    put(FIRST);
    expect(revealed(await tokens().accepted())).toEqual([FIRST]);
  });

  it.each([
    ['no secret', undefined, 'SECRET_NOT_FOUND'],
    ['no value', { name: TOKEN }, 'SECRET_NOT_FOUND'],
    ['no JSON', { name: TOKEN, value: FIRST }, 'VALUE_MALFORMED'],
    ['JSON of something else', { name: TOKEN, value: '["token"]' }, 'VALUE_MALFORMED'],
  ])('are told to be missing where there is %s', async (_, seed, code) => {
    if (seed) aws.secretsManager.seedSecret(seed as { name: string });
    const failure = await tokens()
      .accepted()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: expect.stringContaining(TOKEN) });
    expect(JSON.stringify(failure)).not.toContain(FIRST);
  });

  it("can't be read without the current one, nor without knowing whether there is another", async () => {
    aws.secretsManager.seedSecret({ name: TOKEN, value: JSON.stringify({ token: FIRST }) });
    for (const nth of [1, 2]) {
      aws.faults.fail('GetSecretValue', { error: 'access-denied', nth });
      await expect(tokens().accepted()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    }
  });
});

describe('the key of the digests', () => {
  it('is a secret of its own, used on for an hour', async () => {
    aws.secretsManager.seedSecret({
      name: DIGEST_KEY,
      value: JSON.stringify({ digestKey: 'k'.repeat(64) }),
    });
    const known = tokens();
    expect((await known.digestKey()).reveal()).toBe('k'.repeat(64));
    aws.faults.fail('GetSecretValue', { error: 'throttled', times: 100 });
    aws.clock.advance(3_600_000);
    expect((await known.digestKey()).reveal()).toBe('k'.repeat(64));
    aws.clock.advance(1);
    await expect(known.digestKey()).rejects.toMatchObject({ code: 'THROTTLED' });
  });
});
