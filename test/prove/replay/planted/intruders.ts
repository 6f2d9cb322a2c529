import { AGENT } from '../account/agents.ts';
import { KEYS } from '../account/grants.ts';
import { inRole, inUserSession, type Who, withAccessKey } from '../account/identities.ts';
import { OFFICES } from '../account/places.ts';
import { HOUR, MINUTE, REPLAYED, SECOND, timeIn } from '../calendar.ts';
import {
  changeOf,
  changeOfCmkOf,
  changeOfTrailOf,
  type Doing,
  describeOf,
  listOf,
  readOf,
  signInOf,
} from '../events.ts';
import type { Happening } from '../happening.ts';
import type { Random } from '../random.ts';
import { countryOf, lair, type Planner, type Stage, sometime, toolOf } from './stage.ts';

export const stranger: Planner = ({ strangers }, random) => {
  const { who, source, agent } = strangers.take();
  const begin = sometime(random);
  const key = random.pick(KEYS);
  const reads = random.whole(1, 4);
  return {
    told: `${who.principal} from ${source.from}`,
    happenings: (origin) =>
      Array.from({ length: reads }, (_, index) => {
        const at = begin + index * random.between(1, 10) * MINUTE;
        return readOf({ at, who, source, agent, origin }, key, random);
      }),
  };
};

export const lookAround: Planner = (stage, random, number) => {
  const { name, who, keys, agent: usual } = holderOf(stage, random, number % 2 === 0);
  const country = countryOf('anywhere', random);
  const source = lair(country, random);
  const agent = toolOf(usual, random);
  const begin = sometime(random);
  const key = random.pick(keys);
  return {
    told: `${name} from ${source.from} (${country}) with ${agent}`,
    onLeave: name,
    happenings: (origin) => {
      const doing = { who, source, agent, origin };
      const described = begin + random.between(0.1, 15) * MINUTE;
      const others = random.some(KEYS, random.whole(0, 4));
      return [
        listOf({ ...doing, at: begin }, random),
        ...others.map((other) => describeOf({ ...doing, at: described - SECOND }, other, random)),
        describeOf({ ...doing, at: described }, key, random),
        readOf({ ...doing, at: described + random.between(0.05, 30) * MINUTE }, key, random),
      ];
    },
  };
};

const ON_TRAILS = ['StopLogging', 'DeleteTrail', 'PutEventSelectors', 'UpdateTrail'];

export const blindedTrail: Planner = (stage, random, number) => {
  const name = random.pick(ON_TRAILS);
  return firstThenRead(stage, random, number, name, (doing, its) =>
    changeOfTrailOf(doing, name, its),
  );
};

export const openedPolicy: Planner = (stage, random, number) => {
  const name = random.pick(['PutResourcePolicy', 'DeleteResourcePolicy', 'PutKeyPolicy']);
  return firstThenRead(stage, random, number, name, (doing, its, key) =>
    name === 'PutKeyPolicy'
      ? changeOfCmkOf(doing, name, stage.cmkArn, its)
      : changeOf(doing, name, key, its),
  );
};

/** By an administrator of the office gone bad whom no grant names, or with a reader's credentials. */
function firstThenRead(
  stage: Stage,
  random: Random,
  number: number,
  name: string,
  first: (doing: Doing, random: Random, key: string) => Happening,
) {
  const isInsider = number % 3 === 0;
  const holder = isInsider ? insider(stage, random) : holderOf(stage, random, number % 3 === 1);
  const country = countryOf('anywhere', random);
  const source = isInsider ? { from: OFFICES.US } : lair(country, random);
  const agent = isInsider ? AGENT.cliOnMac : toolOf(holder.agent, random);
  const hours = random.between(0.02, 14);
  const begin = sometime(random, hours + 0.5);
  const key = random.pick(holder.keys);
  return {
    told: `${name} by ${holder.name} from ${source.from}, read after ${hours.toFixed(1)} hours`,
    onLeave: holder.name,
    happenings: (origin: Doing['origin']) => {
      const doing = { who: holder.who, source, agent, origin };
      return [
        first({ ...doing, at: begin }, random, key),
        readOf({ ...doing, at: begin + hours * HOUR }, key, random),
      ];
    },
  };
}

export const signInWithoutMfa: Planner = ({ users, employees }, random, number) => {
  const holder = number % 2 === 0 ? undefined : users.take();
  const name = holder?.name ?? employees.take();
  const who = inUserSession(name, 'false');
  const country = countryOf('anywhere', random);
  const source = lair(country, random);
  const begin = sometime(random, 8.5);
  const key = random.pick(holder?.keys ?? KEYS);
  const guesses = random.whole(0, 5);
  return {
    told: `${name} from ${source.from} (${country}) after ${guesses} wrong guesses`,
    onLeave: name,
    happenings: (origin) => {
      const doing = { who, source, agent: AGENT.browser, origin };
      const more = { sessionCredentialFromConsole: 'true' };
      const wrong = Array.from({ length: guesses }, (_, index) =>
        signInOf({ ...doing, at: begin - (index + 1) * 20 * SECOND }, { failed: true }, random),
      );
      const read = begin + random.between(0.05, 8) * HOUR;
      return [
        ...wrong,
        signInOf({ ...doing, at: begin }, { mfaUsed: 'No' }, random),
        readOf({ ...doing, more, at: read }, key, random),
      ];
    },
  };
};

/** An access key, which needs no second factor, even of those who have one. */
export const farCountry: Planner = ({ users, usersWithMfa }, random, number) => {
  const { name, keys, agent: usual } = (number % 3 === 0 ? usersWithMfa : users).take();
  const country = countryOf('far', random);
  const source = lair(country, random);
  const agent = toolOf(usual, random);
  const begin = sometime(random);
  return {
    told: `access key of ${name} from ${source.from} (${country}) with ${agent}`,
    onLeave: name,
    happenings: (origin) =>
      Array.from({ length: random.whole(1, 3) }, (_, index) => {
        const at = begin + index * random.between(0.2, 10) * MINUTE;
        return readOf(
          { at, who: withAccessKey(name), source, agent, origin },
          random.pick(keys),
          random,
        );
      }),
  };
};

export const hoardingInsider: Planner = ({ insiders }, random) => {
  const { name, office, agent, whoAt } = insiders.take();
  const begin = timeIn(REPLAYED, office === OFFICES.US ? [14.5, 22] : [8, 16], random);
  const who = whoAt(begin);
  const minutes = random.between(2, 6);
  return {
    told: `${name} in the office, all ${KEYS.length} keys within ${minutes.toFixed(1)} minutes`,
    happenings: (origin) =>
      random.some(KEYS, KEYS.length).map((key) => {
        const at = begin + random.between(0, minutes) * MINUTE;
        return readOf({ at, who, source: { from: office }, agent, origin }, key, random);
      }),
  };
};

interface Acting {
  readonly name: string;
  readonly keys: readonly string[];
  readonly agent: string;
  readonly who: Who;
}

/** Of a reader with wide permissions; whoever takes on a role names the session. */
function holderOf({ users, adminRoles }: Stage, random: Random, isRole: boolean): Acting {
  const holder = isRole ? adminRoles.take() : users.take();
  const session = random.pick(['aws-go-sdk', 'session', 'test', 'tess']);
  const who = isRole ? inRole(holder.name, session) : withAccessKey(holder.name);
  return { ...holder, who };
}

function insider({ wideRoles }: Stage, random: Random): Acting {
  const name = wideRoles.take();
  return {
    name,
    keys: KEYS,
    agent: AGENT.cliOnMac,
    who: inRole(name, random.pick(['root', 'svc'])),
  };
}
