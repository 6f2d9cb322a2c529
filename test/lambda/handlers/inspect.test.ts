import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLACEHOLDER, tag } from '../../../lambda/contract.ts';
import type { InventoryReport, VerifyReport, WhichReport } from '../../../lambda/payloads.ts';
import { createWorld, FINGERPRINTS, KEYS, tagsOf, type World } from '../world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const ask = (request: unknown) => world.inspectHandler(request);
const inventory = async () => (await ask({ action: 'inventory' })) as InventoryReport;
const web = async () => {
  const { keys } = await inventory();
  const [report] = keys;
  if (!report) throw new Error('no report of web');
  return report;
};

describe('the inventory', () => {
  it('tells each version by labels, state, fingerprint and name, and the staged key', async () => {
    await world.stage(KEYS.second, { name: 'web, 2026 Q4' });
    await world.rotate();
    await world.stage(KEYS.third, { name: 'web, 2027 Q1' });
    expect(await web()).toMatchObject({
      key: 'web',
      owner: 'growth',
      rotationEnabled: true,
      versions: [
        {
          state: 'retained',
          fingerprint: FINGERPRINTS.first,
          retainedUntil: '2026-12-24T00:00:00.000Z',
        },
        { state: 'current', fingerprint: FINGERPRINTS.second, name: 'web, 2026 Q4' },
      ],
      staged: [{ fingerprint: FINGERPRINTS.third, name: 'web, 2027 Q1' }],
      held: [FINGERPRINTS.first],
      todo: [],
    });
  });

  it('says of a staged key why a rotation would refuse it', async () => {
    await world.stage(KEYS.first);
    const { staged, todo } = await web();
    expect(staged).toMatchObject([{ problem: { code: 'KEY_IS_CURRENT' } }]);
    expect(todo).toEqual([expect.stringContaining('is the current one')]);
  });

  it('knows who did not confirm a subscription', async () => {
    world.aws.sns.seedSubscription(world.variables.TOPIC_ARN, {
      endpoint: 'soc@example.com',
      protocol: 'email',
      confirmed: false,
    });
    expect((await inventory()).subscriptions).toEqual([
      { endpoint: 'soc@example.com', confirmed: false },
    ]);
  });

  it('reports the other keys when one can not be read', async () => {
    world.aws.secretsManager.seedSecret({ name: 'amplitude/dev/odd', tags: {} });
    const { keys, unreadable } = await inventory();
    expect(keys.map(({ key }) => key)).toEqual(['web']);
    expect(unreadable).toMatchObject([{ key: 'odd', error: { code: 'SECRET_NOT_OURS' } }]);
  });

  it.each([
    ['all keys', { action: 'inventory' }],
    ['one key', { action: 'inventory', key: 'web' }],
  ])(
    'of %s says of a secret marked for deletion when it goes, and how to restore it',
    async (_, request) => {
      const SecretId = 'amplitude/dev/web';
      const deletion = new DeleteSecretCommand({ SecretId, RecoveryWindowInDays: 7 });
      await world.aws.clients.secretsManager.send(deletion);
      const { keys, unreadable } = (await ask(request)) as InventoryReport;
      expect(keys).toEqual([]);
      expect(unreadable).toMatchObject([
        {
          key: 'web',
          error: {
            code: 'SECRET_MARKED_FOR_DELETION',
            message: expect.stringMatching(
              /after 2026-12-01T.*restore-secret --secret-id amplitude\/dev\/web$/,
            ),
          },
        },
      ]);
    },
  );

  it('leaves the keys of other environments out', async () => {
    const tags = { ...tagsOf('web'), [tag.environment]: 'prod' };
    world.aws.secretsManager.seedSecret({ name: 'amplitude/prod/web', tags });
    expect((await inventory()).keys).toHaveLength(1);
  });

  it('answers for many keys', async () => {
    for (let index = 0; index < 30; index++) {
      const name = `key-${index}`;
      world.aws.secretsManager.seedSecret({
        name: `amplitude/dev/${name}`,
        tags: tagsOf(name),
        value: PLACEHOLDER,
      });
    }
    expect((await inventory()).keys).toHaveLength(31);
  });

  it('still tells the labels when the CMK is disabled', async () => {
    await world.close();
    world = await createWorld({ cmk: true });
    await world.stage(KEYS.second);
    await world.disableCmk();
    const { versions, staged, todo } = await web();
    expect(versions).toMatchObject([{ labels: ['AWSCURRENT'], content: 'unreadable' }]);
    expect(staged).toEqual([]);
    expect(todo).toEqual([expect.stringContaining('CMK')]);
  });
});

describe('what a person has to do next', () => {
  it.each<[string, () => Promise<unknown> | unknown, RegExp]>([
    ['nothing is staged', () => {}, /Generate the next key .* before 2027-02-22: npx keyctl stage/],
    [
      'two keys are staged',
      async () => [await world.stage(KEYS.second), await world.stage(KEYS.third)],
      /2 keys are staged.*unstage/,
    ],
    [
      'the rotation is due and a key staged',
      async () => {
        await world.stage(KEYS.second);
        world.aws.clock.advance(91 * 86_400_000);
      },
      /Promote the staged key: npx keyctl rotate --env dev --key web/,
    ],
    ['a rotation was left over', () => world.rotate(), /AWSPENDING without a value/],
  ])('when %s', async (_, prepare, words) => {
    await prepare();
    expect((await web()).todo.join('\n')).toMatch(words);
  });

  it.each([
    ['is a placeholder and nothing is staged', PLACEHOLDER, false, /Stage the key in use today/],
    ['is a placeholder and a key is staged', PLACEHOLDER, true, /Promote the staged key/],
    ['is malformed', 'x', false, /current value is malformed/],
  ])('when the current value %s', async (_, value, staged, words) => {
    await world.close();
    world = await createWorld({ value });
    if (staged) await world.stage(KEYS.second);
    expect((await web()).todo.join('\n')).toMatch(words);
  });

  it('when the placeholder came back over a live key', async () => {
    world.aws.secretsManager.putByHand('amplitude/dev/web', PLACEHOLDER);
    expect((await web()).todo[0]).toMatch(/placeholder is current again/);
  });
});

describe('verify', () => {
  const verify = async () => (await ask({ action: 'verify', key: 'web' })) as VerifyReport;

  it('asks Amplitude about the current, the retained and the staged key', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    await world.stage(KEYS.third, { known: false });
    const { checks } = await verify();
    expect(checks).toMatchObject([
      { state: 'retained', fingerprint: FINGERPRINTS.first, verdict: 'accepted', httpStatus: 200 },
      { state: 'current', fingerprint: FINGERPRINTS.second, verdict: 'accepted' },
      {
        state: 'staged',
        fingerprint: FINGERPRINTS.third,
        verdict: 'rejected',
        httpStatus: 401,
        explanation: expect.stringContaining('invalid API key'),
        remedy: expect.stringContaining('not revoked'),
      },
    ]);
  });

  it('passes an unknown verdict on, with what to do', async () => {
    world.amplitude.expect('throttling', 'throttling', 'throttling');
    expect((await verify()).checks).toMatchObject([
      { verdict: 'unknown', httpStatus: 429, remedy: expect.stringContaining('Wait') },
    ]);
  });

  describe('while each request to Amplitude takes six seconds', () => {
    beforeEach(async () => {
      for (const key of [KEYS.second, KEYS.third, KEYS.fourth]) {
        await world.stage(key);
        if (key !== KEYS.fourth) await world.rotate();
      }
      world.amplitude.requests.length = 0;
      world.amplitude.onRequest = () => world.aws.clock.advance(6_000);
    });

    it('asks about no second key once the first had no answer, and says so', async () => {
      world.losePatience();
      world.amplitude.expect('silent', 'silent', 'silent');
      const { checks } = await verify();
      expect(checks.map(({ explanation }) => explanation)).toEqual([
        'Amplitude did not answer in time',
        ...Array(3).fill('Not asked: Amplitude took too long over the keys before'),
      ]);
      expect(checks.map(({ verdict }) => verdict)).toEqual(Array(4).fill('unknown'));
      expect(world.amplitude.requests).toHaveLength(3);
    });

    it('keeps the answers it got in time', async () => {
      const verdicts = (await verify()).checks.map(({ verdict }) => verdict);
      expect(verdicts).toEqual(['accepted', 'accepted', 'accepted', 'unknown']);
    });
  });

  it('refuses a key that does not exist', async () => {
    await expect(ask({ action: 'verify', key: 'nope' })).rejects.toMatchObject({
      code: 'SECRET_NOT_FOUND',
    });
  });
});

describe('which', () => {
  const which = async (fingerprint: string) =>
    ((await ask({ action: 'which', fingerprint })) as WhichReport).matches;

  it('finds a key by its fingerprint wherever it is in its life', async () => {
    await world.stage(KEYS.second);
    await world.rotate();
    await world.stage(KEYS.third);
    expect(await which(FINGERPRINTS.first)).toMatchObject([{ key: 'web', state: 'retained' }]);
    expect(await which(FINGERPRINTS.second)).toMatchObject([{ key: 'web', state: 'current' }]);
    expect(await which(FINGERPRINTS.third)).toMatchObject([{ key: 'web', state: 'staged' }]);
    expect(await which(FINGERPRINTS.fourth)).toEqual([]);
  });

  it('remembers a key whose version is gone', async () => {
    for (const key of [KEYS.second, KEYS.third]) {
      await world.stage(key);
      await world.rotate();
    }
    const [[versionId, [label]]] = Object.entries(world.labels()) as [[string, [string]]];
    await world.takeOff(versionId, label);
    expect(await which(FINGERPRINTS.first)).toEqual([{ key: 'web', state: 'held before' }]);
  });
});

describe('a payload', () => {
  it.each([
    [undefined],
    [{}],
    [{ action: 'revoke' }],
    [{ action: 'inventory', colour: 'red' }],
    [{ action: 'verify' }],
    [{ action: 'verify', key: '../prod/web' }],
    [{ action: 'which', fingerprint: KEYS.first }],
    [{ action: 'inventory', key: `a${KEYS.first}` }],
    [{ action: 'assess', key: 'web', version: KEYS.first }],
    [{ action: 'assess', key: 'web', version: `it was ${KEYS.first}` }],
    ['inventory'],
  ])('%j is refused with what exists', async (payload) => {
    const error = await ask(payload).catch((reason) => reason);
    expect(error).toMatchObject({
      code: 'EVENT_MALFORMED',
      message: expect.stringContaining('"action":"inventory"'),
    });
    expect(error.message + world.printed.join()).not.toContain(KEYS.first);
  });
});

it('no key appears in any answer or log line', async () => {
  await world.stage(KEYS.second);
  await world.rotate();
  await world.stage(KEYS.third, { known: false });
  const answers = [
    await ask({ action: 'inventory', caller: 'arn:aws:sts::111122223333:assumed-role/ops/ann' }),
    await ask({ action: 'verify', key: 'web', caller: `ops/${KEYS.fourth}` }),
    await ask({ action: 'which', fingerprint: FINGERPRINTS.first }),
  ];
  const text = JSON.stringify(answers) + world.printed.join('\n');
  for (const key of Object.values(KEYS)) expect(text).not.toContain(key.slice(0, 16));
  expect(text).toContain('claimed:arn:aws:sts::111122223333:assumed-role/ops/ann');
});
