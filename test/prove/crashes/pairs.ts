import { KEYS, type World, type WorldOptions } from '../../lambda/world.ts';
import { retry, revoke, settle, start, sweepAlone } from './operations.ts';
import { currentIn, type KeyWord, keyOf, look } from './sight.ts';
import * as before from './worlds.ts';

/** One piece of work. */
export interface Work {
  readonly name: string;
  readonly run: (world: World) => Promise<unknown>;
}

/** Two of them at the same time. */
export interface Pair {
  readonly name: string;
  readonly world: WorldOptions;
  readonly prepare: (world: World) => Promise<unknown>;
  readonly one: Work;
  readonly other: Work;
  /** Whose revocation is one of the two; unless told, whichever key it met. */
  readonly leaked?: KeyWord;
}

const { INGESTION: world } = before;
const rotation: Work = { name: 'rotation', run: settle };
const sweep: Work = { name: 'sweep', run: sweepAlone };
/** Refused if another one runs. */
const schedule: Work = {
  name: 'schedule',
  run: async (world) => {
    await start(world).catch(() => undefined);
    await settle(world);
  },
};

/** The operator knows which key leaked, and names the version that holds it. */
export const revocationOf = (key: KeyWord): Work => ({
  name: 'revoke',
  run: (world) => revoke(world, versionOf(world, key)),
});

/** Not told of what leaked, `revoke` means what is current when it comes. */
const revocationOfCurrent: Work = { name: 'revoke', run: (world) => revoke(world) };

export function versionOf(world: World, key: KeyWord): string | undefined {
  const version = Object.keys(world.labels()).find((id) => keyOf(world, id) === key);
  return version ?? (look(world).staged.includes(key) ? 'staged' : undefined);
}

const standbyTaken = async (world: World) => {
  await before.standbyAtHand(world);
  await start(world);
};

const standbyTakenAndRetentionOver = async (world: World) => {
  await before.standbyAndRetentionOver(world);
  await start(world);
};

export const PAIRS: readonly Pair[] = [
  { name: 'a sweep and a rotation', world, prepare: before.started, one: sweep, other: rotation },
  {
    name: 'a sweep and a rotation that restarts a service',
    world: before.WITH_SERVICE,
    prepare: before.startedWithService,
    one: sweep,
    other: rotation,
  },
  {
    name: 'a sweep that ends a retention and a rotation',
    world,
    prepare: standbyTakenAndRetentionOver,
    one: sweep,
    other: rotation,
  },
  {
    name: 'a sweep that starts a late rotation and the schedule that does',
    world,
    prepare: before.lateStaged,
    one: sweep,
    other: schedule,
  },
  {
    name: 'a sweep that clears a dead rotation and its retry',
    world,
    prepare: before.deadRotation,
    one: sweep,
    other: { name: 'retry', run: retry },
  },
  {
    name: 'a sweep that removes a stray deadline and a rotation',
    world,
    prepare: before.strayDeadline,
    one: sweep,
    other: schedule,
  },
  {
    name: 'a revocation of the current key and a rotation',
    world,
    prepare: standbyTaken,
    one: revocationOf('second'),
    other: rotation,
    leaked: 'second',
  },
  {
    name: 'a revocation of whatever is current and a rotation',
    world,
    prepare: standbyTaken,
    one: revocationOfCurrent,
    other: rotation,
  },
  {
    name: 'a revocation of a retained key and a rotation',
    world,
    prepare: standbyTaken,
    one: revocationOf('first'),
    other: rotation,
    leaked: 'first',
  },
  {
    name: 'a revocation of the staged key and the rotation that takes it',
    world,
    prepare: standbyTaken,
    one: { name: 'revoke', run: (world) => revoke(world, 'staged') },
    other: rotation,
    leaked: 'third',
  },
  {
    name: 'a revocation of the current key and a sweep',
    world,
    prepare: before.standbyAndRetentionOver,
    one: revocationOf('second'),
    other: sweep,
    leaked: 'second',
  },
  {
    name: 'a revocation of a retained key and the sweep that ends its retention',
    world,
    prepare: before.standbyAndRetentionOver,
    one: revocationOf('first'),
    other: sweep,
    leaked: 'first',
  },
];

const OPERATOR_TRIES = 4;

/**
 * The operator looks where the leaked key is and revokes it there, until nothing is left to do; a
 * key is staged if one is missing.
 */
export async function repeatUntilDone(world: World, key: KeyWord): Promise<readonly string[]> {
  let failed: readonly string[] = [];
  for (let tries = 0; tries < OPERATOR_TRIES; tries += 1) {
    const version = versionOf(world, key);
    if (!version) return [];
    failed = await revoke(world, version);
    if (failed.length === 0 && currentIn(look(world)) !== key) return [];
    if (failed.some((text) => text.includes('No key is staged'))) await world.stage(KEYS.fourth);
  }
  return failed;
}
