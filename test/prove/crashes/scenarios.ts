import type { World } from '../../lambda/world.ts';
import { nextRetry, nextSweep, retry, revoke, settle, sweep } from './operations.ts';
import { REVOKED, REVOKED_TWICE, ROTATED, ROTATED_LATE, SECRET_KEY_ROTATED } from './quiet.ts';
import type { Scenario } from './scenario.ts';
import * as before from './worlds.ts';

const { INGESTION: world } = before;
const rotation = { quiet: ROTATED, operate: settle, again: nextRetry };
const revocation = {
  world,
  leaked: 'second',
  quiet: REVOKED,
  prepare: before.standbyAtHand,
  operate: (world: World) => revoke(world),
} as const;

/** What the sweep began is gone on with by the service, what it didn't by the next sweep. */
const lateAgain = async (world: World) => {
  const failed = await nextSweep(world);
  return [...failed, ...(await retry(world))];
};

/** It finds the revocation half done, and may not hinder it. */
const revokeAfterSweep = async (world: World) => {
  await nextSweep(world);
  return revoke(world);
};

export const SCENARIOS: readonly Scenario[] = [
  { name: 'scheduled rotation', world, prepare: before.started, ...rotation },
  {
    name: 'rotation verified by canary',
    world: before.CANARY,
    prepare: before.started,
    ...rotation,
  },
  {
    name: 'rotation of a secret key',
    world: before.SECRET_KEY,
    prepare: before.secretKeyStarted,
    ...rotation,
    quiet: SECRET_KEY_ROTATED,
  },
  {
    name: 'late rotation',
    world,
    quiet: ROTATED_LATE,
    meanwhile: /staged key refused$/,
    prepare: before.lateStaged,
    operate: sweep,
    again: lateAgain,
  },
  {
    name: 'sweep that ends a retention',
    world,
    quiet: ROTATED,
    prepare: before.retentionOver,
    operate: sweep,
    again: nextSweep,
  },
  {
    name: 'sweep that retires',
    world,
    quiet: ROTATED,
    prepare: before.rejectedLongEnough,
    operate: sweep,
    again: nextSweep,
  },
  { name: 'revoke', ...revocation, again: (world) => revoke(world) },
  {
    name: 'rotation that restarts a service',
    world: before.WITH_SERVICE,
    prepare: before.startedWithService,
    ...rotation,
  },
  {
    name: 'sweep that goes on with a hand-over',
    world: before.WITH_SERVICE,
    quiet: ROTATED,
    prepare: before.rotatedInSilence,
    operate: sweep,
    again: nextSweep,
  },
  {
    name: 'revoke that restarts a service',
    ...revocation,
    world: before.WITH_SERVICE,
    prepare: before.standbyWithService,
    again: (world) => revoke(world),
  },
  {
    name: 'revoke of a key in two versions',
    ...revocation,
    quiet: REVOKED_TWICE,
    prepare: before.standbyAndCopy,
    again: (world) => revoke(world),
  },
  {
    name: 'revoke, a sweep before it is repeated',
    ...revocation,
    meanwhile: /current key compromised$|staged key refused$|^Revoke Amplitude key second/,
    again: revokeAfterSweep,
  },
];
