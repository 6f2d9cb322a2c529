import { DAY, dayOf, HOUR, MINUTE, REPLAYED, WARM_UP_DAYS } from '../calendar.ts';
import { readOf } from '../events.ts';
import { countryOf, lair, type Planner, sometime, toolOf } from './stage.ts';

export const stolenSession: Planner = ({ tasks }, random) => {
  const victim = tasks.take();
  const country = countryOf('anywhere', random);
  const source = lair(country, random);
  const agent = toolOf(victim.agent, random);
  const begin = sometime(random);
  const who = victim.whoAt(begin);
  const reads = random.whole(1, 6);
  return {
    told: `session of ${victim.name} from ${source.from} (${country}) with ${agent}`,
    happenings: (origin) =>
      Array.from({ length: reads }, (_, index) => {
        const at = begin + index * random.between(0.1, 8) * MINUTE;
        return readOf({ at, who, source, agent, origin }, random.pick(victim.keys), random);
      }),
  };
};

/** Of days, as its story has it. */
const PATIENCE = 14;

/** Mostly from the country that the consumer is in itself. */
export const patientPoisoner: Planner = ({ tasks }, random) => {
  const victim = tasks.take();
  const country = countryOf(random.isTrue(0.6) ? 'near' : 'anywhere', random);
  const source = lair(country, random);
  const { agent } = victim;
  const begin = sometime(random, 2);
  return {
    told: `sessions of ${victim.name} from ${source.from} (${country}) for ${PATIENCE} days`,
    happenings: (origin) => {
      const readAt = (at: number, key: string) =>
        readOf({ at, who: victim.whoAt(at), source, agent, origin }, key, random);
      const patience = Array.from({ length: PATIENCE }, (_, index) => {
        const { start } = dayOf(WARM_UP_DAYS - PATIENCE + index);
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
};

export const scraperInside: Planner = ({ machines }, random) => {
  const machine = machines.take();
  const agent = toolOf(machine.agent, random);
  const hours = random.between(1, 4);
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
