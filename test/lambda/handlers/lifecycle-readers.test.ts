import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { roleName, secretName, tag, usageGroupName, variable } from '../../../lambda/contract.ts';
import type { UsageLine } from '../../../lambda/domain/access-guard/usage-line.ts';
import { createWorld, type World } from '../world.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const backend = { roleArn: roleArn('backend'), session: 'task-1' };
const thief = { roleArn: roleArn('thief'), session: 'laptop' };
const own = { roleArn: roleArn(roleName('dev', 'lifecycle')), session: 'sweep' };

let world: World;
beforeEach(async () => {
  world = await createWorld({ tags: { [tag.consumer(1)]: backend.roleArn } });
});
afterEach(() => world.close());

const readBy = (by: typeof thief, daysAgo: number, key = 'web') => {
  const at = new Date(world.aws.clock.now().getTime() - daysAgo * DAY);
  world.aws.cloudTrail.seedRead({ secretId: secretName('dev', key), by, at });
};
const ofReaders = () =>
  world.aws.sns.published.filter(({ subject = '' }) => subject.includes('worth a look'));
function useLogGroup() {
  world.aws.logs.seedCloudTrail('cloudtrail');
  world.variables[variable.cloudTrailLogGroup] = 'cloudtrail';
}

describe('the sweep', () => {
  it.each([
    ['the event history', () => {}],
    ['the log group', useLogGroup],
  ] as const)('tells once a month by %s who reads, all keys in one message', async (_, choose) => {
    choose();
    world.seedKey('export');
    readBy(own, 89);
    readBy(own, 89, 'export');
    readBy(thief, 1);
    readBy(backend, 1, 'export');
    await world.sweep();
    const [mail, ...more] = ofReaders();
    expect(more).toEqual([]);
    expect(mail?.subject).toBe('2 Amplitude keys of dev: readers worth a look');
    expect(mail?.message).toContain(`Granted to ${backend.roleArn}: not read for 30 days`);
    expect(mail?.message).toContain(`Without a grant: ${thief.roleArn}, in 30 days 1 read and`);
    const asked = () => world.aws.countOf('LookupEvents') + world.aws.countOf('StartQuery');
    const once = asked();
    await world.pass(30 * DAY - HOUR);
    expect({ asked: asked(), mails: ofReaders().length }).toEqual({ asked: once, mails: 1 });
    await world.pass(2 * HOUR);
    expect({ asked: asked(), mails: ofReaders().length }).toEqual({ asked: 2 * once, mails: 2 });
  });

  it('calls a grant unused after as many days as the stack says', async () => {
    world.variables[variable.reclaimAfterDays] = '60';
    readBy(own, 89);
    readBy(backend, 40);
    await world.sweep();
    expect(ofReaders()).toEqual([]);
  });

  it.each(['LookupEvents', 'StartQuery'] as const)(
    'goes on, and tells later, when %s fails',
    async (command) => {
      if (command === 'StartQuery') useLogGroup();
      world.aws.faults.fail(command, { error: 'access-denied', times: 3 });
      readBy(own, 89);
      readBy(thief, 1);
      expect(await world.sweep()).toBeUndefined();
      expect(ofReaders()).toEqual([]);
    },
  );

  it('tells that it could not find out, when it could not twice', async () => {
    world.aws.faults.fail('LookupEvents', { error: 'access-denied', times: 2 });
    await world.sweep();
    world.mail();
    await world.pass(DAY);
    expect(world.mail()).toContain('Readers of Amplitude environment dev are not known');
  });

  describe('where there is an access guard', () => {
    const use = (by: typeof thief, at: Date) =>
      world.aws.logs.seedLine(
        usageGroupName('dev'),
        at,
        JSON.stringify({
          event_type: 'API_KEY_USED',
          api_key_name: 'web',
          timestamp: at.toISOString(),
          principal: by.roleArn,
          outcome: 'read',
          event_id: `${by.roleArn} ${at.getTime()}`,
        } satisfies Partial<UsageLine>),
      );
    /** The guard has been there for so many days. */
    async function guarded(days: number) {
      await world.close();
      world = await createWorld({ tags: { [tag.consumer(1)]: backend.roleArn }, guard: {} });
      const now = world.aws.clock.now().getTime();
      for (let hours = 0; hours <= days * 24; hours += 1) use(own, new Date(now - hours * HOUR));
      use(thief, new Date(now - DAY));
    }

    it('tells by its usage record, and asks nobody else', async () => {
      await guarded(91);
      await world.sweep();
      const [mail] = ofReaders();
      expect(mail?.message).toContain(`Granted to ${backend.roleArn}: not read for 30 days`);
      expect(mail?.message).toContain(`Without a grant: ${thief.roleArn}, in 30 days 1 read and`);
      expect(world.aws.countOf('LookupEvents')).toBe(0);
    });

    it('calls no grant unused while that is younger than so many days', async () => {
      await guarded(29);
      await world.sweep();
      const [mail] = ofReaders();
      expect(mail?.message).toContain(`Without a grant: ${thief.roleArn}`);
      expect(mail?.message).not.toContain(backend.roleArn);
    });
  });
});
