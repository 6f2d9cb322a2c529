import { isAwaitingRevocation } from '../../../lambda/domain/labels.ts';
import { stateOf } from '../../../lambda/domain/versions.ts';
import {
  cancelRotation,
  deploy,
  moveCurrent,
  picked,
  putByHand,
  putOn,
  takeOff,
  untag,
} from './hands.ts';
import { attend, request, stageFresh } from './operator.ts';
import type { Scene } from './scene.ts';
import type { Schedule } from './service.ts';
import { currentKey, SECRET } from './sight.ts';
import { stagedIn } from './staged.ts';
import type { Step } from './step.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What the configuration says now. */
export interface Settings {
  retain: number;
  rotate: number;
  readonly verification: string;
}

export interface Playing {
  readonly scene: Scene;
  readonly schedule: Schedule;
  readonly settings: Settings;
}

type Of<Do extends Step['do']> = Extract<Step, { do: Do }>;
type Performers = { [Do in Step['do']]: (playing: Playing, step: Of<Do>) => Promise<unknown> };

export async function perform(playing: Playing, step: Step): Promise<void> {
  const performer = PERFORMERS[step.do] as (playing: Playing, step: Step) => Promise<unknown>;
  await performer(playing, step);
}

const PERFORMERS: Performers = {
  wait,
  'sweep again': async ({ scene }) => {
    await scene.sweep();
    await scene.sweep();
  },
  attend: ({ scene, settings }) => attend(scene, settings),
  stage: ({ scene }, step) => stage(scene, step),
  unstage: async ({ scene }, { pick }) => {
    const value = picked(stagedIn(scene), pick);
    if (value) await scene.hand(() => scene.world.unstage(value));
  },
  rotate: ({ scene }) => scene.rotate(),
  'deliver again': async ({ scene }) => {
    const attempt = scene.world.aws.secretsManager.rotationOf(SECRET);
    if (attempt && attempt.state !== 'abandoned') await scene.deliverAgain();
  },
  'press revoke': async ({ scene }, step) => pressRevoke(scene, step),
  revoke: ({ scene }, { version, pick }) =>
    scene.emergency(request.revoke(named(scene, version, pick))),
  'roll back': ({ scene }, { version, pick }) =>
    scene.emergency(request.rollback(named(scene, version, pick))),
  lock: ({ scene }, { scope }) => scene.emergency(request.of('lockdown', scope)),
  unlock: ({ scene }, { scope }) => scene.emergency(request.of('unlock', scope)),
  outage: async ({ scene }, { hours }) => scene.vendor.outage(hours),
  fault: async ({ scene }, { nth, error, when }) => {
    scene.fault = { nth, error, when };
  },
  clock: async ({ scene }, { minutes }) => scene.world.aws.clock.advance(minutes * MINUTE),
  deploy: ({ scene, settings }, step) => deploy(scene, step, settings),
  'put by hand': ({ scene }, step) => putByHand(scene, step),
  'move current': ({ scene }, step) => moveCurrent(scene, step),
  'take off': ({ scene }, step) => takeOff(scene, step),
  'put on': ({ scene }, step) => putOn(scene, step),
  untag: ({ scene }, step) => untag(scene, step),
  cmk: ({ scene }, { to }) =>
    scene.hand(() => (to === 'on' ? scene.world.enableCmk() : scene.world.disableCmk())),
  'cancel rotation': ({ scene }) => cancelRotation(scene),
};

const DAY = 24;

/** Hours between two sweeps: in the quiet after three days one every four days has to do. */
function stride({ hours, sweeps }: Of<'wait'>, left: number): number {
  if (sweeps === 'hourly') return 1;
  return sweeps === 'daily' && hours - left >= 3 * DAY ? 4 * DAY : DAY;
}

async function wait({ scene, schedule }: Playing, step: Of<'wait'>) {
  const { clock } = scene.world.aws;
  for (let left = step.hours; left > 0; ) {
    const passing = Math.min(left, stride(step, left));
    clock.advance(passing * HOUR);
    left -= passing;
    scene.vendor.settle();
    await schedule.tick();
    if (step.sweeps !== 'none') await scene.sweep();
  }
}

async function stage(scene: Scene, { key }: Of<'stage'>) {
  const { ledger, vendor, world } = scene;
  if (key === 'good') return stageFresh(scene);
  if (key === 'malformed') {
    const { value } = ledger.add(`Z${ledger.keys.size}`.padEnd(32, 'z'));
    return scene.hand(() => world.stage(value, { known: false }));
  }
  if (key === 'unknown')
    return scene.hand(() => world.stage(ledger.fresh().value, { known: false }));
  if (key === 'elsewhere') {
    const { value } = ledger.fresh();
    vendor.generate(value, 'EU');
    return scene.hand(() => world.stage(value, { known: false }));
  }
  const all = [...ledger.keys.values()];
  const former = {
    current: currentKey(scene.sight),
    held: all.findLast((one) => one.held && one.value !== currentKey(scene.sight))?.value,
    leaked: all.findLast((one) => one.leakedAt !== undefined)?.value,
  }[key];
  if (former !== undefined) await scene.hand(() => world.stage(former, { known: false }));
  return vendor.settle();
}

function pressRevoke(scene: Scene, { on, pick, lag, flaps }: Of<'press revoke'>) {
  const { labels, keyOf } = scene.sight;
  const found = Object.entries(labels).flatMap(([id, own]) => {
    const isMeant = on === 'awaiting' ? own.some(isAwaitingRevocation) : stateOf(own) === on;
    return isMeant ? [keyOf(id)] : [];
  });
  const value = picked(on === 'staged' ? stagedIn(scene) : found, pick);
  if (value) scene.vendor.press(value, lag, flaps);
}

function named(scene: Scene, version: string, pick: number): string {
  if (version !== 'by id') return version;
  const { labels, keyOf } = scene.sight;
  const ids = Object.keys(labels).filter((id) => keyOf(id) !== undefined);
  return picked(ids, pick) ?? 'current';
}
