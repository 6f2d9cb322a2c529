import { seatOf } from '../account/egress.ts';
import { type Host, ON_PREMISES, RESTARTED } from '../account/hosts.ts';
import { inRole, type Who, withAccessKey } from '../account/identities.ts';
import { DAY, type Day, MINUTE, START } from '../calendar.ts';
import { readOf } from '../events.ts';
import type { Happening, Origin } from '../happening.ts';
import type { Random } from '../random.ts';
import { type Actor, usual, worthTelling } from './actor.ts';
import type { Surroundings } from './service.ts';

/** Of a group that replaces its machines so often. */
const AGE_DAYS = 6;

export function instanceOf(
  { name, machines }: Host,
  machine: number,
  at: number,
  random: Random,
): Who {
  const age = Math.floor((at - START) / DAY + (machine * AGE_DAYS) / machines);
  const born = machines === 1 ? 0 : Math.floor(age / AGE_DAYS);
  return inRole(name, `i-0${random.of(name, machine, 'instance', born).hex(16)}`);
}

/** Machines under instance profiles, whose session is named after the machine. */
export function hostActor(
  host: Host,
  { random, moments }: Pick<Surroundings, 'random' | 'moments'>,
  originAt: (at: number) => Origin = () => usual(host.name),
): Actor {
  const { name, agent, through, everyMinutes } = host;
  return (day) =>
    Array.from({ length: host.machines }, (_, machine) => {
      const { identity, principal } = instanceOf(host, machine, day.start, random);
      const who = { principal, identity: through ? { ...identity, invokedBy: through } : identity };
      const seat = seatOf(random.of(name, machine, 'seat'));
      const its = random.of(name, machine, day.index);
      return timesOn(day, everyMinutes, its).flatMap((at) =>
        host.keys.map((key): Happening => {
          const source = host.sourceAt(at, moments, seat);
          return readOf({ at, who, source, agent, origin: originAt(at), isBulk: true }, key, its);
        }),
      );
    }).flat();
}

/** Nobody has told the guard of its new address: whether it is the same machine AWS doesn't tell. */
export const restartedActor = (surroundings: Pick<Surroundings, 'random' | 'moments'>): Actor =>
  hostActor(RESTARTED, surroundings, (at) =>
    at < surroundings.moments.restarted ? usual(RESTARTED.name) : worthTelling(RESTARTED.name),
  );

/** The importer in the data centre. */
export function onPremisesActor(random: Random): Actor {
  const { name, source, agent, everyMinutes, keys } = ON_PREMISES;
  const who = withAccessKey(name);
  return (day) => {
    const its = random.of(name, day.index);
    return timesOn(day, everyMinutes, its).flatMap((at) =>
      keys.map((key) =>
        readOf({ at, who, source, agent, origin: usual(name), isBulk: true }, key, its),
      ),
    );
  };
}

function timesOn(day: Day, everyMinutes: number, random: Random): number[] {
  const period = everyMinutes * MINUTE;
  const times: number[] = [];
  const first = day.start + random.between(0, period);
  for (let at = first; at < day.start + DAY; at += period * random.between(0.97, 1.03)) {
    times.push(at);
  }
  return times;
}
