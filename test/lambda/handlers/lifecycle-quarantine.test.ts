import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tag } from '../../../lambda/contract.ts';
import { release } from '../../../lambda/domain/quarantine/change.ts';
import { idOf } from '../../../lambda/domain/quarantine/quarantine.ts';
import { ADDRESS, INTERN, keeping, LAPTOP } from '../quarantined.ts';
import { createWorld, KEYS, type World, type WorldOptions } from '../world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const [first, second] = [tag.quarantine(1), tag.quarantine(2)];
const role = { principal: INTERN, address: ADDRESS };
const DENIED = { [first]: `denied ${INTERN} ${ADDRESS} denied` };
const TABLE_CALLS = ['GetItem', 'PutItem'];

let world: World;
let kept: ReturnType<typeof keeping>;
const start = async (options: WorldOptions = { guard: { answer: 'quarantine' } }) => {
  await world?.close();
  world = await createWorld(options);
  kept = keeping(world.aws);
};
beforeEach(() => start());
afterEach(() => world.close());

/** As the guard quarantines, with `web` alone. */
async function quarantine(denied: object = role, hours = 24) {
  await kept.add(denied, { hours });
  await kept.apply(['web']);
}
const tagging = () =>
  world.aws.calls.filter(
    ({ command, input }) =>
      /TagResource$|^UntagResource$/.test(command) && JSON.stringify(input).includes('quarantine'),
  );
const count = (...commands: string[]) =>
  commands.reduce((sum, command) => sum + world.aws.countOf(command), 0);
const desired = () => kept.ports.quarantines.all();
const keysNotSwept = () => {
  const lines = world.printed.filter((line) => line.includes('"KeysNotSwept":'));
  return JSON.parse(lines.at(-1) ?? '{}').KeysNotSwept;
};
const finding = 'amplitude-note-finding-quarantines-unkept';

describe('a sweep of tags', () => {
  it('that are as they are to be changes none, and asks the table once', async () => {
    await quarantine();
    await world.sweep();
    world.aws.resetCalls();
    expect(await world.sweep()).toBeUndefined();
    expect(tagging()).toEqual([]);
    expect(count(...TABLE_CALLS)).toBe(1);
    expect(kept.tagsOf()).toEqual(DENIED);
  });

  it('puts one back that somebody took off', async () => {
    await quarantine();
    await world.untag(first);
    await world.sweep();
    expect(kept.tagsOf()).toEqual(DENIED);
    expect(world.printed.join('\n')).toContain('Quarantine tags differed');
  });

  it('puts words back that somebody took out, and takes off what nobody wants', async () => {
    await quarantine();
    await kept.ports.quarantineTags.change(
      'amplitude/dev/web',
      { [first]: 'denied denied', [second]: `denied ${LAPTOP} denied` },
      [],
    );
    await world.sweep();
    expect(kept.tagsOf()).toEqual(DENIED);
  });

  it('sets them on a key that is new, and on one whose other tags are broken', async () => {
    await quarantine();
    world.seedKey('new');
    world.seedKey('broken', { tags: { [tag.retainPreviousDays]: 'many' } });
    world.seedKey('foreign', { tags: { [tag.environment]: 'prod' } });
    await world.sweep();
    expect([kept.tagsOf('new'), kept.tagsOf('broken')]).toEqual([DENIED, DENIED]);
    expect(kept.tagsOf('foreign')).toEqual({});
  });

  it('takes them off once it is over, and drops it', async () => {
    await quarantine(role, 2);
    await quarantine({ session: LAPTOP }, 3);
    await world.pass(2 * HOUR);
    expect(kept.tagsOf()).toEqual({ [first]: `denied ${LAPTOP} denied` });
    expect((await desired()).quarantines.map(({ id }) => id)).toEqual([idOf({ session: LAPTOP })]);
    await world.pass(HOUR);
    expect(kept.tagsOf()).toEqual({});
    expect((await desired()).quarantines).toEqual([]);
  });

  it('keeps a locked key, one with no key yet, and one that can not be read', async () => {
    await start({ guard: { answer: 'quarantine' }, cmk: true, tags: { [tag.lockdown]: 'on' } });
    world.seedKey('empty', { value: '{"placeholder":"x"}' });
    await world.disableCmk();
    await kept.add(role);
    await world.sweep();
    expect([kept.tagsOf(), kept.tagsOf('empty')]).toEqual([DENIED, DENIED]);
  });

  it('passes over a key that is marked for deletion', async () => {
    await quarantine();
    world.seedKey('gone');
    const input = { SecretId: 'amplitude/dev/gone', RecoveryWindowInDays: 7 };
    await world.aws.clients.secretsManager.send(new DeleteSecretCommand(input));
    expect(await world.sweep()).toBeUndefined();
    expect(kept.tagsOf()).toEqual(DENIED);
  });

  it('puts no tag of the template back or off', async () => {
    await quarantine();
    const before = world.aws.secretsManager.tagsOf('amplitude/dev/web');
    await world.untag(first);
    await world.sweep();
    expect(world.aws.secretsManager.tagsOf('amplitude/dev/web')).toMatchObject(before);
  });
});

describe('a dry run', () => {
  it('says whose tags differ, and changes nothing', async () => {
    await quarantine(role, 1);
    await kept.add({ session: LAPTOP });
    world.aws.clock.advance(HOUR);
    const before = await desired();
    world.aws.resetCalls();
    const report = await world.lifecycleHandler({ dryRun: true });
    expect(report.retagged).toEqual(['web']);
    expect(await desired()).toEqual(before);
    expect(tagging()).toEqual([]);
    expect(count('PutItem', 'PutEvents')).toBe(0);
    await world.sweep();
    expect((await world.lifecycleHandler({ dryRun: true })).retagged).toBeUndefined();
  });
});

describe('an event that was not sent', () => {
  const events = () =>
    world.aws.events.taken.filter(({ detailType }) => detailType.includes('Quarantined'));

  it('is sent by the sweep, once, about the secret that was read', async () => {
    await quarantine();
    await world.sweep();
    await world.sweep();
    expect(events().map(({ resources }) => resources)).toEqual([
      [world.aws.secretsManager.arnOf('amplitude/dev/web')],
    ]);
  });

  it('is told, and sent at the next one', async () => {
    await quarantine();
    const where = ({ Entries }: Readonly<Record<string, unknown>>) =>
      JSON.stringify(Entries).includes('Quarantined');
    world.aws.faults.fail('PutEvents', { error: 'access-denied', where });
    await world.sweep();
    expect(world.mail()).toContain('Amplitude environment dev needs a look: quarantines unkept');
    expect(events()).toEqual([]);
    expect(kept.tagsOf()).toEqual(DENIED);
    await world.pass(HOUR);
    expect(events()).toHaveLength(1);
    expect(world.aws.secretsManager.tagsOf('amplitude/dev/web')).not.toHaveProperty(finding);
  });

  it('is not sent of what is over or was released before', async () => {
    await quarantine(role, 1);
    await quarantine({ session: LAPTOP });
    await release(kept.ports, idOf({ session: LAPTOP }), world.aws.clock.now());
    await world.pass(HOUR);
    expect(events()).toEqual([]);
  });
});

describe('a table that gives no answer', () => {
  it('leaves every quarantine tag as it is, is told, and stops nothing else', async () => {
    await quarantine();
    await world.untag(first);
    await world.stage(KEYS.second);
    world.aws.faults.fail('GetItem', { error: 'throttled' });
    expect(await world.sweep()).toBeUndefined();
    expect(kept.tagsOf()).toEqual({});
    expect(world.mail()).toContain('Amplitude environment dev needs a look: quarantines unkept');
    expect(world.trail().map(({ transition }) => transition)).toContain('staged');
    expect(keysNotSwept()).toBe(0);
    await world.pass(HOUR);
    expect(kept.tagsOf()).toEqual(DENIED);
    expect(world.mail()).toEqual([]);
    expect(world.aws.secretsManager.tagsOf('amplitude/dev/web')).not.toHaveProperty(finding);
  });

  it('is told again only after a day', async () => {
    world.aws.faults.fail('GetItem', { error: 'access-denied', times: 100 });
    await world.pass(DAY);
    expect(world.mail()).toHaveLength(1);
    await world.pass(2 * HOUR);
    expect(world.mail()).toHaveLength(1);
  });

  it('that holds something else lifts nothing', async () => {
    await quarantine();
    await kept.ports.quarantines.change('x' as never, 1);
    await world.sweep();
    expect(kept.tagsOf()).toEqual(DENIED);
    expect(world.mail()).toHaveLength(1);
  });
});

describe('a tag that can not be changed', () => {
  it('counts its key as not swept, stops nothing else of it, and is set at the next one', async () => {
    await kept.add(role);
    world.seedKey('server');
    await world.stage(KEYS.second);
    const where = ({ SecretId, Tags }: Readonly<Record<string, unknown>>) =>
      String(SecretId).includes('/web') && JSON.stringify(Tags).includes('quarantine');
    world.aws.faults.fail('TagResource', { error: 'throttled', where });
    await world.sweep();
    expect([kept.tagsOf('server'), kept.tagsOf()]).toEqual([DENIED, {}]);
    expect(keysNotSwept()).toBe(1);
    expect(world.trail().map(({ transition }) => transition)).toContain('staged');
    await world.sweep();
    expect(kept.tagsOf()).toEqual(DENIED);
    expect(keysNotSwept()).toBe(0);
  });

  it('is set although no message can be sent', async () => {
    await kept.add(role);
    world.aws.faults.fail('Publish', { error: 'timeout', times: 100 });
    await world.sweep();
    expect(kept.tagsOf()).toEqual(DENIED);
  });
});

describe('a sweep that dies', () => {
  /** What it changes of quarantines, and asks for it. */
  const isOurs = (input: Readonly<Record<string, unknown>>) =>
    /quarantine|Quarantined/.test(JSON.stringify(input));

  it.each(['before', 'after'] as const)(
    '%s any call took effect is made up for by the next one',
    async (when) => {
      for (let nth = 1; nth <= 12; nth += 1) {
        await start();
        await quarantine({ session: LAPTOP }, 1);
        await kept.add(role);
        world.aws.clock.advance(HOUR);
        world.aws.faults.fail('*', { error: 'timeout', when, nth, where: isOurs });
        await world.sweep();
        world.aws.faults.clear();
        await world.sweep();
        expect(kept.tagsOf()).toEqual({ [first]: `denied ${INTERN} ${ADDRESS} denied` });
        const { quarantines } = await desired();
        expect(quarantines.map(({ id, isAnnounced }) => [id, isAnnounced])).toEqual([
          [idOf(role), true],
        ]);
      }
    },
  );
});

describe('a sweep and somebody else at once', () => {
  it('end with the tags of a quarantine that begins meanwhile', async () => {
    await kept.add(role);
    let isDone = false;
    world.aws.onCall = async ({ command, input }) => {
      if (isDone || command !== 'TagResource' || !JSON.stringify(input).includes(first)) return;
      isDone = true;
      await kept.add({ session: LAPTOP });
      await kept.apply(['web'], [1]);
    };
    await world.sweep();
    expect(kept.tagsOf()).toEqual({
      [first]: `denied ${INTERN} ${ADDRESS} ${LAPTOP} denied`,
    });
  });

  it('end without the tags of one that is released meanwhile', async () => {
    await kept.add(role);
    let isDone = false;
    world.aws.onCall = async ({ command, input }) => {
      if (isDone || command !== 'TagResource' || !JSON.stringify(input).includes(first)) return;
      isDone = true;
      expect((await world.release(idOf(role))).left).toEqual([]);
    };
    await world.sweep();
    expect(isDone).toBe(true);
    expect(kept.tagsOf()).toEqual({});
  });
});

describe('an environment whose guard does not quarantine', () => {
  it.each([
    ['has none', {}],
    ['only observes', { guard: { answer: 'observe' as const } }],
  ])('loses the tags that were left behind: it %s', async (_, options) => {
    await start(options);
    await quarantine();
    world.aws.resetCalls();
    await world.sweep();
    expect(kept.tagsOf()).toEqual({});
    expect(count(...TABLE_CALLS)).toBe(0);
    world.aws.resetCalls();
    await world.sweep();
    expect(tagging()).toEqual([]);
  });

  it('is told by its key when they can not be taken off, and tries again', async () => {
    await start({});
    await quarantine();
    world.aws.faults.fail('UntagResource', { error: 'access-denied' });
    await world.sweep();
    expect(keysNotSwept()).toBe(1);
    await world.sweep();
    expect(kept.tagsOf()).toEqual({});
  });

  it('has its dry run say so', async () => {
    await start({});
    await quarantine();
    expect((await world.lifecycleHandler({ dryRun: true })).retagged).toEqual(['web']);
    expect(kept.tagsOf()).toEqual(DENIED);
  });
});
