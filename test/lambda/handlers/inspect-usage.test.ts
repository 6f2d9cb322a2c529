import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GUARD_NOUN, roleName, secretName, tag, variable } from '../../../lambda/contract.ts';
import type { AssessReport, ReadersReport } from '../../../lambda/payloads.ts';
import {
  type CloudTrailRecord,
  deniedRead,
  otherAccount,
  type ReadOf,
  read,
  role,
  throughEndpoint,
} from '../../aws/recorded/cloudtrail.ts';
import { createWorld, FINGERPRINTS, KEYS, type World } from '../world.ts';

const HOUR = 3_600_000;
const START = new Date('2026-11-24T00:00:00Z').getTime();
const hour = (number: number) => new Date(START + number * HOUR);
const arnOf = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const BACKEND = arnOf('backend');
const THIEF = arnOf('thief');
/** The sweep's role, whose reads are told too. */
const own = arnOf(roleName('dev', 'lifecycle'));

let world: World;
beforeEach(async () => {
  world = await createWorld({
    guard: {},
    tags: { [tag.consumer(1)]: BACKEND, [tag.consumer(2)]: arnOf('batch') },
  });
});
afterEach(() => world.close());

/** The guard sees these events, and the sweep's own of every hour, until so many hours have passed. */
async function pass(hours: number, ...records: readonly CloudTrailRecord[]) {
  const sweeps = Array.from({ length: hours }, (_, at) =>
    read({ by: role(roleName('dev', 'lifecycle'), 'sweep'), at: hour(at) }),
  );
  world.aws.clock.advance(hours * HOUR);
  await world.deliver(...sweeps, ...records);
  world.aws.resetCalls();
}
const at = (number: number, call: ReadOf = {}) => read({ ...call, at: hour(number) });
const thief = { by: role('thief', 'laptop') };
const readers = async () => (await world.inspectHandler({ action: 'readers' })) as ReadersReport;
const assess = async (request: object = {}) =>
  (await world.inspectHandler({ action: 'assess', key: 'web', ...request })) as AssessReport;
const namesAsked = () =>
  world.aws.calls
    .filter(({ command }) => command === 'LookupEvents')
    .map(({ input }) => JSON.stringify(input));
/** The event history has this one, and the access guard missed it. */
const elsewhere = () =>
  world.aws.cloudTrail.seedRead({
    secretId: secretName('dev', 'web'),
    by: { roleArn: THIEF, session: 'laptop' },
  });

describe('readers', () => {
  it('are those of the usage record, each use once and refused ones apart, from when it has all', async () => {
    const twice = at(70, { by: otherAccount() });
    await pass(80, at(1), at(75), twice, deniedRead({ ...thief, at: hour(76) }));
    await world.deliver(twice);
    elsewhere();
    expect(world.uses().filter(({ event_id }) => event_id === twice.eventID)).toHaveLength(2);
    const { source, keys } = await readers();
    expect(source).toMatchObject({
      kind: 'usage-record',
      complete: true,
      since: '2026-11-24T00:00:00.000Z',
    });
    expect(keys).toMatchObject([{ key: 'web', since: '2026-11-24T00:00:00.000Z' }]);
    expect(keys[0]?.readers).toEqual([
      {
        principal: THIEF,
        in72Hours: 0,
        hours: [],
        in30Days: 0,
        refusedIn30Days: 1,
        lastRefused: hour(76).toISOString(),
      },
      {
        principal: BACKEND,
        in72Hours: 1,
        hours: [{ hour: hour(75).toISOString(), reads: 1 }],
        in30Days: 2,
        last: hour(75).toISOString(),
        refusedIn30Days: 0,
        risk: expect.any(Number),
      },
      {
        principal: '444455556666',
        in72Hours: 1,
        hours: [{ hour: hour(70).toISOString(), reads: 1 }],
        in30Days: 1,
        last: hour(70).toISOString(),
        refusedIn30Days: 0,
        risk: 100,
      },
    ]);
    expect(world.aws.countOf('LookupEvents')).toBe(0);
  });

  it('leave out the access guard, whose role is one of ours', async () => {
    await pass(80, deniedRead({ by: role(roleName('dev', GUARD_NOUN)), at: hour(1) }));
    expect((await readers()).keys).toMatchObject([{ readers: [] }]);
  });

  it('are those of the event history as long as the record is younger than 72 hours', async () => {
    await pass(10, at(5));
    elsewhere();
    const { source, keys } = await readers();
    expect(source.kind).toBe('lookup-events');
    expect(source.covers).toContain("The access guard's usage record can't tell as much yet");
    expect(keys).toMatchObject([{ readers: [{ principal: THIEF }] }]);
  });

  it('are those of the log group of a trail where there is one', async () => {
    world.aws.logs.seedCloudTrail('cloudtrail');
    world.variables[variable.cloudTrailLogGroup] = 'cloudtrail';
    await pass(80, at(5));
    elsewhere();
    const { source, keys } = await readers();
    expect(source.kind).toBe('logs-insights');
    expect(keys).toMatchObject([{ readers: [{ principal: THIEF }] }]);
    expect((await assess()).source.kind).toBe('logs-insights');
  });
});

describe('assess', () => {
  it('tells the reads of the usage record, each once, and the rest by the event history', async () => {
    const twice = at(60, { ...thief, more: throughEndpoint, with: 'curl/8' });
    await pass(80, at(20), at(21, { versionStage: 'AWSCURRENT' }), twice);
    await world.deliver(twice, deniedRead({ ...thief, at: hour(61) }));
    world.aws.cloudTrail.seedEvent({
      name: 'StopLogging',
      source: 'cloudtrail.amazonaws.com',
      by: { roleArn: THIEF, session: 'laptop' },
    });
    elsewhere();
    world.aws.resetCalls();
    const report = await assess();
    expect(report).toMatchObject({
      leaked: { fingerprint: FINGERPRINTS.first },
      source: { kind: 'usage-record', complete: true },
      activity: [
        { event: 'StopLogging', principal: THIEF, count: 1 },
        { event: 'GetSecretValue (denied)', principal: THIEF, count: 1 },
      ],
      risk: { level: 'high', reasons: [`Readers that the configuration doesn't name: ${THIEF}.`] },
    });
    const others = report.readers.filter(({ principal }) => principal !== own);
    expect(others).toEqual([
      {
        principal: THIEF,
        sessions: ['laptop'],
        from: ['vpce-0a1b2c3d4e5f6a7b8'],
        userAgents: ['curl/8'],
        reads: 1,
        byVersionId: 0,
        first: hour(60).toISOString(),
        last: hour(60).toISOString(),
        known: false,
      },
      expect.objectContaining({ principal: BACKEND, reads: 2, known: true }),
    ]);
    expect(report.readers.find(({ principal }) => principal === own)?.known).toBe(true);
    expect(namesAsked().join()).not.toContain('GetSecretValue');
  });

  it('tells whose key a read got by the time at which it was current', async () => {
    await pass(80, at(20));
    await world.stage(KEYS.second);
    await world.rotate();
    world.aws.clock.advance(HOUR);
    await world.deliver(at(80), at(81, thief));
    const [current, previous] = [await assess(), await assess({ version: 'previous' })];
    const by = ({ readers: rows }: AssessReport) =>
      rows.filter(({ principal }) => principal !== own).map(({ principal }) => principal);
    expect(by(current)).toEqual([THIEF, BACKEND]);
    expect(by(previous)).toEqual([BACKEND]);
  });

  it('makes the same number of calls for 400 reads as for four', async () => {
    const counts: number[] = [];
    await pass(80);
    for (const more of [4, 396]) {
      await world.deliver(...Array.from({ length: more }, () => at(79)));
      world.aws.resetCalls();
      await assess();
      counts.push(world.aws.calls.length);
    }
    expect(counts[0]).toBe(counts[1]);
  });

  it('asks the event history for all while the record lacks a part of the time', async () => {
    await pass(10, at(5));
    elsewhere();
    const { source, readers: rows } = await assess();
    expect(source.kind).toBe('lookup-events');
    expect(source.covers).toContain('without a gap since 2026-11-24T00:00:00.000Z');
    expect(rows.map(({ principal }) => principal)).toContain(THIEF);
    expect(namesAsked().join()).toContain('GetSecretValue');
  });

  it('asks the record alone about a time since the guard is there, however young it is', async () => {
    await pass(10, at(9.5, thief));
    expect(await assess({ hours: 1 })).toMatchObject({
      source: { kind: 'usage-record', complete: true },
      readers: [{ principal: THIEF, reads: 1 }, { principal: own }],
    });
  });

  it('answers within 40 seconds, however slow the record', async () => {
    await pass(80);
    world.aws.logs.queriesTake(1_000);
    const begun = world.aws.clock.now().getTime();
    expect((await assess()).source.covers).toContain('A query took over 12 seconds');
    expect(world.aws.clock.now().getTime() - begun).toBeLessThan(40_000);
  });

  it('shows nothing of the shape of a key', async () => {
    await pass(80, at(5, { by: role(KEYS.first, KEYS.second), versionStage: KEYS.third }));
    const told = JSON.stringify([await assess(), await readers(), world.printed, world.uses()]);
    for (const key of Object.values(KEYS)) expect(told).not.toContain(key);
  });
});
