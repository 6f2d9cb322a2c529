import type { metric } from '../../contract.ts';
import type { StandingWord } from '../../payloads.ts';
import type { KeyFacts } from '../key-facts.ts';
import {
  awaitedSince,
  currentOf,
  DAY,
  dueAt,
  faultOf,
  HOUR,
  incumbentIn,
  promotedAt,
} from '../key-state.ts';
import { stateOf } from '../versions.ts';
import { currentCheck } from './check.ts';
import { awaitingIn } from './notes.ts';
import { isBeyondRetention } from './retention.ts';
import type { Sighting } from './sighting.ts';
import { isStandbyMissing } from './stand-by.ts';

export type Measure = Exclude<
  keyof typeof metric,
  'rotationSucceeded' | 'rotationFailed' | 'keysNotSwept'
>;
export type Measures = Partial<Record<Measure, number>>;

/** Numbers about one key; what isn't known is absent. */
export function measure(sighting: Sighting): Measures {
  const { facts, now } = sighting;
  if (faultOf(facts)) return {};
  const since = (date: Date, unit: number) => (now.getTime() - date.getTime()) / unit;
  const promoted = promotedAt(facts);
  const due = dueAt(facts) ?? firstDue(facts);
  const awaiting = facts.versions.filter((version) => isBeyondRetention(sighting, version));
  const retained = facts.versions.filter(({ labels }) => stateOf(labels) === 'retained');
  const waits = awaiting.map(({ versionId }) => awaitingIn(facts.secret.tags, versionId)?.since);
  const accepted = isAccepted(sighting);
  return {
    ...(promoted ? { daysSinceRotation: since(promoted, DAY) } : {}),
    ...(due ? { daysUntilRotation: -since(due, DAY) } : {}),
    stagedKeyReady: isStandbyMissing(sighting) ? 0 : 1,
    retainedVersions: retained.length - retained.filter((one) => awaiting.includes(one)).length,
    awaitingRevocation: awaiting.length,
    oldestAwaitingRevocationHours: Math.max(0, ...waits.map((one) => since(one ?? now, HOUR))),
    handOverFailed: [...sighting.standings.values()].filter(({ word }) => FAILED.includes(word))
      .length,
    ...(accepted === undefined ? {} : { currentKeyAccepted: accepted }),
  };
}

/** What calls for a person: the sweep restarts none of these. */
const FAILED: readonly StandingWord[] = ['failed', 'not found', 'unknown'];

/** Where no key was ever promoted, a cycle from the placeholder on. */
function firstDue(facts: KeyFacts): Date | undefined {
  const since = awaitedSince(facts);
  return since && new Date(since.getTime() + facts.managed.rotateEveryDays * DAY);
}

/** A placeholder that came back counts as a key that isn't accepted. */
function isAccepted(sighting: Sighting): 0 | 1 | undefined {
  const check = currentCheck(sighting);
  if (check) return check.word === 'accepted' ? 1 : 0;
  const reading = currentOf(sighting.facts)?.reading;
  const placeholder =
    reading !== undefined && 'content' in reading && reading.content === 'placeholder';
  const held = incumbentIn(sighting.facts)?.held ?? [];
  return placeholder && held.length > 0 ? 0 : undefined;
}

const WORST: Readonly<Record<Measure, (numbers: readonly number[]) => number>> = {
  daysSinceRotation: (numbers) => Math.max(...numbers),
  daysUntilRotation: (numbers) => Math.min(...numbers),
  stagedKeyReady: (numbers) => Math.min(...numbers),
  retainedVersions: sum,
  awaitingRevocation: sum,
  oldestAwaitingRevocationHours: (numbers) => Math.max(...numbers),
  handOverFailed: sum,
  currentKeyAccepted: (numbers) => Math.min(...numbers),
};

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** Of all keys: the worst, or how many. Metrics cost by their number, so there is one set per environment. */
export function worst(all: readonly Measures[]): Measures {
  const names = Object.keys(WORST) as Measure[];
  const known = names.flatMap((name) => {
    const numbers = all.flatMap((one) => one[name] ?? []);
    return numbers.length > 0 ? [[name, WORST[name](numbers)] as const] : [];
  });
  return Object.fromEntries(known);
}
