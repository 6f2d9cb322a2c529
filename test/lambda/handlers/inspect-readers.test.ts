import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { roleName, secretName, tag, variable } from '../../../lambda/contract.ts';
import type { ReadersReport } from '../../../lambda/payloads.ts';
import { createWorld, KEYS, type World } from '../world.ts';

const DAY = 86_400_000;
const SecretId = secretName('dev', 'web');
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const backend = { roleArn: roleArn('backend'), session: 'task-1' };
const thief = { roleArn: roleArn('thief'), session: 'laptop' };
const own = { roleArn: roleArn(roleName('dev', 'lifecycle')), session: 'sweep' };

let world: World;
beforeEach(async () => {
  world = await createWorld({
    tags: {
      [tag.consumer(1)]: backend.roleArn,
      [tag.consumer(2)]: 'PrincipalTag/team=web',
      [tag.consumerExpires(2)]: '2027-01-31T00:00:00.000Z',
    },
  });
});
afterEach(() => world.close());

const readBy = (by: typeof thief, daysAgo: number, more: object = {}) => {
  const at = new Date(world.aws.clock.now().getTime() - daysAgo * DAY);
  world.aws.cloudTrail.seedRead({ secretId: SecretId, by, at, ...more });
};
const readers = async (request: object = {}) =>
  (await world.inspectHandler({ action: 'readers', ...request })) as ReadersReport;
function useLogGroup() {
  world.aws.logs.seedCloudTrail('cloudtrail');
  world.variables[variable.cloudTrailLogGroup] = 'cloudtrail';
}

describe('readers', () => {
  it.each([
    ['lookup-events', () => {}],
    ['logs-insights', useLogGroup],
  ] as const)(
    'tells by %s who reads each key and who may, and reads no value',
    async (kind, choose) => {
      choose();
      world.seedKey('export');
      readBy(own, 89);
      readBy(backend, 1);
      readBy(backend, 20);
      readBy(thief, 2, { errorCode: 'AccessDenied' });
      world.aws.resetCalls();
      const report = await readers();
      expect(report).toMatchObject({
        environment: 'dev',
        at: '2026-11-24T00:00:00.000Z',
        source: { kind, complete: true, since: '2026-08-26T00:00:00.000Z' },
        unreadable: [],
      });
      expect(report.keys).toEqual([
        { key: 'export', consumers: [], readers: [] },
        {
          key: 'web',
          since: '2026-08-27T00:00:00.000Z',
          hoursSince: '2026-11-21T00:00:00.000Z',
          consumers: [
            { principal: backend.roleArn },
            { principal: 'PrincipalTag/team=web', expires: '2027-01-31T00:00:00.000Z' },
          ],
          readers: [
            {
              principal: backend.roleArn,
              in72Hours: 1,
              hours: [{ hour: '2026-11-23T00:00:00.000Z', reads: 1 }],
              in30Days: 2,
              last: '2026-11-23T00:00:00.000Z',
              refusedIn30Days: 0,
            },
            {
              principal: thief.roleArn,
              in72Hours: 0,
              hours: [],
              in30Days: 0,
              refusedIn30Days: 1,
              lastRefused: '2026-11-22T00:00:00.000Z',
            },
          ],
        },
      ]);
      expect(world.aws.countOf('GetSecretValue')).toBe(0);
      expect(new Set(world.aws.calls.map(({ command }) => command.slice(0, 3)))).not.toContain(
        'Tag',
      );
    },
  );

  it('asks the log group as often for a hundred keys as for one', async () => {
    useLogGroup();
    const counts: number[] = [];
    for (const more of [1, 98]) {
      world.aws.resetCalls();
      const { keys } = await readers();
      counts.push(world.aws.calls.length - keys.length);
      for (let at = 0; at < more; at += 1) world.seedKey(`key-${more}-${at}`);
    }
    expect(counts[0]).toBe(counts[1]);
  });

  it('tells of one key alone where one is named', async () => {
    world.seedKey('export');
    expect((await readers({ key: 'web' })).keys.map(({ key }) => key)).toEqual(['web']);
  });

  it('tells of a key that can not be looked at, and of the others', async () => {
    world.seedKey('export');
    world.seedKey('odd', { tags: { [tag.kind]: 'none' } });
    const gone = new DeleteSecretCommand({ SecretId: secretName('dev', 'export') });
    await world.aws.clients.secretsManager.send(gone);
    const { keys, unreadable } = await readers();
    expect(keys.map(({ key }) => key)).toEqual(['web']);
    expect(unreadable.map(({ key, error }) => [key, error.code])).toEqual(
      expect.arrayContaining([
        ['export', 'SECRET_MARKED_FOR_DELETION'],
        ['odd', 'TAG_INVALID'],
      ]),
    );
    expect((await readers({ key: 'none' })).unreadable).toMatchObject([
      { key: 'none', error: { code: 'SECRET_NOT_FOUND' } },
    ]);
  });

  it('says so when CloudTrail does not answer', async () => {
    world.aws.faults.fail('LookupEvents', { error: 'throttled' });
    const { source, keys } = await readers();
    expect(source).toMatchObject({
      complete: false,
      failure: expect.stringContaining('throttles'),
    });
    expect(source).not.toHaveProperty('since');
    expect(keys).toMatchObject([{ readers: [] }]);
  });

  it('answers within a minute, however slow the source', async () => {
    useLogGroup();
    world.aws.logs.queriesTake(1_000);
    const begun = world.aws.clock.now().getTime();
    await readers();
    expect(world.aws.clock.now().getTime() - begun).toBeLessThan(50_000);
  });

  it('shows nothing of the shape of a key', async () => {
    readBy({ roleArn: roleArn(KEYS.first), session: KEYS.second }, 1);
    const told = JSON.stringify([await readers(), world.printed]);
    for (const key of Object.values(KEYS)) expect(told).not.toContain(key);
  });

  it.each([[{ hours: 3 }], [{ key: '' }], [{ key: 7 }]])('refuses %j', async (request) => {
    await expect(readers(request)).rejects.toMatchObject({
      code: 'EVENT_MALFORMED',
      message: expect.stringContaining('{"action":"readers","key"?}'),
    });
  });
});
