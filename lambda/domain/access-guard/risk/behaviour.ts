import { addressOf, isPerson } from '../call.ts';
import type { Factor } from './risk.ts';
import { keysOn } from './steps.ts';
import { hourOf } from './traits.ts';
import type { Use } from './use.ts';
import { familiarityOf, isUsualHour, medianReads } from './usual.ts';

/** Of 100, added up. */
const POINTS = {
  /** In place of all that may be unusual, as of one that is too new. */
  noGrant: 100,
  learning: 30,
  newPlace: 60,
  newPlaceOfPerson: 40,
  newPlaceOfRoamer: 20,
  rarePlace: 20,
  sessionElsewhere: 35,
  newAgent: 25,
  unusualHour: 20,
  eachNewKey: 30,
} as const;

/** So many times the reads of a usual day, most first. */
const VOLUMES = [
  { times: 10, points: 100 },
  { times: 4, points: 50 },
] as const;
/**
 * Days with fewer count as so many, so that few reads never are too many. Who looks for a fault with a
 * service on their own machine reads a hundred times where twice was usual.
 */
const LEAST_USUAL_READS = { workload: 20, person: 50 } as const;

interface Deviation {
  readonly points: number;
  readonly reason: string;
}

/** How far a use is from what its principal did before. */
export function behaviourOf(use: Use): Factor {
  const deviations = deviationsOf(use).filter((one) => one !== undefined);
  const sum = deviations.reduce((points, one) => points + one.points, 0);
  return {
    score: Math.min(100, sum),
    reasons: deviations.length > 0 ? deviations.map(({ reason }) => reason) : ['as usual'],
  };
}

function deviationsOf(use: Use): readonly (Deviation | undefined)[] {
  if (use.grant?.is === 'none') {
    return [{ points: POINTS.noGrant, reason: 'without a grant nothing is usual' }];
  }
  if (use.isLearning) {
    return [{ points: POINTS.learning, reason: 'too new to know what is usual for it' }];
  }
  return [place(use), session(use), agent(use), hour(use), keys(use), volume(use)];
}

function place(use: Use): Deviation | undefined {
  if (use.place === 'rare') return { points: POINTS.rarePlace, reason: 'a place seen seldom' };
  if (use.place !== 'new') return undefined;
  const isFar = use.country === 'new';
  if (use.roams && !isFar) {
    return { points: POINTS.newPlaceOfRoamer, reason: 'a new place, of one with many' };
  }
  const isNear = isPerson(use.case.call) && !isFar;
  return { points: isNear ? POINTS.newPlaceOfPerson : POINTS.newPlace, reason: 'a new place' };
}

/**
 * Temporary credentials that are used where they were not given out. The constant sessions of Lambda
 * move with their NAT gateway, and a machine has another address whenever it was stopped and started;
 * but a task has one place for all its life.
 */
function session({ place, roams, traits, baseline, day, case: { call } }: Use) {
  const isFar = place === 'new' && addressOf(call) !== undefined;
  if (!isFar || roams || isPerson(call) || traits.session === undefined) return undefined;
  const { session: name = '' } = call;
  const isUsual = familiarityOf(baseline, traits.session, day) === 'usual';
  const mayMove = OF_A_MACHINE.test(name) || (isUsual && !OF_ONE_TASK.test(name));
  if (mayMove || !baseline.traits.has(traits.session)) return undefined;
  return { points: POINTS.sessionElsewhere, reason: 'a session that was elsewhere before' };
}

/** An EC2 instance's id. */
const OF_A_MACHINE = /^i-[0-9a-f]{8,17}$/;
/** An ECS task's id, or what an SDK makes of the time for a pod with a web identity. */
const OF_ONE_TASK = /^(?:[0-9a-f]{32}|(?:botocore-session|aws-sdk-[a-z]+(?:-session)?)-\d+)$/;

function agent({ traits, baseline, day }: Use): Deviation | undefined {
  if (traits.agent === undefined) return undefined;
  if (familiarityOf(baseline, traits.agent, day) !== 'new') return undefined;
  return { points: POINTS.newAgent, reason: 'a new kind of user agent' };
}

function hour({ traits, baseline, day, case: { call } }: Use): Deviation | undefined {
  if (traits.hour === undefined) return undefined;
  const its = hourOf(call.at);
  if (isUsualHour(baseline, its, day)) return undefined;
  return { points: POINTS.unusualHour, reason: `an unusual hour (${its}:00 UTC)` };
}

/** Of a key that is usual for its principal nothing, however many others were read that day. */
function keys({ traits, baseline, day }: Use): Deviation | undefined {
  if (traits.key === undefined || familiarityOf(baseline, traits.key, day) !== 'new') {
    return undefined;
  }
  const others = keysOn(baseline.steps, day).filter(
    (key) => familiarityOf(baseline, key, day) === 'new',
  );
  const count = new Set([...others, traits.key]).size;
  return {
    points: count * POINTS.eachNewKey,
    reason: count === 1 ? 'a key it never read' : `${count} keys that it never read`,
  };
}

/** Also of reads whose messages came again: a message comes a few times at most. */
function volume({ baseline, day, case: { subject, call } }: Use): Deviation | undefined {
  if (subject.of !== 'read') return undefined;
  const reads = baseline.reads.get(day) ?? 0;
  const usual = medianReads(baseline, day);
  const counted = Math.max(usual, LEAST_USUAL_READS[isPerson(call) ? 'person' : 'workload']);
  const found = VOLUMES.find(({ times }) => reads >= times * counted);
  if (!found) return undefined;
  return { points: found.points, reason: `${reads} reads that day, where ${usual} are usual` };
}
