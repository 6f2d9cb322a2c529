import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLACEHOLDER, tag } from '../../../lambda/contract.ts';
import type { Mood } from '../../amplitude.ts';
import {
  createWorld,
  FINGERPRINTS,
  KEYS,
  tagsOf,
  type World,
  type WorldOptions,
} from '../world.ts';

let world: World;
const start = async (options: WorldOptions = {}) => {
  await world?.close();
  world = await createWorld(options);
};

beforeEach(() => start());
afterEach(() => world.close());

const in30Days = 'RETAINED-UNTIL-20261224T000000Z-';
const states = () => Object.values(world.labels()).map((labels) => labels.toSorted().join(' '));

describe.each([true, false])(
  'a rotation, when the service takes AWSPENDING off itself: %s',
  (takesPendingOff) => {
    beforeEach(() => start({ takesPendingOff }));

    it('promotes the staged key, retains the replaced one for 30 days and cleans up', async () => {
      await world.stage(KEYS.second);
      expect(await world.rotate()).toBeUndefined();
      expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
      expect(world.keyAt('AWSPREVIOUS')).toBe(KEYS.first);
      expect(states()).toEqual([
        expect.stringMatching(`^AWSPREVIOUS ${in30Days}\\w{8}$`),
        'AWSCURRENT',
      ]);
      expect(world.aws.ssm.names()).toEqual([]);
    });

    it('makes at most 14 AWS calls and one for the event, none of its safety reads left out', async () => {
      await world.stage(KEYS.second);
      world.aws.resetCalls();
      await world.rotate();
      const calls = world.aws.calls
        .map(({ command }) => command)
        .filter((name) => name !== 'RotateSecret');
      expect(calls).toEqual([
        'DescribeSecret',
        'GetParametersByPath',
        'GetSecretValue',
        'PutSecretValue',
        'DescribeSecret',
        'DescribeSecret',
        'GetSecretValue',
        'DescribeSecret',
        'GetSecretValue',
        'UpdateSecretVersionStage',
        'UpdateSecretVersionStage',
        'UpdateSecretVersionStage',
        'DeleteParameter',
        'PutEvents',
        'Publish',
      ]);
      expect(calls.length).toBeLessThanOrEqual(14 + 1);
    });

    it('keeps both replaced keys readable their full time when it runs twice within 30 days', async () => {
      await world.stage(KEYS.second);
      await world.rotate();
      world.aws.clock.advance(10 * 86_400_000);
      await world.stage(KEYS.third);
      expect(await world.rotate()).toBeUndefined();
      expect(states()).toEqual([
        expect.stringMatching(`^${in30Days}\\w{8}$`),
        expect.stringMatching(/^AWSPREVIOUS RETAINED-UNTIL-20270103T000000Z-\w{8}$/),
        'AWSCURRENT',
      ]);
    });

    it('runs all four steps again without a second effect', async () => {
      await world.stage(KEYS.second);
      await world.rotate();
      const before = world.labels();
      await world.stage(KEYS.third);
      world.aws.clock.advance(3_600_000);
      expect(await world.retry()).toBeUndefined();
      expect(world.labels()).toEqual(before);
      expect(world.aws.ssm.names()).toEqual([expect.stringContaining(FINGERPRINTS.third)]);
    });
  },
);

describe('the first rotation of a fresh environment', () => {
  beforeEach(() => start({ value: PLACEHOLDER }));

  it('promotes the key in use and retains no placeholder', async () => {
    await world.stage(KEYS.first);
    expect(await world.rotate()).toBeUndefined();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
    expect(states()).toEqual(['AWSPREVIOUS', 'AWSCURRENT']);
  });

  it('leaves the placeholder behind unretained at the second one too', async () => {
    await world.stage(KEYS.first);
    await world.rotate();
    await world.stage(KEYS.second);
    expect(await world.rotate()).toBeUndefined();
    expect(states()).toEqual([
      expect.stringMatching(`^AWSPREVIOUS ${in30Days}\\w{8}$`),
      'AWSCURRENT',
    ]);
  });
});

describe('AWSCURRENT moved back by hand to the first key', () => {
  it('loses no key: the one that it replaces again is retained by the rotation that comes next', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    const [first = '', second = ''] = Object.keys(world.labels());
    await world.moveCurrent(first, second);
    await world.stage(KEYS.third);
    expect(await world.rotate()).toBeUndefined();
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.third);
    expect(world.labels()[second]).toEqual([expect.stringMatching(/^RETAINED-UNTIL-/)]);
  });
});

describe('a value put by hand', () => {
  it('is retained like any other, and so is the key it pushed aside', async () => {
    world.aws.secretsManager.putByHand(
      'amplitude/dev/web',
      JSON.stringify({ apiKey: KEYS.second }),
    );
    await world.stage(KEYS.third);
    expect(await world.rotate()).toBeUndefined();
    expect(states()).toEqual([
      expect.stringMatching(`^${in30Days}\\w{8}$`),
      expect.stringMatching(`^AWSPREVIOUS ${in30Days}\\w{8}$`),
      'AWSCURRENT',
    ]);
  });

  it('does not let a key come back that was held before it', async () => {
    world.aws.secretsManager.putByHand(
      'amplitude/dev/web',
      JSON.stringify({ apiKey: KEYS.second }),
    );
    await world.stage(KEYS.first);
    expect(await world.rotate()).toBe('KEY_HELD_BEFORE');
  });
});

describe('what a rotation refuses leaves the current key current, and nothing is lost', () => {
  afterEach(() => {
    expect(world.aws.secretsManager.valueOf('amplitude/dev/web', 'AWSCURRENT')).toContain(
      KEYS.first,
    );
  });

  it('nothing staged', async () => {
    expect(await world.rotate()).toBe('NOTHING_STAGED');
  });

  it('two staged keys', async () => {
    await world.stage(KEYS.second);
    await world.stage(KEYS.third);
    expect(await world.rotate()).toBe('SEVERAL_KEYS_STAGED');
  });

  it.each([
    ['31 characters', KEYS.second.slice(1)],
    ['upper case', 'ABCDEF0123456789'.repeat(2)],
    ['a trailing space', `${KEYS.second} `],
    ['nothing', ''],
  ])('a staged key of %s', async (_, key) => {
    await world.stage(key, { known: false });
    expect(await world.rotate()).toBe('KEY_FORMAT');
  });

  it('the current key again', async () => {
    await world.stage(KEYS.first);
    expect(await world.rotate()).toBe('KEY_IS_CURRENT');
  });

  it('a parameter whose value was changed under its name', async () => {
    await world.stage(KEYS.second, { as: FINGERPRINTS.third });
    expect(await world.rotate()).toBe('STAGED_NAME_MISMATCH');
  });

  it('a revoked key', async () => {
    await world.stage(KEYS.second, { known: false });
    expect(await world.rotate()).toBe('KEY_REJECTED');
  });

  it('a key of the other region', async () => {
    world.amplitude.generate(KEYS.second, 'EU');
    await world.stage(KEYS.second, { known: false });
    expect(await world.rotate()).toBe('KEY_IN_OTHER_REGION');
  });

  it.each<Mood>(['throttling', 'failing', 'silent', 'hanging-up', 'html', 'endless'])(
    'any key while Amplitude is %s',
    async (mood) => {
      if (mood === 'silent') world.losePatience();
      await world.stage(KEYS.second);
      world.amplitude.expect(mood, mood, mood);
      expect(await world.rotate()).toBe('VERDICT_UNKNOWN');
    },
  );

  it('any key where Amplitude has not enabled the query, proposing the canary', async () => {
    await world.stage(KEYS.second);
    world.amplitude.expect('not-enabled');
    expect(await world.rotate()).toBe('OPERATION_NOT_ENABLED');
  });

  it('a key that is revoked between createSecret and testSecret', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('GetSecretValue', { nth: 2, when: 'before', error: 'throttled' });
    await world.rotate();
    world.amplitude.revoke(KEYS.second);
    expect(await world.retry()).toBe('KEY_REJECTED');
  });

  it('another key under a token that holds one already', async () => {
    await world.stage(KEYS.second);
    world.aws.faults.fail('GetSecretValue', { nth: 2, when: 'before', error: 'throttled' });
    expect(await world.rotate()).toBe('THROTTLED');
    await world.unstage(KEYS.second);
    await world.stage(KEYS.third);
    expect(await world.retry()).toBe('PENDING_DIFFERS');
  });

  it('a secret whose tags are incomplete', async () => {
    await start({ tags: { [tag.kind]: 'experiment' } });
    await world.stage(KEYS.second);
    expect(await world.rotate()).toBe('TAG_INVALID');
  });

  it('a secret of another environment', async () => {
    await start({ tags: { [tag.environment]: 'prod' } });
    expect(await world.rotate()).toBe('SECRET_NOT_OURS');
  });
});

describe('a malformed value', () => {
  it.each(['not JSON', '{}', '[]', '{"apiKey":7}'])(
    'that is current (%s) is not replaced',
    async (value) => {
      await start({ value });
      await world.stage(KEYS.second);
      expect(await world.rotate()).toBe('VALUE_MALFORMED');
      expect(world.aws.secretsManager.valueOf('amplitude/dev/web', 'AWSCURRENT')).toBe(value);
    },
  );

  const pending = [
    'not JSON',
    '{}',
    PLACEHOLDER,
    JSON.stringify({ apiKey: KEYS.second.slice(1), replaces: { versionId: '-', content: 'key' } }),
  ];
  const steps = ['testSecret', 'finishSecret'];
  it.each(pending.flatMap((value) => steps.map((Step) => [Step, value])))(
    'that is pending is refused by %s (%s), and nothing is promoted',
    async (Step, value) => {
      await world.rotate();
      const SecretId = world.aws.secretsManager.arnOf('amplitude/dev/web');
      const ClientRequestToken = world.aws.secretsManager.holderOf(SecretId, 'AWSPENDING');
      await world.putPending(ClientRequestToken, value);
      const before = world.labels();
      const refused = world.rotationHandler({ Step, SecretId, ClientRequestToken });
      await expect(refused).rejects.toMatchObject({ code: 'VALUE_MALFORMED' });
      expect(world.labels()).toEqual(before);
      expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
    },
  );
});

describe('an event that is not of a running rotation', () => {
  const arn = () => world.aws.secretsManager.arnOf('amplitude/dev/web');
  const codeOf = (event: unknown) =>
    world.rotationHandler(event).then(
      () => 'done',
      (error) => error.code,
    );
  const event = (over: object) => ({
    Step: 'finishSecret',
    SecretId: arn(),
    ClientRequestToken: '00000000-0000-4000-8000-000000000000',
    ...over,
  });

  it.each([
    ['an empty payload', () => ({}), 'EVENT_MALFORMED'],
    ['no payload', () => undefined, 'EVENT_MALFORMED'],
    ['a key for a secret', () => event({ SecretId: KEYS.first }), 'EVENT_MALFORMED'],
    ['a short token', () => event({ ClientRequestToken: 'short' }), 'EVENT_MALFORMED'],
    ['an unknown step', () => event({ Step: 'dropSecret' }), 'STEP_UNKNOWN'],
    ['a token of nothing', () => event({}), 'TOKEN_UNKNOWN'],
    ['a key for a secret', () => event({ SecretId: KEYS.first }), 'EVENT_MALFORMED'],
    [
      'a secret that does not exist',
      () => event({ SecretId: 'amplitude/dev/nope' }),
      'SECRET_NOT_FOUND',
    ],
  ])('with %s is refused', async (_, payload, code) => {
    expect(await codeOf(payload())).toBe(code);
  });

  it.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])(
    'asking %s of a version that is no longer pending is refused',
    async (Step) => {
      await world.stage(KEYS.second);
      await world.rotate();
      const [replaced] = Object.keys(world.labels());
      expect(await codeOf(event({ Step, ClientRequestToken: replaced }))).toBe('TOKEN_NOT_PENDING');
    },
  );

  it.each(['createSecret', 'setSecret', 'testSecret', 'finishSecret'])(
    'asking %s for a secret without rotation is refused',
    async (Step) => {
      const name = 'amplitude/dev/other';
      world.aws.secretsManager.seedSecret({ name, tags: tagsOf('other'), value: PLACEHOLDER });
      const SecretId = world.aws.secretsManager.arnOf(name);
      const ClientRequestToken = world.aws.secretsManager.holderOf(name, 'AWSCURRENT');
      expect(await codeOf(event({ Step, SecretId, ClientRequestToken }))).toBe(
        'ROTATION_NOT_ENABLED',
      );
    },
  );

  describe('but of a replaced version that was labelled AWSPENDING by hand', () => {
    /** Revoked at Amplitude, put by hand once: nothing in it tells that it was replaced. */
    const replaced = async () => {
      await start({ value: JSON.stringify({ apiKey: KEYS.first }) });
      await world.stage(KEYS.second);
      await world.rotate();
      world.amplitude.revoke(KEYS.first);
      const [versionId = ''] = Object.keys(world.labels());
      return versionId;
    };
    const finish = (ClientRequestToken: string) => codeOf(event({ ClientRequestToken }));

    it('is refused while it has its other labels', async () => {
      const versionId = await replaced();
      await world.putOn(versionId, 'AWSPENDING');
      expect(await finish(versionId)).toBe('TOKEN_NOT_PENDING');
      expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    });

    it('is refused once it has lost them', async () => {
      const versionId = await replaced();
      for (const label of world.labels()[versionId] ?? []) await world.takeOff(versionId, label);
      await world.putOn(versionId, 'AWSPENDING');
      expect(await finish(versionId)).toBe('VALUE_MALFORMED');
      expect(world.keyAt('AWSCURRENT')).toBe(KEYS.second);
    });
  });
});

describe('an empty pending version', () => {
  it("passes testSecret, as the service's dry run at deploy has one", async () => {
    expect(await world.rotate(false)).toBeUndefined();
    expect(states()).toEqual(['AWSCURRENT']);
  });

  it('is refused by finishSecret', async () => {
    await world.rotate();
    const token = world.aws.secretsManager.holderOf('amplitude/dev/web', 'AWSPENDING');
    const error = await world
      .rotationHandler({
        Step: 'finishSecret',
        SecretId: 'amplitude/dev/web',
        ClientRequestToken: token,
      })
      .catch((reason) => reason.code);
    expect(error).toBe('PENDING_EMPTY');
    expect(world.keyAt('AWSCURRENT')).toBe(KEYS.first);
  });
});

describe('a missing function variable', () => {
  it('is an error that names it, at the first invocation', async () => {
    delete (world.variables as Record<string, string>).TOPIC_ARN;
    await world.stage(KEYS.second);
    expect(await world.rotate()).toBe('SETTING_INVALID');
  });
});
