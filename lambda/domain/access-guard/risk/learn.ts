import type { Baseline, Outdated } from './ports.ts';
import type { Risk } from './risk.ts';
import { keptSteps } from './steps.ts';
import { dayOf, TRAIT_KINDS, type TraitKind } from './traits.ts';
import type { Use } from './use.ts';
import { earlierDays, USUAL_DAYS } from './usual.ts';
import type { Weighed } from './weigh.ts';

/** Of each kind; a key's and an hour's can't be chosen freely. */
const MOST: Readonly<Record<TraitKind, number>> = {
  place: 64,
  address: 64,
  session: 64,
  agent: 64,
  country: 64,
  hour: 24,
  key: 128,
};
/**
 * So many new ones a day: a function that comes from anywhere would else push out within a day all the
 * earlier places by which it is known as such.
 */
const MOST_NEW_A_DAY: Readonly<Partial<Record<TraitKind, number>>> = { place: 16, address: 16 };
/** What comes once a month stays known. */
const FORGOTTEN_AFTER_DAYS = 35;
/** A trait that was seen on so many days is refreshed once a week: it is known, and a write costs. */
const MANY_DAYS = 5;
const REFRESHED_AFTER_DAYS = 7;
/** Once a trait has more days, all but the newest are forgotten. */
const MOST_DAYS = 8;
const MOST_DAYS_OF_READS = 60;
/** In one go, so that an update's expression stays short. */
const MOST_AT_ONCE = 40;
/** So many outdated steps are worth a write of their own. */
const MANY_STEPS = 32;

/** What one day teaches. */
export interface Lesson {
  readonly day: number;
  readonly traits: readonly string[];
}

/** A trait that was seen on a day. */
interface Sighting {
  readonly day: number;
  readonly trait: string;
}

/** What is learned of a read: what was suspicious is not, or it would be usual after some days. */
export function taughtBy({ use, risk }: Weighed, notifyAt: number): Sighting[] {
  const { traits, day } = use;
  if (use.case.subject.of !== 'read') return [];
  const isTaught = risk.score < notifyAt || isAsEver(use, risk, notifyAt);
  const kinds = isTaught ? TRAIT_KINDS : isAtHome(use, risk) ? ONLY_KEY : [];
  return kinds.flatMap((kind) => {
    const trait = traits[kind];
    return trait === undefined ? [] : [{ day, trait }];
  });
}

/**
 * What is suspicious by its device alone, a person without MFA say, always is: nothing of it would ever
 * be usual, and all of it a quarantine. Nor does a low `notifyAt` keep a new consumer from being learned.
 */
function isAsEver({ isLearning, grant, place }: Use, risk: Risk, notifyAt: number): boolean {
  const { location, behaviour, sequence } = risk;
  if (sequence || grant?.is === 'none' || (location.score ?? 0) >= MUCH) return false;
  return isLearning || (place !== 'new' && (behaviour.score ?? 100) < Math.min(notifyAt, MUCH));
}

/** Less than a place that is new. */
const MUCH = 40;

/** Else three new grants at once were suspicious for ever. */
const ONLY_KEY = ['key'] as const;
const isAtHome = ({ place, grant }: Use, { sequence }: Risk) =>
  place === 'usual' && grant?.is !== 'none' && !sequence;

/** What of it isn't known, by day. */
export function lessonsOf(baseline: Baseline, taught: readonly Sighting[]): Lesson[] {
  const fresh = taught.filter(({ day, trait }) => isWorthKeeping(baseline, trait, day));
  return [...Map.groupBy(fresh, ({ day }) => day)].flatMap(([day, some]) => {
    const traits = withRoom(baseline, [...new Set(some.map(({ trait }) => trait))], day);
    return traits.length > 0 ? [{ day, traits: traits.slice(0, MOST_AT_ONCE) }] : [];
  });
}

function withRoom({ traits }: Baseline, fresh: readonly string[], day: number): string[] {
  return TRAIT_KINDS.flatMap((kind) => {
    const its = (all: Iterable<string>) => [...all].filter((trait) => trait.startsWith(`${kind} `));
    const some = its(fresh);
    const most = MOST_NEW_A_DAY[kind];
    const added = some.filter((trait) => !traits.has(trait));
    if (most === undefined || added.length === 0) return some;
    const before = its(traits.keys()).filter((one) => Math.min(...(traits.get(one) ?? [])) >= day);
    const left = added.slice(0, Math.max(0, most - before.length));
    return some.filter((trait) => traits.has(trait) || left.includes(trait));
  });
}

function isWorthKeeping({ traits }: Baseline, trait: string, day: number): boolean {
  const days = traits.get(trait) ?? [];
  if (days.includes(day)) return false;
  return days.length < MANY_DAYS || day - Math.max(...days) >= REFRESHED_AFTER_DAYS;
}

/**
 * Addresses of which it is learned once more that a principal comes from there as usual, whose grant
 * nobody denies: a NAT gateway of ours, by evidence. Of one with a grant that is still learned all are:
 * else a stranger behind the same NAT gateway would shut out all consumers of a new environment.
 */
export function usualAddresses(all: readonly Weighed[], learned: readonly string[]): Set<string> {
  const traits = all.flatMap(({ use }) => {
    const { address } = use.traits;
    if (address === undefined || !learned.includes(address)) return [];
    if (use.isLearning && use.grant?.is === 'granted') return [address];
    const isUsual = use.grant?.is !== 'none' && use.place === 'usual';
    const days = earlierDays(use.baseline, address, use.day).length;
    return isUsual && days >= USUAL_DAYS ? [address] : [];
  });
  return new Set(traits.map((trait) => trait.slice('address '.length)));
}

/** What may go. @param learned what is being added, which can't be changed at the same time */
export function outdatedIn(
  { traits, reads, steps }: Baseline,
  now: Date,
  learned: readonly string[],
): Outdated {
  const today = dayOf(now);
  const others = [...traits].filter(([trait]) => !learned.includes(trait));
  const gone = new Set(
    TRAIT_KINDS.flatMap((kind) => goneOf(kind, [...traits], today)).slice(0, MOST_AT_ONCE),
  );
  const kept = new Set(keptSteps(steps, now));
  return {
    traits: others.flatMap(([trait]) => (gone.has(trait) ? [trait] : [])),
    seen: new Map(
      others
        .filter(([trait, days]) => days.length > MOST_DAYS && !gone.has(trait))
        .slice(0, MOST_AT_ONCE)
        .map(([trait, days]) => [trait, newestFirst(days).slice(MANY_DAYS)]),
    ),
    days: newestFirst([...reads.keys()])
      .slice(MOST_DAYS_OF_READS)
      .slice(0, MOST_AT_ONCE),
    steps: steps.filter((step) => !kept.has(step)),
  };
}

/** Those not seen for long, and of too many those seen longest ago and least often, usual ones last. */
function goneOf(
  kind: TraitKind,
  all: readonly (readonly [string, readonly number[]])[],
  today: number,
): string[] {
  const sorted = all
    .filter(([trait]) => trait.startsWith(`${kind} `))
    .map(([trait, days]) => ({ trait, last: Math.max(...days), count: days.length }))
    .sort((one, other) => stayOf(other) - stayOf(one) || other.count - one.count);
  return sorted
    .filter(({ last }, index) => index >= MOST[kind] || today - last > FORGOTTEN_AFTER_DAYS)
    .map(({ trait }) => trait);
}

/**
 * What is usual is refreshed seldom, and isn't pushed out by a flood of what is new: of a consumer with
 * a session for each task the constant one would be forgotten, and could be denied.
 */
const stayOf = ({ last, count }: { readonly last: number; readonly count: number }) =>
  count >= USUAL_DAYS ? last + REFRESHED_AFTER_DAYS : last;

const newestFirst = (days: readonly number[]) => days.toSorted((one, other) => other - one);

export const NOTHING: Outdated = { traits: [], seen: new Map(), days: [], steps: [] };

/** Whether there is so much that it is worth a write without anything to learn. */
export const isMuch = ({ steps }: Outdated) => steps.length >= MANY_STEPS;
