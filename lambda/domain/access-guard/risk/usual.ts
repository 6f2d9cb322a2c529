import type { Baseline } from './ports.ts';

/** On how many earlier days a trait was seen: none, a few, enough. */
export type Familiarity = 'new' | 'rare' | 'usual';

/** So many earlier days make a trait a usual one. */
export const USUAL_DAYS = 3;
/** A principal with so many places comes from anywhere, as a function outside a VPC does … */
const MANY_PLACES = 10;
/** … and so does one with a few that it hardly ever came back to. */
const SOME_PLACES = 4;
/** In so many hours a principal reads at any time. */
const MANY_HOURS = 10;
/** Whoever wants more to be usual has to read that much on most of them. */
const DAYS_OF_MEDIAN = 14;

export const earlierDays = ({ traits }: Baseline, trait: string, day: number) =>
  (traits.get(trait) ?? []).filter((one) => one < day);

/** What is seen today counts from tomorrow on: else whoever comes twice is known. */
export function familiarityOf(baseline: Baseline, trait: string, day: number): Familiarity {
  const days = earlierDays(baseline, trait, day).length;
  if (days === 0) return 'new';
  return days < USUAL_DAYS ? 'rare' : 'usual';
}

/** All of a kind, with the number of earlier days of each. */
function ofKind(baseline: Baseline, kind: string, day: number): [string, number][] {
  return [...baseline.traits.keys()]
    .filter((trait) => trait.startsWith(`${kind} `))
    .map((trait): [string, number] => [trait, earlierDays(baseline, trait, day).length])
    .filter(([, days]) => days > 0);
}

/**
 * Whether a principal has so many networks that one more says little. VPC endpoints and services of
 * AWS are learned too easily for that, and say nothing of the world outside.
 */
export function isRoaming(baseline: Baseline, day: number): boolean {
  const places = ofKind(baseline, 'place', day).filter(([place]) => place.includes('/'));
  const once = places.filter(([, days]) => days === 1).length;
  return places.length >= MANY_PLACES || (once >= SOME_PLACES && once * 2 >= places.length);
}

export const hasAnyOf = (baseline: Baseline, kind: string, day: number) =>
  ofKind(baseline, kind, day).length > 0;

/** Whether it always came through VPC endpoints. */
export function staysInVpc(baseline: Baseline, day: number): boolean {
  const places = ofKind(baseline, 'place', day);
  return places.length > 0 && places.every(([place]) => place.startsWith('place vpce-'));
}

/** Whether it reads about that hour, or at any; over midnight too. */
export function isUsualHour(baseline: Baseline, hour: number, day: number): boolean {
  const hours = ofKind(baseline, 'hour', day).map(([trait]) => Number(trait.split(' ')[1]));
  if (hours.length === 0 || hours.length >= MANY_HOURS) return true;
  return hours.some((one) => [0, 1, 23].includes((one - hour + 24) % 24));
}

/** On how many days before this one it read. */
export const daysOfReads = ({ reads }: Baseline, day: number) =>
  [...reads.keys()].filter((one) => one < day).length;

/** Of the reads of a day, days without any left out. */
export function medianReads({ reads }: Baseline, day: number): number {
  const latest = [...reads]
    .filter(([one]) => one < day)
    .sort(([one], [other]) => other - one)
    .slice(0, DAYS_OF_MEDIAN)
    .map(([, count]) => count)
    .sort((one, other) => one - other);
  return latest[Math.floor(latest.length / 2)] ?? 0;
}
