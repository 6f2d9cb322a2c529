import ipaddr from 'ipaddr.js';
import { AGENT } from '../account/agents.ts';
import { KEYS } from '../account/grants.ts';
import type { Person } from '../account/people.ts';
import { addressIn, BLOCKS, OFFICES, type Source } from '../account/places.ts';
import { type Day, MINUTE, REPLAYED, SECOND, timeIn, within } from '../calendar.ts';
import { describeOf, listOf, readOf, signInOf } from '../events.ts';
import type { Happening } from '../happening.ts';
import type { Random } from '../random.ts';
import { type Actor, usual } from './actor.ts';

/** Where somebody sits who isn't where they usually are, and when. */
export interface Trip {
  readonly from: number;
  readonly to: number;
  /** Of the hotel. */
  readonly block: string;
  /** UTC hours of work there. */
  readonly hours: readonly [number, number];
}

export interface Ways {
  readonly trip?: Trip;
  /** Days on which somebody doesn't work. */
  readonly isOff?: (day: Day) => boolean;
  /** Share of working days with a night's work. @default 0 */
  readonly nights?: number;
  /** And of those with a service running on the own machine, to look for a fault. @default 0 */
  readonly runsService?: number;
  /** Keys that a quarter's end needs besides, on the replayed day. @default none */
  readonly besides?: readonly string[];
}

/** Providers give another address so often. */
const SAME_ADDRESS_DAYS = 17;

/** Reads once or twice on a working day, from the office, from home, from a hotel. */
export function personActor(person: Person, random: Random, ways: Ways = {}): Actor {
  const own = random.of(person.name);
  return (day) => {
    const isThere = day.isWorkday && day.index >= (person.since ?? 0);
    if (!isThere || ways.isOff?.(day)) return [];
    const its = own.of('day', day.index);
    const trip = ways.trip && day.start >= ways.trip.from && day.start < ways.trip.to;
    const here = trip
      ? { source: hotel(ways.trip, own), hours: ways.trip.hours }
      : { source: placeOn(person, day, its, own), hours: person.hours };
    const reads = Math.max(1, Math.round(its.skewed(person.reads, 0.4)));
    const byDay = Array.from({ length: reads }, () => {
      const at = timeIn(day, here.hours, its);
      return its.isTrue(person.inConsole)
        ? visit(person, at, here.source, its)
        : [byCommand(person, at, here.source, its)];
    }).flat();
    const isCalled = its.isTrue(ways.nights ?? 0);
    const isLooking = its.isTrue(ways.runsService ?? 0);
    return [
      ...byDay,
      ...(isCalled ? incident(person, day, home(person, day, own), its) : []),
      ...(isLooking ? service(person, timeIn(day, here.hours, its), here.source, its) : []),
      ...(day.isReplayed ? (ways.besides ?? []) : []).map((key) =>
        byCommand({ ...person, keys: [key] }, timeIn(day, here.hours, its), here.source, its),
      ),
    ];
  };
}

/** A service on somebody's own machine reads as it does anywhere. */
function service({ who, name, keys }: Person, from: number, source: Source, random: Random) {
  const doing = { who, source, agent: AGENT.nodeOnHost, origin: usual(name) };
  const key = random.pick(keys);
  const reads = random.whole(6, 70);
  return Array.from({ length: reads }, (_, index) =>
    readOf({ ...doing, at: from + index * 5 * MINUTE * random.between(0.9, 1.1) }, key, random),
  );
}

/** A key is read by the command line, of their own machine or of CloudShell, which is one of AWS's. */
function byCommand(person: Person, at: number, source: Source, random: Random): Happening {
  const { who, name, keys, cloudShell = 0 } = person;
  const isThere = random.isTrue(cloudShell);
  const here = isThere ? { from: addressIn(BLOCKS.aws.US, random) } : source;
  const agent = isThere ? AGENT.cliInCloudShell : agentAt(person, at);
  return readOf({ at, who, source: here, agent, origin: usual(name) }, random.pick(keys), random);
}

/** Somebody has begun to read in a notebook. */
const agentAt = ({ name, agent }: Person, at: number) =>
  name === 'fay' && within(REPLAYED, at) ? AGENT.pythonOnHost : agent;

/** The console lists the secrets, describes the one that is chosen, and reads it on a click. */
function visit({ who, name, keys }: Person, at: number, source: Source, random: Random) {
  const more = { sessionCredentialFromConsole: 'true' };
  const doing = { who, source, agent: AGENT.browser, origin: usual(name), more };
  const key = random.pick(keys);
  const chosen = at + random.between(5, 60) * SECOND;
  const isUser = who.principal.includes(':user/');
  return [
    signInOf({ ...doing, at: at - random.between(0.2, 20) * MINUTE }, signsIn(isUser), random),
    listOf({ ...doing, at }, random),
    describeOf({ ...doing, at: chosen }, key, random),
    readOf({ ...doing, at: chosen + random.between(2, 30) * SECOND }, key, random),
  ];
}

/** Of Identity Center's people CloudTrail says `No`, whatever they used. */
const signsIn = (isUser: boolean) => ({ mfaUsed: isUser ? ('Yes' as const) : ('No' as const) });

/** By night something is broken: from home, now and then a key that others look after. */
function incident(person: Person, day: Day, source: Source, random: Random): Happening[] {
  const { who, agent, name, keys } = person;
  const doing = { who, source, agent, origin: usual(name) };
  const begin = timeIn(day, person.office === OFFICES.US ? [4, 10] : [0, 4], random);
  const needed = [random.pick(keys), ...(random.isTrue(0.3) ? [random.pick(KEYS)] : [])];
  return needed.map((key, index) =>
    readOf({ ...doing, at: begin + index * random.between(1, 30) * MINUTE }, key, random),
  );
}

/** Some of those at home are on the train, on the line of their telephone. */
function placeOn(person: Person, day: Day, its: Random, own: Random): Source {
  if (!its.isTrue(person.fromHome)) return { from: person.office };
  const country = person.office === OFFICES.US ? 'US' : 'DE';
  const isOnTheWay = its.isTrue(ON_THE_WAY);
  return isOnTheWay ? { from: addressIn(BLOCKS.mobile[country], its) } : home(person, day, own);
}

const ON_THE_WAY = 0.1;

/** By IPv6 a laptop takes another address every day; by IPv4 the provider changes it at times. */
function home({ homes }: Person, day: Day, own: Random): Source {
  const move = own.of('move').whole(0, SAME_ADDRESS_DAYS);
  if (!homes.includes(':')) {
    const line = Math.floor((day.index + move) / SAME_ADDRESS_DAYS);
    return { from: addressIn(homes, own.of('home', line)) };
  }
  const [prefix, suffix] = ['prefix', day.index].map((part) =>
    groupsOf(homes, own.of('home', part)),
  );
  return { from: [...(prefix ?? []).slice(0, 4), ...(suffix ?? []).slice(4)].join(':') };
}

const groupsOf = (block: string, random: Random) =>
  ipaddr.parse(addressIn(block, random)).toNormalizedString().split(':');

const hotel = ({ block, from }: Trip, own: Random): Source => ({
  from: addressIn(block, own.of('hotel', from)),
});
