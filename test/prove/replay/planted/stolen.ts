import { behind, seatOf } from '../account/egress.ts';
import type { Source } from '../account/places.ts';
import { DAY, dayOf, HOUR, MINUTE, REPLAYED, WARM_UP_DAYS } from '../calendar.ts';
import { readOf } from '../events.ts';
import type { Random } from '../random.ts';
import {
  countryOf,
  lair,
  type Plan,
  type Planner,
  sometime,
  toolOf,
  type Victim,
} from './stage.ts';

export const stolenSession: Planner = ({ tasks }, random) =>
  stolenFrom(tasks.take(), undefined, random);

/**
 * What isn't among the ten kinds: of a consumer that has no place of its own, as runners and functions
 * outside a VPC, nothing tells the intruder who keeps to its country and agent; and through an endpoint
 * of their own account there is no address that could be denied.
 */
export const stolenBeyond: Planner = ({ roamers, tasks }, random, number) =>
  number === 1
    ? stolenFrom(tasks.take(), hiding(random), random)
    : stolenFrom(roamers.take(), undefined, random);

/** Who was there before the guard is taken for usual by it. */
export const poisonedBefore: Planner = ({ tasks }, random) =>
  poisoned(tasks.take(), WARM_UP_DAYS, random);

const hiding = (random: Random) => behind(seatOf(random), 'vpce-0badc0de0badc0de0', '777788889999');

function stolenFrom(victim: Victim, endpoint: Source | undefined, random: Random): Plan {
  const country = countryOf('anywhere', random);
  const source = endpoint ?? lair(country, random);
  const agent = toolOf(victim.agent, random);
  const begin = sometime(random);
  const who = victim.whoAt(begin);
  const reads = random.whole(1, 6);
  const where = endpoint ? 'behind an endpoint of their own' : `(${country})`;
  return {
    told: `session of ${victim.name} from ${source.from} ${where} with ${agent}`,
    happenings: (origin) =>
      Array.from({ length: reads }, (_, index) => {
        const at = begin + index * random.between(0.1, 8) * MINUTE;
        return readOf({ at, who, source, agent, origin }, random.pick(victim.keys), random);
      }),
  };
}

/** Of days, as its story has it. */
const PATIENCE = 14;

export const patientPoisoner: Planner = ({ tasks }, random) =>
  poisoned(tasks.take(), PATIENCE, random);

/** Mostly from the country that the consumer is in itself. */
function poisoned(victim: Victim, days: number, random: Random): Plan {
  const country = countryOf(random.isTrue(0.6) ? 'near' : 'anywhere', random);
  const source = lair(country, random);
  const { agent } = victim;
  const begin = sometime(random, 2);
  return {
    told: `sessions of ${victim.name} from ${source.from} (${country}) for ${days} days`,
    happenings: (origin) => {
      const readAt = (at: number, key: string) =>
        readOf({ at, who: victim.whoAt(at), source, agent, origin }, key, random);
      const patience = Array.from({ length: days }, (_, index) => {
        const { start } = dayOf(WARM_UP_DAYS - days + index);
        return Array.from({ length: random.whole(1, 2) }, () =>
          readAt(start + random.between(0, 1) * DAY, random.pick(victim.keys)),
        );
      }).flat();
      const earnest = Array.from({ length: random.whole(5, 40) }, () =>
        readAt(begin + random.between(0, 1) * HOUR, random.pick(victim.keys)),
      );
      return [...patience, ...earnest];
    },
  };
}

export const scraperInside: Planner = ({ machines }, random) => {
  const machine = machines.take();
  const agent = toolOf(machine.agent, random);
  const hours = random.between(1, 12);
  const begin = REPLAYED.start + random.between(0.2, 23 - hours) * HOUR;
  const reads = Math.round(machine.readsADay * random.between(11, 17));
  return {
    told: `${reads} reads on ${machine.name} within ${hours.toFixed(1)} hours with ${agent}`,
    happenings: (origin) =>
      Array.from({ length: reads }, () => {
        const at = begin + random.between(0, hours) * HOUR;
        const [who, source] = [machine.whoAt(at), machine.sourceAt(at)];
        return readOf({ at, who, source, agent, origin }, random.pick(machine.keys), random);
      }),
  };
};
