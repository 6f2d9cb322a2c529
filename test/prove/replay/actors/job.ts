import { AGENT } from '../account/agents.ts';
import { seatOf, throughEndpoint } from '../account/egress.ts';
import { JOB_KEYS, JOB_ROLE, WEEKLY_KEYS, WEEKLY_ROLE } from '../account/grants.ts';
import { inRole } from '../account/identities.ts';
import { HOUR, MINUTE, timeIn } from '../calendar.ts';
import { readOf } from '../events.ts';
import { type Actor, usual } from './actor.ts';
import type { Surroundings } from './service.ts';

/** A report every Tuesday at six, which the replayed day is. */
export function weeklyActor({ random, moments }: Pick<Surroundings, 'random' | 'moments'>): Actor {
  return (day) => {
    if (new Date(day.start).getUTCDay() !== TUESDAY) return [];
    const its = random.of(WEEKLY_ROLE, day.index);
    const at = timeIn(day, [6, 6.1], its);
    const source = throughEndpoint(at, moments, seatOf(its));
    const who = inRole(WEEKLY_ROLE, its.hex(32));
    const doing = { at, who, source, agent: AGENT.java, origin: usual(WEEKLY_ROLE) };
    return WEEKLY_KEYS.map((key) => readOf(doing, key, its));
  };
}

const TUESDAY = 2;

/** Every night at ten past two a task of its own, which now and then has to begin again. */
export function jobActor({ random, moments }: Pick<Surroundings, 'random' | 'moments'>): Actor {
  return (day) => {
    const its = random.of(JOB_ROLE, day.index);
    const tries = its.isTrue(0.1) ? 3 : 1;
    return Array.from({ length: tries }, (_, attempt) => {
      const at = timeIn(day, [2.17, 2.2], its) + attempt * its.between(10, 20) * MINUTE;
      const who = inRole(JOB_ROLE, its.hex(32));
      const source = throughEndpoint(at, moments, seatOf(its));
      const doing = { who, source, agent: AGENT.pythonOnEcs, origin: usual(JOB_ROLE) };
      return JOB_KEYS.flatMap((key) => [
        readOf({ ...doing, at }, key, its),
        readOf({ ...doing, at: at + its.between(0.2, 1) * HOUR }, key, its),
      ]);
    }).flat();
  };
}
