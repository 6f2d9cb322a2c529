import { AGENT } from '../account/agents.ts';
import { KEYS } from '../account/grants.ts';
import { inRole } from '../account/identities.ts';
import { HOUR, MINUTE, SECOND } from '../calendar.ts';
import { describeOf, listOf, lookAt } from '../events.ts';
import type { Happening } from '../happening.ts';
import type { Random } from '../random.ts';
import { type Actor, usual } from './actor.ts';

/** Of other teams. */
const OTHERS = 85;
const PAGE = 50;

/** Every hour it lists all secrets, describes each and looks at its policy; it never reads one. */
export function scannerActor(random: Random, others: readonly string[]): Actor {
  const source = { from: '241.0.9.14' };
  const name = 'security-scanner';
  return (day) => {
    const its = random.of(name, day.index);
    return Array.from({ length: 24 }, (_, hour) => {
      const who = inRole(name, `scan-${day.index}-${hour}`);
      const doing = { who, source, agent: AGENT.pythonOnHost, origin: usual(name), isBulk: true };
      const begin = day.start + hour * HOUR + its.between(0, 10) * MINUTE;
      const found: Happening[] = [];
      for (let page = 0; page * PAGE < OTHERS + KEYS.length; page += 1) {
        found.push(listOf({ ...doing, at: begin + page * SECOND }, its));
      }
      const looks = ['DescribeSecret', 'GetResourcePolicy'];
      let at = begin + 5 * SECOND;
      for (const look of looks) {
        for (const secret of others) {
          at += its.between(30, 200);
          found.push(lookAt({ ...doing, at }, look, secret, its));
        }
      }
      for (const key of KEYS) {
        at += its.between(30, 200);
        found.push(describeOf({ ...doing, at }, key, its));
      }
      return found;
    }).flat();
  };
}

/** Names of secrets that are of no concern here. */
export const secretsOfOthers = (random: Random): string[] =>
  Array.from({ length: OTHERS }, (_, index) => {
    const team = random.pick(['payments', 'search', 'identity', 'data', 'ops']);
    return `${team}/${random.pick(['prod', 'staging'])}/credentials-${index}`;
  });
