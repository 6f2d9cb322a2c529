import { AGENT } from '../account/agents.ts';
import { CI_KEYS, CI_ROLE, KEYS } from '../account/grants.ts';
import { byWebIdentity } from '../account/identities.ts';
import { addressIn, BLOCKS } from '../account/places.ts';
import { MINUTE, SECOND, timeIn } from '../calendar.ts';
import { describeOf, listOf, readOf } from '../events.ts';
import type { Random } from '../random.ts';
import { type Actor, usual } from './actor.ts';

const JOBS = { workday: 55, otherwise: 6 } as const;
const PLANS = 0.2;

export const ofRunner = () =>
  byWebIdentity(CI_ROLE, 'GitHubActions', 'token.actions.githubusercontent.com');

/** A hosted runner of GitHub: an address that it never had before and never has again. */
export function runnerActor(random: Random): Actor {
  const who = ofRunner();
  return (day) => {
    const its = random.of(CI_ROLE, day.index);
    const jobs = Math.round(its.skewed(day.isWorkday ? JOBS.workday : JOBS.otherwise, 0.3));
    return Array.from({ length: jobs }, () => {
      const source = { from: addressIn(BLOCKS.runners.US, its) };
      const doing = { who, source, origin: usual(CI_ROLE) };
      const begin = timeIn(day, its.isTrue(0.85) ? [7.5, 23.5] : [0, 24], its);
      if (its.isTrue(PLANS)) {
        // A plan of Terraform lists and looks at what it manages, and reads what it passes on
        const plan = { ...doing, agent: AGENT.terraform };
        const looks = KEYS.map((key, index) =>
          describeOf({ ...plan, at: begin + index * its.between(20, 90) }, key, its),
        );
        const list = listOf({ ...plan, at: begin - SECOND }, its);
        return [
          list,
          ...looks,
          readOf({ ...plan, at: begin + 2 * SECOND }, its.pick(CI_KEYS), its),
        ];
      }
      const at = begin + its.between(1, 6) * MINUTE;
      return [readOf({ ...doing, at, agent: AGENT.cliOnRunner }, its.pick(CI_KEYS), its)];
    }).flat();
  };
}
