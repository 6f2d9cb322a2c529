import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tag } from '../../../lambda/contract.ts';
import { release } from '../../../lambda/domain/quarantine/change.ts';
import { idOf } from '../../../lambda/domain/quarantine/quarantine.ts';
import type { InventoryReport, QuarantinesReport } from '../../../lambda/payloads.ts';
import { ADDRESS, INTERN, keeping, LAPTOP, quarantined } from '../quarantined.ts';
import { createWorld, type World, type WorldOptions } from '../world.ts';

const HOUR = 3_600_000;
const role = { principal: INTERN, address: ADDRESS };

let world: World;
let kept: ReturnType<typeof keeping>;
const start = async (options: WorldOptions = { guard: { answer: 'quarantine' } }) => {
  await world?.close();
  world = await createWorld(options);
  kept = keeping(world.aws);
  world.seedKey('server');
};
beforeEach(() => start());
afterEach(() => world.close());

const quarantines = async () =>
  (await world.inspectHandler({ action: 'quarantines', caller: 'ann' })) as QuarantinesReport;
const guard = async () =>
  ((await world.inspectHandler({ action: 'inventory' })) as InventoryReport).guard;
const apply = () => kept.apply(['server', 'web']);

describe('who is quarantined', () => {
  it('is told by the time it began, without what is ours to know', async () => {
    await kept.add(role);
    world.aws.clock.advance(HOUR);
    await kept.add({ session: LAPTOP });
    await apply();
    const at = world.aws.clock.now();
    expect(await quarantines()).toEqual({
      environment: 'dev',
      at: at.toISOString(),
      answer: 'quarantine',
      quarantines: [quarantined(role), quarantined({ session: LAPTOP }, { at })],
      pending: [],
    });
  });

  it('is nobody who was released, nor once it is over', async () => {
    await kept.add(role);
    await kept.add({ session: LAPTOP }, { hours: 1 });
    await release(kept.ports, idOf(role), world.aws.clock.now());
    world.aws.clock.advance(HOUR);
    expect((await quarantines()).quarantines).toEqual([]);
  });

  it('is told with the keys that do not deny it yet', async () => {
    await kept.add(role);
    expect((await quarantines()).pending).toEqual(['server', 'web']);
    await apply();
    await world.untag(tag.quarantine(1));
    expect((await quarantines()).pending).toEqual(['web']);
  });

  it('is told with those that nobody can describe, and without those that are to be deleted', async () => {
    await kept.add(role);
    await apply();
    const input = { SecretId: 'amplitude/dev/server', RecoveryWindowInDays: 7 };
    await kept.ports.quarantineTags.change('amplitude/dev/server', {}, [tag.quarantine(1)]);
    await world.aws.clients.secretsManager.send(new DeleteSecretCommand(input));
    world.aws.faults.fail('DescribeSecret', {
      error: 'throttled',
      where: ({ SecretId }) => SecretId === 'amplitude/dev/web',
    });
    expect((await quarantines()).pending).toEqual(['web']);
  });

  it('takes no read of a key', async () => {
    world.aws.resetCalls();
    await quarantines();
    const commands = new Set(world.aws.calls.map(({ command }) => command));
    expect(commands).toEqual(new Set(['GetItem', 'ListSecrets', 'DescribeSecret']));
  });

  it('is an error while the table gives no answer', async () => {
    world.aws.faults.fail('GetItem', { error: 'throttled' });
    await expect(quarantines()).rejects.toMatchObject({ code: 'THROTTLED' });
  });

  it('is nobody without an access guard, and tags that were left behind are pending', async () => {
    await start({});
    await kept.add(role);
    await kept.apply(['web']);
    world.aws.resetCalls();
    const report = await quarantines();
    expect(report).toMatchObject({ quarantines: [], pending: ['web'] });
    expect(report).not.toHaveProperty('answer');
    expect(world.aws.countOf('GetItem')).toBe(0);
  });

  it('is told of a guard that only observes since a deployment, and that all tags are to go', async () => {
    await start({ guard: { answer: 'observe' } });
    await kept.add(role);
    await kept.apply(['web']);
    expect(await quarantines()).toMatchObject({
      answer: 'observe',
      quarantines: [quarantined(role)],
      pending: ['web'],
    });
  });

  it.each([{ action: 'quarantines', key: 'web' }, { action: 'quarantine' }])(
    'is not told to whoever asks wrongly: %j',
    async (request) => {
      await expect(world.inspectHandler(request)).rejects.toMatchObject({
        code: 'EVENT_MALFORMED',
        message: expect.stringContaining('{"action":"quarantines"}'),
      });
    },
  );
});

describe('the access guard in the inventory', () => {
  it('says how many are quarantined', async () => {
    expect(await guard()).toEqual({ answer: 'quarantine', quarantined: 0 });
    await kept.add(role);
    await kept.add({ session: LAPTOP }, { hours: 1 });
    expect(await guard()).toEqual({ answer: 'quarantine', quarantined: 2 });
    world.aws.clock.advance(HOUR);
    expect(await guard()).toEqual({ answer: 'quarantine', quarantined: 1 });
  });

  it('only observes', async () => {
    await start({ guard: { answer: 'observe' } });
    await kept.add(role);
    expect(await guard()).toEqual({ answer: 'observe' });
  });

  it.each([1, 2])(
    'that gives no answer at question %i is told so, and the keys all the same',
    async (nth) => {
      world.aws.faults.fail('GetItem', { error: 'throttled', nth });
      const report = (await world.inspectHandler({ action: 'inventory' })) as InventoryReport;
      expect(report.guard).toEqual({
        answer: 'quarantine',
        unreadable: expect.stringContaining('GetItem of table amplitude-dev-access-guard failed'),
      });
      expect(report.keys).toHaveLength(2);
    },
  );
});
