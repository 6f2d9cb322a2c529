import { TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretName, stagedName, tag, variable } from '../../../lambda/contract.ts';
import type { AssessReport } from '../../../lambda/payloads.ts';
import { createWorld, FINGERPRINTS, KEYS, type World, type WorldOptions } from '../world.ts';

const HOUR = 3_600_000;
const SecretId = secretName('dev', 'web');
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const backend = { roleArn: roleArn('backend'), session: 'task-1' };
const thief = { roleArn: roleArn('thief'), session: 'laptop' };
const consumers = { [tag.consumer(1)]: backend.roleArn };

let world: World;
beforeEach(() => open());
afterEach(() => world.close());

async function open(options: WorldOptions = { tags: consumers }) {
  await world?.close();
  world = await createWorld(options);
}
const readBy = (by: typeof thief, more: object = {}) =>
  world.aws.cloudTrail.seedRead({ secretId: SecretId, by, ...more });
const assess = async (request: object = {}) =>
  (await world.inspectHandler({ action: 'assess', key: 'web', ...request })) as AssessReport;
function useLogGroup() {
  world.aws.logs.seedCloudTrail('cloudtrail');
  world.variables[variable.cloudTrailLogGroup] = 'cloudtrail';
}
/** Every call that changes something. */
const changes = () =>
  world.aws.calls.filter(({ command }) =>
    /^(Put|Update|Tag|Untag|Delete|Rotate|Disable|Enable)/.test(command),
  );

describe('assess', () => {
  it.each([
    ['lookup-events', () => {}],
    ['logs-insights', useLogGroup],
  ] as const)('tells by %s who read the key, and changes nothing', async (kind, choose) => {
    choose();
    world.aws.clock.advance(5 * HOUR);
    readBy(backend);
    readBy(thief, { vpcEndpointId: 'vpce-1', userAgent: 'curl/8' });
    world.aws.resetCalls();
    expect(await assess({ hours: 4 })).toMatchObject({
      truth: { revoked: 'no' },
      environment: 'dev',
      key: 'web',
      leaked: { fingerprint: FINGERPRINTS.first, name: 'web, first' },
      hours: 4,
      source: { kind, complete: true },
      reads: 2,
      first: '2026-11-24T05:00:00.000Z',
      last: '2026-11-24T05:00:00.000Z',
      byHour: [{ hour: '2026-11-24T05:00:00.000Z', reads: 2 }],
      readers: [
        {
          principal: thief.roleArn,
          sessions: ['laptop'],
          from: ['vpce-1', '192.0.2.10'],
          userAgents: ['curl/8'],
          known: false,
        },
        { principal: backend.roleArn, known: true },
      ],
      risk: { level: 'high', reasons: [expect.stringContaining(thief.roleArn)] },
    });
    expect(changes()).toEqual([]);
  });

  it('still tells who read the leaked key once another one is current', async () => {
    readBy(backend);
    world.aws.clock.advance(HOUR);
    readBy(thief);
    world.aws.clock.advance(HOUR);
    await world.stage(KEYS.second);
    const reason = 'pasted into a ticket';
    await world.emergencyHandler({ action: 'revoke', key: 'web', reason });
    world.aws.clock.advance(HOUR);
    readBy(backend);
    const report = await assess();
    expect(report.leaked.fingerprint).toBe(FINGERPRINTS.first);
    expect(report.readers.map(({ principal, reads }) => [principal, reads])).toEqual([
      [thief.roleArn, 1],
      [backend.roleArn, 1],
    ]);
  });

  it('of a staged key tells who read the parameter', async () => {
    await world.stage(KEYS.second);
    const name = stagedName('dev', 'web', FINGERPRINTS.second);
    const read = { name: 'GetParameter', source: 'ssm.amazonaws.com', by: thief };
    world.aws.cloudTrail.seedEvent({ ...read, requestParameters: { name } });
    readBy(backend);
    expect(await assess({ version: 'staged' })).toMatchObject({
      leaked: { fingerprint: FINGERPRINTS.second, name: 'web, next' },
      reads: 1,
      readers: [{ principal: thief.roleArn }],
      activity: [{ event: 'GetParameter', principal: thief.roleArn }],
    });
  });

  it('needs no value: it works while the CMK is disabled', async () => {
    await open({ cmk: true });
    await world.disableCmk();
    readBy(thief);
    const report = await assess();
    expect(report).toMatchObject({
      truth: { revoked: 'unknown' },
      reads: 1,
      risk: { level: 'high' },
    });
    expect(report.leaked).toEqual({ versionId: expect.any(String) });
  });

  it('says so when CloudTrail does not answer', async () => {
    world.aws.faults.fail('LookupEvents', { error: 'throttled' });
    const { reads, source, risk } = await assess();
    expect({ reads, complete: source.complete }).toEqual({ reads: 0, complete: false });
    expect(source.covers).toContain('AWS throttles the call');
    expect(risk.reasons.at(-1)).toContain('Not all reads could be seen');
  });

  it('makes the same number of calls for 2,000 reads as for 20 by the log group', async () => {
    useLogGroup();
    const counts: number[] = [];
    for (const reads of [20, 1_980]) {
      for (let index = 0; index < reads; index += 1) readBy(backend);
      world.aws.resetCalls();
      await assess();
      counts.push(world.aws.calls.length);
    }
    expect(counts[0]).toBe(counts[1]);
  });

  it('answers within 30 seconds, however slow the source', async () => {
    useLogGroup();
    world.aws.logs.queriesTake(1_000);
    const begun = world.aws.clock.now().getTime();
    expect((await assess()).source.complete).toBe(false);
    expect(world.aws.clock.now().getTime() - begun).toBeLessThan(30_000);
  });

  it('sees the sensitivity that the stack wrote', async () => {
    const Tags = [{ Key: tag.sensitivity, Value: 'sensitive' }];
    await world.aws.clients.secretsManager.send(new TagResourceCommand({ SecretId, Tags }));
    expect((await assess()).risk).toMatchObject({ level: 'high' });
  });

  it('shows no value, in its answer or its logs', async () => {
    await world.stage(KEYS.second);
    readBy(thief);
    const told = JSON.stringify([
      await assess(),
      await assess({ version: 'staged' }),
      world.printed,
    ]);
    for (const key of Object.values(KEYS)) expect(told).not.toContain(key);
  });
});

describe('assess refuses', () => {
  it.each([
    ['no key', { key: undefined }],
    ['hours out of range', { hours: 0 }],
    ['more hours than CloudTrail keeps', { hours: 2_161 }],
    ['parts of an hour', { hours: 1.5 }],
    ['a field that it does not know', { since: 'yesterday' }],
    ['an empty version', { version: '' }],
  ])('%s, and says what there is', async (_, request) => {
    await expect(assess(request)).rejects.toThrow(
      expect.objectContaining({
        code: 'EVENT_MALFORMED',
        message: expect.stringContaining('"hours"?: 1 to 2160'),
      }),
    );
  });

  it('a key that is not there', async () => {
    await expect(assess({ key: 'none' })).rejects.toMatchObject({ code: 'SECRET_NOT_FOUND' });
  });

  it('a version that is not there', async () => {
    await expect(assess({ version: 'previous' })).rejects.toMatchObject({
      code: 'VERSION_UNKNOWN',
    });
    expect(world.aws.countOf('LookupEvents')).toBe(0);
  });

  it('nothing at the ends of the range', async () => {
    for (const hours of [1, 2_160]) expect(await assess({ hours })).toMatchObject({ hours });
  });
});
