import { seatOf } from '../account/egress.ts';
import { type Host, ON_PREMISES } from '../account/hosts.ts';
import { inRole, type Who, withAccessKey } from '../account/identities.ts';
import { DAY, type Day, MINUTE } from '../calendar.ts';
import { readOf } from '../events.ts';
import type { Happening } from '../happening.ts';
import type { Random } from '../random.ts';
import { type Actor, usual } from './actor.ts';
import type { Surroundings } from './service.ts';

export const instanceOf = ({ name }: Host, machine: number, random: Random): Who =>
  inRole(name, `i-0${random.of(name, machine, 'instance').hex(16)}`);

/** Machines under instance profiles, whose session is named after the machine. */
export function hostActor(
  host: Host,
  { random, moments }: Pick<Surroundings, 'random' | 'moments'>,
): Actor {
  const { name, agent, through, everyMinutes } = host;
  return (day) =>
    Array.from({ length: host.machines }, (_, machine) => {
      const { identity, principal } = instanceOf(host, machine, random);
      const who = { principal, identity: through ? { ...identity, invokedBy: through } : identity };
      const seat = seatOf(random.of(name, machine, 'seat'));
      const its = random.of(name, machine, day.index);
      return timesOn(day, everyMinutes, its).flatMap((at) =>
        host.keys.map((key): Happening => {
          const source = host.sourceAt(at, moments, seat);
          return readOf({ at, who, source, agent, origin: usual(name), isBulk: true }, key, its);
        }),
      );
    }).flat();
}

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
