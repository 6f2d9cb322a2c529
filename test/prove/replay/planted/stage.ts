import { INTRUDERS } from '../account/agents.ts';
import type { Who } from '../account/identities.ts';
import { addressIn, BLOCKS, type Source } from '../account/places.ts';
import { HOUR, REPLAYED } from '../calendar.ts';
import type { Happening, Origin } from '../happening.ts';
import type { Random } from '../random.ts';

/** A consumer whose credentials can get lost. */
export interface Victim {
  readonly name: string;
  readonly keys: readonly string[];
  readonly agent: string;
  whoAt(at: number): Who;
}

/** A consumer's own machine, on which something else may run. */
export interface Machine extends Victim {
  readonly readsADay: number;
  sourceAt(at: number): Source;
}

/** Somebody with a key of their own, and where they usually are. */
export interface Holder extends Victim {
  readonly office: string;
}

/** Whom attacks may befall: each at most once, so that every one is found by itself or not at all. */
export interface Stage {
  readonly tasks: Pool<Victim>;
  /** Likewise, that come from anywhere. */
  readonly roamers: Pool<Victim>;
  readonly machines: Pool<Machine>;
  /** Users with access keys and no second factor. */
  readonly users: Pool<Holder>;
  /** Users who have one, and access keys that need none. */
  readonly usersWithMfa: Pool<Holder>;
  /** Granted roles of wide permissions. */
  readonly adminRoles: Pool<Holder>;
  /** Likewise, that no grant names. */
  readonly wideRoles: Pool<string>;
  readonly strangers: Pool<Stranger>;
  readonly insiders: Pool<Holder>;
  readonly employees: Pool<string>;
  readonly cmkArn: string;
}

export interface Stranger {
  readonly who: Who;
  readonly source: Source;
  readonly agent: string;
}

/** What is taken out of it once isn't taken again. */
export class Pool<One> {
  readonly #rest: One[];
  readonly #name: string;

  constructor(name: string, all: readonly One[], random: Random) {
    this.#name = name;
    this.#rest = random.of(name).some(all, all.length);
  }

  take(): One {
    const one = this.#rest.shift();
    if (one === undefined) throw new Error(`No more ${this.#name} to attack.`);
    return one;
  }
}

export interface Plan {
  readonly told: string;
  /** Who doesn't work on the replayed day, so that what they do isn't taken for the intruder's. */
  readonly onLeave?: string;
  happenings(origin: Origin): Happening[];
}

/** @param number of the attack among those of its kind, of which each is another */
export type Planner = (stage: Stage, random: Random, number: number) => Plan;

export type Country = keyof typeof BLOCKS.rented;
const NEAR: readonly Country[] = ['US', 'US', 'DE'];
const ANYWHERE: readonly Country[] = ['US', 'US', 'US', 'DE', 'DE', 'NL', 'NL', 'SG', 'RU'];
/** Where nobody of this account ever was. */
const FAR: readonly Country[] = ['RU', 'BR', 'VN', 'NG'];

export const countryOf = (where: 'near' | 'anywhere' | 'far', random: Random): Country =>
  random.pick({ near: NEAR, anywhere: ANYWHERE, far: FAR }[where]);

/** A server that somebody rented, of AWS in the account's own Region too, or a line of somebody's home. */
export function lair(country: Country, random: Random): Source {
  const blocks: Partial<Record<Country, string>>[] = [BLOCKS.rented, BLOCKS.homes, BLOCKS.aws];
  const there = blocks.flatMap((byCountry) => byCountry[country] ?? []);
  return { from: addressIn(random.pick(there), random) };
}

/** As the owner's own, which is easily copied, or whatever the intruder's tool has. */
export const toolOf = (agent: string, random: Random): string =>
  random.isTrue(0.4) ? agent : random.pick(INTRUDERS);

/** Some time of the replayed day, with so many hours left for what follows. */
export const sometime = (random: Random, hoursLeft = 1): number =>
  REPLAYED.start + random.between(0.2, 24 - hoursLeft) * HOUR;
