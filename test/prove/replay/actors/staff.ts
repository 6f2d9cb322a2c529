import { AGENT } from '../account/agents.ts';
import { inRole, inUserSession, withAccessKey } from '../account/identities.ts';
import { ADMINS, inSet } from '../account/people.ts';
import { OFFICES } from '../account/places.ts';
import { type Day, MINUTE, timeIn } from '../calendar.ts';
import { changeOfTrailOf, deniedReadOf, listOf, signInOf } from '../events.ts';
import type { Happening } from '../happening.ts';
import type { Random } from '../random.ts';
import { type Actor, usual, worthTelling } from './actor.ts';

const ADMINISTRATORS = ['kim', 'lou', 'max'];
/** Users with passwords who have nothing to do with the keys. */
export const EMPLOYEES = Array.from({ length: 14 }, (_, index) => `employee-${index + 1}`);
/** Some of them without a second factor still. */
const WITHOUT_MFA = EMPLOYEES.slice(0, 2);

/** Sign-ins to the console of people who read no key, some mistyped; administrators look at lists. */
export function signInActor(random: Random, isOff: (name: string, day: Day) => boolean): Actor {
  return (day) => {
    const its = random.of('sign-ins', day.index);
    const source = { from: OFFICES.US };
    const doing = { source, agent: AGENT.browser };
    const employees = EMPLOYEES.flatMap((name): Happening[] => {
      if (!its.isTrue(day.isWorkday ? 0.8 : 0.05) || isOff(name, day)) return [];
      const at = timeIn(day, [13, 22], its);
      const mfaUsed = WITHOUT_MFA.includes(name) ? 'No' : 'Yes';
      const signIn = { ...doing, at, who: withAccessKey(name), origin: usual(name) };
      const typo = signInOf(
        { ...signIn, at: at - its.between(0.1, 1) * MINUTE },
        { failed: true },
        its,
      );
      return [...(its.isTrue(0.06) ? [typo] : []), signInOf(signIn, { mfaUsed }, its)];
    });
    const administrators = ADMINISTRATORS.flatMap((name): Happening[] => {
      if (!its.isTrue(day.isWorkday ? 0.9 : 0.1)) return [];
      const at = timeIn(day, [13, 22], its);
      const look = { ...doing, who: inSet(ADMINS, name), origin: usual(name) };
      return [
        signInOf({ ...look, at }, { mfaUsed: 'No' }, its),
        listOf({ ...look, at: at + its.between(1, 60) * MINUTE }, its),
      ];
    });
    return [...employees, ...administrators];
  };
}

/** What the guard tells whoever does it: an administrator sees to the trail, an app was set up wrong. */
export function mishapActor(random: Random): Actor {
  return (day) => {
    const its = random.of('mishaps', day.index);
    const isDue = day.isReplayed || (day.isWorkday && its.isTrue(0.15));
    return isDue ? [...maintenance(day, its), ...misconfigured(day, its)] : [];
  };
}

/** Another administrator than those who read or list. */
function maintenance(day: Day, random: Random): Happening[] {
  const at = timeIn(day, [14, 21], random);
  const who = inUserSession('trail-keeper', 'true');
  const source = { from: OFFICES.US };
  const doing = { who, source, agent: AGENT.cliOnMac, origin: worthTelling('trail-keeper') };
  const names = ['UpdateTrail', 'PutEventSelectors'];
  return names.map((name, index) =>
    changeOfTrailOf({ ...doing, at: at + index * MINUTE }, name, random),
  );
}

/** Its tasks begin, are refused, end and begin again until somebody looks. */
function misconfigured(day: Day, random: Random): Happening[] {
  const name = 'survey-task';
  const begin = timeIn(day, [9, 20], random);
  const source = { from: '10.0.1.77' };
  return Array.from({ length: random.whole(6, 20) }, (_, attempt) => {
    const who = inRole(name, random.hex(32));
    const at = begin + attempt * random.between(0.8, 1.2) * MINUTE;
    const doing = { at, who, source, agent: AGENT.nodeOnEcs, origin: worthTelling(name) };
    return deniedReadOf(doing, 'web', random);
  });
}
