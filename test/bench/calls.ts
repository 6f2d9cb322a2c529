import { tag, variable } from '../../lambda/contract.ts';
import { createWorld, documentOf, KEYS, type World, type WorldOptions } from '../lambda/world.ts';
import type { Part, Row } from './measurement.ts';

const HOUR = 3_600_000;
const REASON = 'in a public repository';

/** AWS calls of some work in a world of its own, by name and in order. */
async function callsOf(
  work: (world: World) => Promise<unknown>,
  before: (world: World) => unknown = () => {},
  options: WorldOptions = {},
): Promise<readonly string[]> {
  const world = await createWorld(options);
  try {
    await before(world);
    world.aws.resetCalls();
    const failure = await work(world);
    if (failure instanceof Error || typeof failure === 'string') throw failure;
    return world.aws.calls.map(({ command }) => command).filter((name) => name !== 'RotateSecret');
  } finally {
    await world.close();
  }
}

const rotate = (world: World) => world.rotate();
const emergency = (payload: object) => (world: World) =>
  world.emergencyHandler({ reason: REASON, ...payload });
const ofKey = (action: string) => emergency({ action, scope: 'key', key: 'web' });
const ofAll = (action: string) => emergency({ action, scope: 'environment' });
const stage = (world: World) => world.stage(KEYS.second);

/** One key before the leaked one, and one after it. */
async function leaked(world: World) {
  await world.stage(KEYS.second);
  await world.rotate();
  await world.stage(KEYS.third);
}

async function rotations(): Promise<readonly Row[]> {
  const plain = await callsOf(rotate, stage);
  const value = JSON.stringify({ secretKey: KEYS.first, name: 'secret, first', held: [] });
  const tags = { [tag.kind]: 'secret', [tag.pairedWith]: 'server' };
  const secret = await callsOf(
    rotate,
    async (world) => {
      world.seedKey('server', { value: documentOf(KEYS.fourth) });
      world.amplitude.generate(KEYS.fourth, 'US', KEYS.second);
      await world.stage(KEYS.second, { known: false });
    },
    { value, tags },
  );
  const peer = { what: "AWS's template", measured: 10 };
  const bar = { most: 14 };
  return [
    { what: 'rotation', measured: plain.length, unit: 'calls', peer, bar },
    { what: 'rotation of a secret key', measured: secret.length, unit: 'calls', peer, bar },
  ];
}

async function emergencies(): Promise<readonly Row[]> {
  const revoke = await callsOf(emergency({ action: 'revoke', key: 'web' }), leaked);
  const locked = { cmk: true };
  const counted: [string, readonly string[]][] = [
    ['revoke, all of it', revoke],
    ['rollback', await callsOf(emergency({ action: 'rollback', key: 'web' }), twice)],
    ['lockdown of a key', await callsOf(ofKey('lockdown'), undefined, locked)],
    ['lockdown of an environment', await callsOf(ofAll('lockdown'), undefined, locked)],
    ['unlock of a key', await callsOf(ofKey('unlock'), ofKey('lockdown'), locked)],
    ['unlock of an environment', await callsOf(ofAll('unlock'), ofAll('lockdown'), locked)],
  ];
  const asked = revoke.indexOf('Publish') + 1;
  return [
    {
      what: 'revoke, to asking for Revoke',
      measured: asked,
      unit: 'calls',
      bar: { most: 12 },
    },
    ...counted.map(([what, { length }]): Row => ({ what, measured: length, unit: 'calls' })),
  ];
}

async function twice(world: World) {
  await world.stage(KEYS.second);
  await world.rotate();
}

async function sweeps(): Promise<readonly Row[]> {
  const quiet = (keys: number) =>
    callsOf(
      (world) => world.sweep(),
      (world) => settled(world, keys),
    );
  const [ten, twenty] = [await quiet(10), await quiet(20)];
  return [
    {
      what: 'sweep, nothing to be done',
      measured: (twenty.length - ten.length) / 10,
      unit: 'per key',
    },
  ];
}

async function settled(world: World, keys: number) {
  world.amplitude.generate(KEYS.fourth);
  for (let at = 1; at < keys; at += 1) {
    world.seedKey(`key-${at}`, { value: documentOf(KEYS.fourth) });
  }
  await world.sweep();
}

async function assessments(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [source, choose] of [
    ['Logs Insights', useLogGroup],
    ['LookupEvents', () => {}],
  ] as const) {
    const counts: number[] = [];
    for (const reads of [20, 2_000]) {
      counts.push((await callsOf(assess, (world) => readOften(world, reads, choose))).length);
    }
    const [few = 0, many = 0] = counts;
    const peer = { what: 'of 20', measured: few };
    const bar = source === 'Logs Insights' ? { bar: { ratio: 1 } } : {};
    rows.push({
      what: `assess 2,000 reads, ${source}`,
      measured: many,
      unit: 'calls',
      peer,
      ...bar,
    });
  }
  return rows;
}

const assess = (world: World) => world.inspectHandler({ action: 'assess', key: 'web', hours: 4 });

function useLogGroup(world: World) {
  world.aws.logs.seedCloudTrail('cloudtrail');
  world.variables[variable.cloudTrailLogGroup] = 'cloudtrail';
}

function readOften(world: World, reads: number, choose: (world: World) => void) {
  choose(world);
  world.aws.clock.advance(HOUR);
  const by = { roleArn: 'arn:aws:iam::111122223333:role/backend', session: 'task-1' };
  for (let at = 0; at < reads; at += 1) {
    world.aws.cloudTrail.seedRead({ secretId: 'amplitude/dev/web', by });
  }
}

export const calls: Part = {
  name: 'calls',
  about: 'AWS calls of an operation, counted on the fakes',
  async measure({ progress }) {
    const rows: Row[] = [];
    for (const part of [rotations, emergencies, sweeps, assessments]) {
      progress(part.name);
      rows.push(...(await part()));
    }
    return rows;
  },
};
