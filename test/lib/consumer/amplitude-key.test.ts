import { inspect } from 'node:util';
import {
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { PLACEHOLDER, tag } from '../../../lambda/contract.ts';
import {
  type AmplitudeKey,
  type AmplitudeKeyOptions,
  amplitudeKey,
} from '../../../lib/consumer/amplitude-key.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';
import type { Failure } from '../../aws/fakes/faults.ts';
import { reader, readsOf } from './reader.ts';

const secretId = 'amplitude/dev/web';
const [FIRST, SECOND, THIRD, FOURTH] = ['1', '2', '3', '4'].map((digit) => digit.repeat(32)) as [
  string,
  string,
  string,
  string,
];
const GET = 'GetSecretValue';
const label = (day: number) => `RETAINED-UNTIL-202612${day}T000000Z-1a2b3c4${day % 10}`;
let aws: FakeAws;
let key: AmplitudeKey;

const documentOf = (apiKey: string) => JSON.stringify({ apiKey, name: 'web' });
const put = (apiKey: string, labels?: readonly string[]) =>
  aws.secretsManager.putByHand(secretId, documentOf(apiKey), labels);
const lockdown = (Value: string) => {
  const Tags = [{ Key: tag.lockdown, Value }];
  return aws.clients.secretsManager.send(new TagResourceCommand({ SecretId: secretId, Tags }));
};
/** What a promise is refused with, as somebody may print it: message, fields and causes. */
async function refusal(work: Promise<unknown>) {
  const error = await work.then(
    () => expect.fail('It was not refused.'),
    (reason) => reason,
  );
  const printed = inspect(error, { depth: 10, showHidden: true });
  expect(printed).not.toMatch(/(\w)\1{7}/);
  return { code: error.code, message: error.message };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  aws.secretsManager.seedSecret({ name: secretId, value: documentOf(FIRST) });
  key = amplitudeKey({ secretId, client: reader(aws) });
});
afterEach(() => vi.useRealTimers());

describe('the key in use', () => {
  it('is the current one, read once however many ask', async () => {
    const asked = Array.from({ length: 50 }, () => key.current());
    expect(new Set(await Promise.all(asked))).toEqual(new Set([FIRST]));
    expect(readsOf(aws)).toEqual([GET]);
  });

  it('is read again after five minutes, or as long as is wished', async () => {
    await key.current();
    put(SECOND);
    vi.advanceTimersByTime(299_000);
    expect(await key.current()).toBe(FIRST);
    vi.advanceTimersByTime(2_000);
    expect(await key.current()).toBe(SECOND);
    expect(readsOf(aws)).toEqual([GET, GET]);

    const patient = amplitudeKey({ secretId, client: reader(aws), maxAge: 3600 });
    await patient.current();
    put(THIRD);
    vi.advanceTimersByTime(3_599_000);
    expect(await patient.current()).toBe(SECOND);
    vi.advanceTimersByTime(2_000);
    expect(await patient.current()).toBe(THIRD);
  });

  it('is the secret key of a secret that holds one', async () => {
    aws.secretsManager.putByHand(secretId, JSON.stringify({ secretKey: FOURTH }));
    expect(await key.current()).toBe(FOURTH);
  });

  it('can be printed without a word of it', async () => {
    await key.current();
    const printed = [inspect(key, { depth: 10, showHidden: true }), JSON.stringify(key), `${key}`];
    expect(printed.join()).not.toContain(FIRST.slice(0, 8));
  });
});

describe('a key that Amplitude rejects', () => {
  it('is given up for the one that is current by now, with one read however many tell of it', async () => {
    await key.current();
    put(SECOND);
    const told = Array.from({ length: 50 }, () => key.rejected(FIRST));
    expect(new Set(await Promise.all(told))).toEqual(new Set([SECOND]));
    expect(await key.current()).toBe(SECOND);
    expect(readsOf(aws)).toEqual([GET, GET]);
  });

  it('that is current is given up for those that are retained, the last replaced first', async () => {
    aws.secretsManager.putByHand(secretId, documentOf(FOURTH), [label(10)]);
    aws.secretsManager.putByHand(secretId, documentOf(THIRD), [label(20)]);
    put(SECOND);
    expect(await key.current()).toBe(SECOND);
    aws.resetCalls();
    expect(await key.rejected(SECOND)).toBe(FIRST);
    expect(readsOf(aws)).toEqual([GET, 'DescribeSecret', `${GET} AWSPREVIOUS`]);
    expect(await key.rejected(FIRST)).toBe(THIRD);
    expect(await key.rejected(THIRD)).toBe(FOURTH);
    expect(readsOf(aws).slice(3)).toEqual([`${GET} ${label(20)}`, `${GET} ${label(10)}`]);
    expect(await key.current()).toBe(FOURTH);
  });

  it('is given up for the previous one alone if the consumer may not describe the secret', async () => {
    key = amplitudeKey({ secretId, client: reader(aws, { describes: false }) });
    aws.secretsManager.putByHand(secretId, documentOf(THIRD), [label(20)]);
    put(SECOND);
    expect(await key.rejected(await key.current())).toBe(FIRST);
    expect(await refusal(key.rejected(FIRST))).toMatchObject({ code: 'NO_KEY_ACCEPTED' });
  });

  it('is never given up for one that leaked', async () => {
    const leaked = put(SECOND);
    put(THIRD);
    aws.secretsManager.putByHand(secretId, documentOf(FOURTH), [label(20)]);
    const VersionStage = `COMPROMISED-20261124T000000Z-${leaked.slice(0, 8)}`;
    const input = { SecretId: secretId, VersionStage, MoveToVersionId: leaked };
    await aws.clients.secretsManager.send(new UpdateSecretVersionStageCommand(input));
    expect(await key.rejected(THIRD)).toBe(FOURTH);
    expect(readsOf(aws)).not.toContain(`${GET} AWSPREVIOUS`);
  });

  it('is tried again after five minutes, in case Amplitude was mistaken', async () => {
    key = amplitudeKey({ secretId, client: reader(aws), maxAge: 3600 });
    put(SECOND);
    await key.current();
    expect(await key.rejected(SECOND)).toBe(FIRST);
    vi.advanceTimersByTime(299_000);
    expect(await key.current()).toBe(FIRST);
    vi.advanceTimersByTime(2_000);
    expect(await key.current()).toBe(SECOND);
  });

  it('with no other left is an error, until another one is current; it is looked for every ten seconds', async () => {
    await key.current();
    expect(await refusal(key.rejected(FIRST))).toEqual({
      code: 'NO_KEY_ACCEPTED',
      message: expect.stringMatching(`${secretId}.*in the repository of amplitude-keys`),
    });
    aws.resetCalls();
    put(SECOND);
    for (let second = 0; second < 9; second++) {
      vi.advanceTimersByTime(1_000);
      expect(await refusal(key.current())).toMatchObject({ code: 'NO_KEY_ACCEPTED' });
    }
    expect(readsOf(aws)).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(await key.current()).toBe(SECOND);
    expect(readsOf(aws)).toEqual([GET]);
  });
});

describe('while AWS cannot be asked', () => {
  const failures: [string, Failure, string][] = [
    ['throttles', 'throttled', 'THROTTLED'],
    ['denies the read', 'access-denied', 'ACCESS_DENIED'],
    ['does not answer', 'timeout', 'AWS_CALL_FAILED'],
    ['fails', { name: 'InternalServiceError', httpStatus: 500 }, 'AWS_CALL_FAILED'],
    ['has no use of the KMS key', { name: 'DecryptionFailure' }, 'CMK_UNAVAILABLE'],
    ['takes the credentials for expired', { name: 'ExpiredTokenException' }, 'CREDENTIALS_EXPIRED'],
  ];

  it.each(failures)('since it %s, a start fails with a code', async (_, error, code) => {
    aws.faults.fail(GET, { error });
    const { message, ...told } = await refusal(key.current());
    expect(told).toEqual({ code });
    expect(message).toContain(secretId);
    expect(aws.faults.pending).toEqual([]);
  });

  it('a start fails at once for ten seconds, and then asks again', async () => {
    aws.faults.fail(GET, { error: 'throttled' });
    const asked = Array.from({ length: 20 }, () => refusal(key.current()));
    for (const { code } of await Promise.all(asked)) expect(code).toBe('THROTTLED');
    vi.advanceTimersByTime(9_000);
    expect(await refusal(key.current())).toMatchObject({ code: 'THROTTLED' });
    expect(readsOf(aws)).toEqual([GET]);
    vi.advanceTimersByTime(1_000);
    expect(await key.current()).toBe(FIRST);
  });

  it.each(failures)('since it %s, the last key goes on, without a word', async (_, error) => {
    const words = vi.spyOn(console, 'warn');
    await key.current();
    put(SECOND);
    aws.faults.fail(GET, { error, times: 3 });
    aws.resetCalls();
    for (let second = 301; second > 276; second--) {
      vi.advanceTimersByTime(second === 301 ? 301_000 : 1_000);
      expect(await key.current()).toBe(FIRST);
    }
    expect(readsOf(aws)).toEqual([GET, GET, GET]);
    vi.advanceTimersByTime(10_000);
    expect(await key.current()).toBe(SECOND);
    expect(words).not.toHaveBeenCalled();
  });

  it('a rejected key is an error, until AWS can be asked again', async () => {
    await key.current();
    put(SECOND);
    aws.faults.fail(GET, { error: 'timeout' });
    expect(await refusal(key.rejected(FIRST))).toMatchObject({ code: 'AWS_CALL_FAILED' });
    vi.advanceTimersByTime(10_000);
    expect(await key.current()).toBe(SECOND);
  });

  it('about a retained key, the error says that not all could be read', async () => {
    put(SECOND);
    await key.current();
    const where = ({ VersionStage }: { VersionStage?: unknown }) => VersionStage === 'AWSPREVIOUS';
    aws.faults.fail(GET, { error: 'throttled', where });
    expect(await refusal(key.rejected(SECOND))).toEqual({
      code: 'NO_KEY_ACCEPTED',
      message: expect.stringContaining('that could be read'),
    });
    vi.advanceTimersByTime(10_000);
    expect(await key.current()).toBe(FIRST);
  });
});

describe('a secret', () => {
  it('that is locked down stops what starts, and not what runs', async () => {
    await key.current();
    await lockdown('on');
    vi.advanceTimersByTime(301_000);
    expect(await key.current()).toBe(FIRST);
    const starting = amplitudeKey({ secretId, client: reader(aws) });
    expect(await refusal(starting.current())).toMatchObject({ code: 'ACCESS_DENIED' });
    await lockdown('off');
    vi.advanceTimersByTime(10_000);
    expect(await starting.current()).toBe(FIRST);
  });

  it.each([
    ['the placeholder', PLACEHOLDER, 'NO_KEY_YET'],
    ['a key that is not JSON', 'a'.repeat(32), 'VALUE_MALFORMED'],
    ['JSON of another kind', JSON.stringify([SECOND]), 'VALUE_MALFORMED'],
    ['JSON null', 'null', 'VALUE_MALFORMED'],
    ['an empty key', '{"apiKey":""}', 'VALUE_MALFORMED'],
  ])('with %s is an error with a code, and is not printed', async (_, value, code) => {
    aws.secretsManager.putByHand(secretId, value);
    expect(await refusal(key.current())).toEqual({
      code,
      message: expect.stringContaining(`${secretId} h`),
    });
  });

  it.each([PLACEHOLDER, '{}'])(
    'says where keyctl is, since a program that only reads keys has none (%s)',
    async (value) => {
      aws.secretsManager.putByHand(secretId, value);
      const { message } = await refusal(key.current());
      expect(message).toMatch(/in the repository of amplitude-keys: npx keyctl stage/);
    },
  );

  it('that does not exist is an error with a code', async () => {
    key = amplitudeKey({ secretId: 'amplitude/dev/none', client: reader(aws) });
    expect(await refusal(key.current())).toMatchObject({ code: 'SECRET_NOT_FOUND' });
  });
});

describe('a program that is set up wrongly learns at once', () => {
  it.each<[string, unknown, string]>([
    ['no options', undefined, 'no secretId'],
    ['no secret, as of a variable that is unset', { secretId: undefined }, 'no secretId'],
    ['an empty name', { secretId: '' }, 'no secretId'],
    ['the key itself', { secretId: SECOND }, 'looks like a key'],
    ['an age that is text', { secretId, maxAge: '60' }, 'maxAge'],
    ['an age that is no number', { secretId, maxAge: Number('five') }, 'maxAge'],
    ['an age without an end', { secretId, maxAge: Number.POSITIVE_INFINITY }, 'maxAge'],
    ['an age below nothing', { secretId, maxAge: -1 }, 'maxAge'],
  ])('of %s', async (_, options, word) => {
    const start = async () => amplitudeKey(options as AmplitudeKeyOptions).current();
    expect(await refusal(start())).toEqual({
      code: 'SETTING_INVALID',
      message: expect.stringContaining(word),
    });
    expect(aws.calls).toEqual([]);
  });

  it('of a Region that is missing', async () => {
    for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE']) {
      vi.stubEnv(name, undefined);
    }
    for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) {
      vi.stubEnv(name, '/dev/null');
    }
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await refusal(amplitudeKey({ secretId }).current())).toEqual({
      code: 'SETTING_INVALID',
      message: expect.stringContaining('AWS_REGION'),
    });
  });
});

describe('a clock', () => {
  it('that is set back delays the next read on time, and none after a rejection', async () => {
    await key.current();
    put(SECOND);
    vi.setSystemTime(Date.now() - 86_400_000);
    expect(await key.current()).toBe(FIRST);
    expect(await key.rejected(FIRST)).toBe(SECOND);
  });

  it('that is set forward means one more read', async () => {
    await key.current();
    vi.setSystemTime(Date.now() + 86_400_000);
    expect([await key.current(), await key.current()]).toEqual([FIRST, FIRST]);
    expect(readsOf(aws)).toEqual([GET, GET]);
  });
});
