import {
  DeleteSecretCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tag } from '../../../lambda/contract.ts';
import type { KeysError } from '../../../lambda/domain/errors.ts';
import { idOf } from '../../../lambda/domain/quarantine/quarantine.ts';
import { ADDRESS, INTERN, keeping, LAPTOP, later, quarantined } from '../quarantined.ts';
import { createWorld, KEYS, tagsOf, type World, type WorldOptions } from '../world.ts';

const [first] = [tag.quarantine(1)];
const role = { principal: INTERN, address: ADDRESS };
const ID = idOf(role);
const ALL = ['server', 'web'];

let world: World;
let kept: ReturnType<typeof keeping>;
const start = async (options: WorldOptions = { guard: { answer: 'quarantine' } }) => {
  await world?.close();
  world = await createWorld(options);
  kept = keeping(world.aws);
  world.seedKey('server');
  await kept.add(role);
  await kept.apply(ALL);
  world.aws.resetCalls();
};
beforeEach(() => start());
afterEach(() => world.close());

const tags = () => ALL.map((key) => kept.tagsOf(key));
const releasedAt = async () => (await kept.ports.quarantines.all()).quarantines[0]?.releasedAt;
const texts = () => world.aws.sns.published.map(({ message }) => message);
const errorOf = (work: Promise<unknown>): Promise<KeysError> =>
  work.then(
    () => expect.unreachable('it did not fail'),
    (error) => error,
  );
const EVENT = { action: 'release', quarantine: ID, reason: 'x' };

describe('a release', () => {
  it('takes the tags off every key, and answers what it ended', async () => {
    expect(await world.release(ID)).toEqual({
      environment: 'dev',
      at: world.aws.clock.now().toISOString(),
      reason: 'it was ours',
      released: quarantined(role),
      left: [],
    });
    expect(tags()).toEqual([{}, {}]);
    expect(await releasedAt()).toBe(world.aws.clock.now().toISOString());
  });

  it('is a line of the audit trail for each key, and a notice', async () => {
    await world.release(ID);
    const detail = `quarantine ${ID} of ${INTERN} and ${ADDRESS}: it was ours (claimed by ann)`;
    const at = world.aws.clock.now().toISOString();
    const line = { at, environment: 'dev', transition: 'released', by: 'emergency', detail };
    const byKey = world.trail().toSorted((one, other) => one.key.localeCompare(other.key));
    expect(byKey).toEqual(ALL.map((key) => ({ ...line, key })));
    expect(world.mail()).toEqual([`Amplitude environment dev: quarantine ${ID} was released`]);
    expect(texts().join('\n')).toContain(
      `Quarantine ${ID} (${INTERN} and ${ADDRESS}) was ended before its time, ${later(24).toISOString()}: it was ours (claimed by ann).`,
    );
    expect(world.printed.join('\n')).toContain('"claimed:ann"');
  });

  it('is kept by the sweep, which announces nothing of it', async () => {
    await world.release(ID);
    await world.sweep();
    expect(tags()).toEqual([{}, {}]);
    expect(world.aws.events.taken).toEqual([]);
  });

  it('says which other quarantine still denies some of the same, and leaves it', async () => {
    const other = { principal: INTERN, address: '192.0.2.1' };
    await kept.add(other);
    await kept.apply(ALL);
    expect(await world.release(ID)).toMatchObject({ stillDeniedBy: [idOf(other)], left: [] });
    expect(texts().join('\n')).toContain(`still denied, by quarantine ${idOf(other)}.`);
    expect(kept.tagsOf()).toEqual({ [first]: `denied ${INTERN} 192.0.2.1 denied` });
  });

  it('passes over a key that is marked for deletion', async () => {
    const input = { SecretId: 'amplitude/dev/server', RecoveryWindowInDays: 7 };
    await world.aws.clients.secretsManager.send(new DeleteSecretCommand(input));
    expect((await world.release(ID)).left).toEqual([]);
    expect(kept.tagsOf()).toEqual({});
  });

  it('tags nothing where the guard only observes: the sweep takes all off', async () => {
    await start({ guard: { answer: 'observe' } });
    await kept.add({ session: LAPTOP });
    world.aws.resetCalls();
    expect((await world.release(ID)).left).toEqual([]);
    expect(world.aws.countOf('TagResource') + world.aws.countOf('UntagResource')).toBe(0);
    await world.sweep();
    expect(tags()).toEqual([{}, {}]);
  });
});

describe('a release of none that there is', () => {
  it('is an error that names those that there are, and changes nothing', async () => {
    const error = await errorOf(world.release('01234567'));
    expect(error).toMatchObject({
      code: 'QUARANTINE_NOT_FOUND',
      message: expect.stringContaining(`There are: ${ID} (${INTERN}, ${ADDRESS}).`),
    });
    expect(world.aws.countOf('PutItem')).toBe(0);
    expect([world.mail(), world.trail()]).toEqual([[], []]);
  });

  it('says so where there is no access guard', async () => {
    await start({});
    const error = await errorOf(world.release(ID));
    expect(error).toMatchObject({
      code: 'QUARANTINE_NOT_FOUND',
      message: expect.stringContaining('environment dev has no access guard'),
    });
    expect(world.aws.countOf('GetItem')).toBe(0);
  });

  it.each<[string, object]>([
    ['no reason', { reason: '' }],
    ['a key for a reason', { reason: `was ${KEYS.first}` }],
    ['two lines', { reason: 'a\nb' }],
    ['no id', { quarantine: undefined }],
    ['an id of seven digits', { quarantine: '0123456' }],
    ['an id of other letters', { quarantine: '0123456G' }],
    ['a key for an id', { quarantine: KEYS.first }],
    ['a dry run, which there is none of', { dryRun: true }],
    ['a key beside it', { key: 'web' }],
  ])('is refused with %s', async (_, over) => {
    const error = await errorOf(world.emergencyHandler({ ...EVENT, ...over }));
    expect(error.code).toBe('EVENT_MALFORMED');
    expect(error.message).toContain('{"action":"release","quarantine": 8 hex digits}');
    expect(world.aws.calls).toEqual([]);
  });
});

describe('a release of which not all can be done', () => {
  it('names the keys whose tags are left, and the sweep takes them off', async () => {
    world.aws.faults.fail('UntagResource', { error: 'throttled' });
    const { left } = await world.release(ID);
    expect(left).toEqual([
      expect.stringMatching(/^(web|server): UntagResource of secret .* \(THROTTLED\)$/),
    ]);
    expect(texts().join('\n')).toContain('Not yet, which the hourly sweep sees to: ');
    expect(tags()).not.toEqual([{}, {}]);
    await world.sweep();
    expect(tags()).toEqual([{}, {}]);
  });

  it('names all where the secrets can not be listed, and is written down by the next try', async () => {
    world.aws.faults.fail('ListSecrets', { error: 'throttled' });
    const report = await world.release(ID);
    expect(report.left).toEqual([expect.stringMatching(/^all keys: ListSecrets .*THROTTLED/)]);
    expect(report.untold).toEqual([expect.stringContaining('ListSecrets')]);
    expect(await releasedAt()).toBeDefined();
    const { released } = report;
    expect(await world.release(ID)).toMatchObject({ released, left: [] });
    expect(world.trail()).toHaveLength(2);
    expect(tags()).toEqual([{}, {}]);
  });

  it.each([
    ['PutLogEvents', 'log group /amplitude/dev/trail'],
    ['Publish', 'arn:aws:sns:'],
  ])('says that %s failed, and is told by the next try', async (command, words) => {
    world.aws.faults.fail(command, { error: 'access-denied' });
    const report = await world.release(ID);
    expect(report.untold).toEqual([expect.stringContaining(words)]);
    expect(tags()).toEqual([{}, {}]);
    expect((await world.release(ID)).untold).toBeUndefined();
    expect(world.trail().map(({ transition }) => transition)).toContain('released');
    expect(world.mail()).not.toEqual([]);
  });

  it.each(['GetItem', 'PutItem'])(
    'changes nothing while %s of the table is throttled',
    async (command) => {
      world.aws.faults.fail(command, { error: 'throttled' });
      expect(await errorOf(world.release(ID))).toMatchObject({ code: 'THROTTLED' });
      expect(tags()).not.toContainEqual({});
      expect((await world.release(ID)).left).toEqual([]);
      expect(tags()).toEqual([{}, {}]);
    },
  );

  it.each(['before', 'after'] as const)(
    'and that died %s any call took effect is done by the next try',
    async (when) => {
      await world.release(ID);
      const calls = world.aws.calls.length;
      for (let nth = 1; nth <= calls; nth += 1) {
        await start();
        world.aws.faults.fail('*', { error: 'timeout', when, nth });
        await world.release(ID).catch(() => undefined);
        expect(world.aws.faults.pending).toEqual([]);
        expect(await world.release(ID)).toMatchObject({ left: [], released: { id: ID } });
        expect(tags()).toEqual([{}, {}]);
        expect(new Set(world.trail().map(({ key }) => key))).toEqual(new Set(ALL));
      }
    },
  );
});

describe('a release and others at once', () => {
  /** Once, before a call of that name has its effect. */
  function meanwhile(command: string, work: () => Promise<unknown>) {
    let isDone = false;
    world.aws.onCall = async (call) => {
      if (isDone || call.command !== command) return;
      isDone = true;
      await work();
    };
    return () => isDone;
  }

  it.each(['PutItem', 'UntagResource', 'ListSecrets'])(
    'a quarantine that begins at its %s is on every key',
    async (command) => {
      const happened = meanwhile(command, async () => {
        await kept.add({ session: LAPTOP });
        await kept.apply(ALL, [1]);
      });
      expect((await world.release(ID)).left).toEqual([]);
      expect(happened()).toBe(true);
      const denied = { [first]: `denied ${LAPTOP} denied` };
      expect(tags()).toEqual([denied, denied]);
    },
  );

  it('is not undone by a message of the same read that comes late', async () => {
    await world.release(ID);
    expect((await kept.add(role)).word).toBe('released');
    await kept.apply(ALL, [1]);
    expect(tags()).toEqual([{}, {}]);
  });

  it('nor by a sweep that had looked before', async () => {
    const happened = meanwhile('GetItem', () => world.release(ID));
    await world.sweep();
    expect(happened()).toBe(true);
    expect(tags()).toEqual([{}, {}]);
  });

  /** CloudFormation sets the declared tags that changed, and takes off those that are declared no more. */
  async function redeploy() {
    for (const key of ALL) {
      const SecretId = `amplitude/dev/${key}`;
      const declared = tagsOf(key, { [tag.owner]: 'data' });
      const Tags = Object.entries(declared).map(([Key, Value]) => ({ Key, Value }));
      await world.aws.clients.secretsManager.send(new TagResourceCommand({ SecretId, Tags }));
      const TagKeys = [tag.consumer(1)];
      await world.aws.clients.secretsManager.send(new UntagResourceCommand({ SecretId, TagKeys }));
    }
  }

  it.each(['GetItem', 'PutItem', 'UntagResource'])(
    'and a redeploy at its %s both have their effect',
    async (command) => {
      const happened = meanwhile(command, redeploy);
      expect((await world.release(ID)).left).toEqual([]);
      expect(happened()).toBe(true);
      expect(tags()).toEqual([{}, {}]);
      expect(world.aws.secretsManager.tagsOf('amplitude/dev/web')[tag.owner]).toBe('data');
    },
  );

  it('and no redeploy lifts a quarantine', async () => {
    await redeploy();
    expect(tags()).toEqual([
      { [first]: `denied ${INTERN} ${ADDRESS} denied` },
      { [first]: `denied ${INTERN} ${ADDRESS} denied` },
    ]);
  });
});
