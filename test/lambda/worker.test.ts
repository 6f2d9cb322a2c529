import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KeysError } from '../../lambda/domain/errors.ts';
import { createLog } from '../../lambda/log.ts';
import { worker } from '../../lambda/worker.ts';
import { createWorld, FINGERPRINTS, KEYS, type World } from './world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const lines = () => world.printed.map((line) => JSON.parse(line));
const logLines = () => lines().filter((line) => line.level !== undefined);

describe('a log line', () => {
  it('has timestamp, level, service, trace_id, message, user_id and metadata, and nothing else', async () => {
    process.env._X_AMZN_TRACE_ID = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';
    await world.stage(KEYS.second);
    await world.rotate();
    delete process.env._X_AMZN_TRACE_ID;
    for (const line of logLines()) {
      expect(Object.keys(line)).toEqual([
        'timestamp',
        'level',
        'service',
        'trace_id',
        'message',
        'user_id',
        'metadata',
      ]);
    }
    expect(logLines()).toContainEqual(
      expect.objectContaining({
        level: 'INFO',
        service: 'amplitude-rotation',
        trace_id: '1-5759e988-bd862e3fe1be46a994272793',
        message: 'Key promoted',
        user_id: 'secretsmanager.amazonaws.com',
        metadata: expect.objectContaining({ key: 'web', fingerprint: FINGERPRINTS.second }),
      }),
    );
  });

  it("has Lambda's request id for a trace id where X-Ray gives none", async () => {
    const awsRequestId = '8e9b3c1a-0000-4000-8000-000000000000';
    await world.inspectHandler({ action: 'inventory' }, { awsRequestId });
    expect(logLines().map(({ trace_id }) => trace_id)).toEqual([awsRequestId, awsRequestId]);
  });

  it('names no caller of an invocation before, when its own is not known', async () => {
    await world.inspectHandler({ action: 'inventory', caller: 'ann' }, { awsRequestId: 'one' });
    world.printed.length = 0;
    await expect(world.inspectHandler({ action: 'no such' })).rejects.toThrow();
    expect(logLines().map(({ user_id, trace_id }) => [user_id, trace_id])).toEqual([
      [undefined, undefined],
    ]);
  });

  it('ends each step with how long it took', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    const ends = logLines().filter(({ message }) => message === 'Done');
    expect(ends).toHaveLength(4);
    for (const { metadata } of ends) expect(metadata.duration_ms).toBeGreaterThanOrEqual(0);
  });

  it('drops metadata that is not listed, whatever it is', () => {
    createLog('amplitude-test').info('Told', { key: 'web', api_key: KEYS.first, apiKey: 7 });
    expect(logLines()).toMatchObject([{ message: 'Told', metadata: { key: 'web' } }]);
    expect(Object.keys(logLines()[0].metadata)).toEqual(['key']);
  });

  it('of an error has its code and allow-listed fields', async () => {
    await world.rotate();
    expect(logLines()).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        metadata: expect.objectContaining({
          code: 'NOTHING_STAGED',
          environment: 'dev',
          key: 'web',
        }),
      }),
    );
  });
});

describe('a metric', () => {
  const counted = (name: string) => lines().filter((line) => line[name] !== undefined);

  it('counts a rotation once when it succeeded', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    expect(counted('RotationSucceeded')).toMatchObject([{ environment: 'dev' }]);
    expect(counted('RotationFailed')).toEqual([]);
  });

  it('counts each failed step, in the dimensions that the alarm watches', async () => {
    await world.rotate();
    expect(counted('RotationFailed')).toMatchObject([
      {
        RotationFailed: 1,
        environment: 'dev',
        service: 'amplitude-rotation',
        _aws: { CloudWatchMetrics: [{ Namespace: 'AmplitudeKeys' }] },
      },
    ]);
  });
});

describe('an error that leaves a function', () => {
  const thrown = async (error: unknown) => {
    const handler = worker(
      'inspect',
      async () => {
        throw error;
      },
      () => ({}) as never,
    );
    return handler({}).catch((reason) => reason);
  };

  it('repeats no key that it was invoked with by hand, nor does its log line', async () => {
    const error = await thrown(
      new KeysError('TOKEN_UNKNOWN', `Version ${KEYS.first} is unknown.`, {
        versionId: KEYS.second,
      }),
    );
    expect(error.message).toBe('Version [redacted] is unknown.');
    expect(error.fields).toEqual({ versionId: '[redacted]' });
    createLog('amplitude-test').info(`Told of ${KEYS.first}`, { version: KEYS.second, step: 1 });
    const line = { message: 'Told of [redacted]', metadata: { version: '[redacted]', step: 1 } };
    expect(logLines().at(-1)).toMatchObject(line);
    expect(JSON.stringify(logLines())).not.toContain(KEYS.first);
  });

  it('has no cause and no stack beyond its own message', async () => {
    const error = await thrown(new Error(KEYS.first, { cause: KEYS.second }));
    expect(error.cause).toBeUndefined();
    expect(error.stack).toBe(`UNEXPECTED: ${error.message}`);
  });

  it.each([
    ['an error whose message quotes a key', new Error(`bad key ${KEYS.first}`)],
    ['an error of several lines', new Error(`bad\nkey ${KEYS.first}\n    at ${KEYS.first}`)],
    ['a thrown string', KEYS.first],
    ['a type error', new TypeError(KEYS.first)],
  ])('shows no part of %s', async (_, error) => {
    const safe = await thrown(error);
    expect(safe.code).toBe('UNEXPECTED');
    expect(`${safe.message}${safe.stack}${world.printed.join()}`).not.toContain(KEYS.first);
  });
});

describe('no key appears in anything a function prints, throws or sends', () => {
  const everything = () => [
    ...world.printed,
    ...world.aws.sns.published.map((message) => JSON.stringify(message)),
  ];

  it.each([
    ['a rotation that succeeds', async () => world.stage(KEYS.second)],
    [
      'a revoked key, which Amplitude echoes',
      async () => world.stage(KEYS.second, { known: false }),
    ],
    ['a malformed key', async () => world.stage(`${KEYS.second}X`, { known: false })],
    [
      'two staged keys',
      async () => [await world.stage(KEYS.second), await world.stage(KEYS.third)],
    ],
    ['the current key', async () => world.stage(KEYS.first)],
    [
      'an AWS error that quotes the request',
      async () => {
        await world.stage(KEYS.second);
        const error = {
          name: 'ValidationException',
          message: `Value '${KEYS.second}' at 'secretString'`,
        };
        world.aws.faults.fail('PutSecretValue', { error });
      },
    ],
  ])('on %s', async (_, prepare) => {
    await prepare();
    const SecretId = world.aws.secretsManager.arnOf('amplitude/dev/web');
    await world.rotate();
    const ClientRequestToken = '00000000-0000-4000-8000-000000000000';
    const error = await world
      .rotationHandler({ Step: 'createSecret', SecretId, ClientRequestToken })
      .catch((reason) => `${reason.message} ${reason.stack} ${JSON.stringify(reason)}`);
    const text = [...everything(), error].join('\n');
    expect(text).not.toBe('');
    for (const key of Object.values(KEYS)) {
      for (const form of [
        key,
        key.slice(0, 16),
        Buffer.from(key).toString('base64').slice(0, 40),
      ]) {
        expect(text).not.toContain(form);
      }
    }
  });
});
