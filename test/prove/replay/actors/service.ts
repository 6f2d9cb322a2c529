import { type Moments, seatOf } from '../account/egress.ts';
import { byWebIdentity, inRole, type Who } from '../account/identities.ts';
import type { Rotation } from '../account/rotations.ts';
import type { Service } from '../account/services.ts';
import {
  DAY,
  type Day,
  dayOf,
  demandAt,
  HOUR,
  MINUTE,
  SECOND,
  START,
  timeIn,
  WARM_UP_DAYS,
} from '../calendar.ts';
import { readOf } from '../events.ts';
import type { Happening } from '../happening.ts';
import type { Random } from '../random.ts';
import { type Actor, usual } from './actor.ts';

export interface Surroundings {
  readonly random: Random;
  readonly moments: Moments;
  readonly rotations: readonly Rotation[];
  /** Of what services read, the whole of it being 1. */
  readonly scale: number;
}

/** Something that runs from one time to another, under a session of its own. */
interface Task {
  /** The same on all days that it runs on. */
  readonly name: readonly (string | number)[];
  readonly from: number;
  readonly to: number;
}

export type ServiceActor = Actor & {
  /** The session of a task that runs at that time. */
  readonly taskAt: (at: number) => Who;
};

/** A service of tasks that come and go: with deployments, with the day's demand, with bursts of it. */
export function serviceActor(service: Service, surroundings: Surroundings) {
  const { random, moments, scale } = surroundings;
  const own = random.of(service.name);
  const releases = releasesOf(service, surroundings, own);
  const [least, most] = tasksOf(service, scale);

  const act = (day: Day) => {
    const added = addedTasks(day, most - least, own.of('added', day.index));
    const began = releases[0] ?? 0;
    return [
      ...steadyTasks(releases, least),
      ...added.filter(({ from }) => from >= began),
      ...crashingTasks(service, surroundings, own),
    ].flatMap((task) => readsOn(day, task, service, moments, own));
  };
  const taskAt = (at: number) => {
    const release = releases.findLastIndex((from) => from <= at);
    return sessionOf(service, releases[release] ?? at, own.of('steady', release, 0));
  };
  return Object.assign(act, { taskAt }) satisfies ServiceActor;
}

const FEW = 12;

/** Small services are as they are whatever the scale. */
function tasksOf({ tasks: [least, most] }: Service, scale: number): readonly [number, number] {
  if (most < FEW) return [least, most];
  return [Math.max(2, Math.round(least * scale)), Math.max(4, Math.round(most * scale))];
}

/** When all tasks are replaced; the first time is mostly before the account's first day. */
function releasesOf(service: Service, { moments, rotations }: Surroundings, own: Random): number[] {
  const { keys, deployments, since, changesAt } = service;
  const random = own.of('releases');
  const first =
    since === undefined
      ? START - random.between(0, 3) * DAY
      : timeIn(dayOf(since), [13, 18], random);
  const times = [first];
  for (let index = 0; index <= WARM_UP_DAYS; index += 1) {
    const day = dayOf(index);
    if (!day.isWorkday) continue;
    const count = Math.round(random.skewed(deployments, 0.5));
    for (let one = 0; one < count; one += 1) times.push(timeIn(day, [8, 23], random));
  }
  if (changesAt) times.push(changesAt(moments));
  for (const { at, key } of rotations) {
    if (keys.includes(key)) times.push(at + random.between(1, 5) * MINUTE);
  }
  return times.filter((time) => time >= first).sort((one, other) => one - other);
}

/** Those that run from one release to the next, replaced one after the other. */
const steadyTasks = (releases: readonly number[], count: number): Task[] =>
  releases.flatMap((from, release) =>
    Array.from({ length: count }, (_, index) => ({
      name: ['steady', release, index],
      from: from + index * 15 * SECOND,
      to: (releases[release + 1] ?? dayOf(WARM_UP_DAYS + 1).start) + index * 15 * SECOND,
    })),
  );

/** What is broken is started again and again. */
function crashingTasks({ crashesAt }: Service, { moments }: Surroundings, own: Random): Task[] {
  if (!crashesAt) return [];
  const random = own.of('crashes');
  const begin = crashesAt(moments);
  const tasks: Task[] = [];
  for (let from = begin; from < begin + HOUR; from += random.between(15, 40) * SECOND) {
    tasks.push({ name: ['crashed', tasks.length], from, to: from + 12 * SECOND });
  }
  return tasks;
}

const TICK = 5 * MINUTE;
const TICKS = DAY / TICK;

/** Those above: as many as the demand of each five minutes asks for, and its bursts. */
function addedTasks(day: Day, room: number, random: Random): Task[] {
  const bursts = Array.from({ length: random.whole(0, 3) }, () => ({
    from: random.whole(0, TICKS),
    lasts: random.whole(3, 10),
    by: random.between(0.2, 0.7),
  }));
  const wanted = Array.from({ length: TICKS }, (_, tick) => {
    const burst = bursts.find(({ from, lasts }) => tick >= from && tick < from + lasts);
    const demand = demandAt(day.start + tick * TICK, day) + (burst?.by ?? 0);
    return Math.round(room * Math.min(1.3, demand));
  });
  return Array.from({ length: Math.max(...wanted) }, (_, slot) => {
    const isWanted = (tick: number) => (wanted[tick] ?? 0) > slot;
    const starts = wanted.flatMap((_, tick) => (isWanted(tick) && !isWanted(tick - 1) ? tick : []));
    return starts.map((tick) => {
      const length = wanted.slice(tick).findIndex((count) => count <= slot);
      const end = length === -1 ? TICKS : tick + length;
      return {
        name: ['added', day.index, slot, tick],
        // Those of midnight ran before
        from: day.start + tick * TICK - (tick === 0 ? TICK : 0) + slot * 3 * SECOND,
        to: day.start + end * TICK,
      };
    });
  }).flat();
}

/** At its start a task reads, and again whenever it has kept the keys for long enough. */
function readsOn(day: Day, task: Task, service: Service, moments: Moments, own: Random) {
  const { from, to } = task;
  const end = Math.min(to, day.start + DAY);
  if (from >= end || to < day.start) return [];
  const its = own.of(...task.name);
  const who = sessionOf(service, from, its);
  const seat = seatOf(its.of('seat'));
  const agent = service.agentAt(from, moments);
  const random = its.of('reads', day.index);
  const period = service.keeps * MINUTE;
  const wait = from < day.start ? random.between(0, period) : random.between(2, 9) * SECOND;
  const found: Happening[] = [];
  for (
    let at = Math.max(from, day.start) + wait;
    at < end;
    at += period * random.between(0.9, 1.1)
  ) {
    const source = service.sourceAt(at, moments, seat);
    for (const [index, key] of service.keys.entries()) {
      const later = at + index * random.between(20, 400);
      const doing = { at: later, who, source, agent, origin: usual(service.name), isBulk: true };
      found.push(readOf(doing, key, random));
    }
  }
  return found;
}

/** ECS gives a task's id for the session's name; a pod makes one of the time. */
function sessionOf({ name, orchestrator }: Service, from: number, its: Random): Who {
  const random = its.of('session');
  if (orchestrator === 'ECS') return inRole(name, random.hex(32));
  const provider = `oidc.eks.us-east-1.amazonaws.com/id/${'0A1B2C3D'.repeat(4)}`;
  const session = `botocore-session-${Math.floor(from / SECOND) + random.whole(0, 40)}`;
  return byWebIdentity(name, session, provider);
}
