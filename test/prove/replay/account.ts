import { momentsOf } from './account/egress.ts';
import { FUNCTIONS } from './account/functions.ts';
import { HOSTS } from './account/hosts.ts';
import {
  ADMIN_ROLES,
  FREELANCERS,
  PEOPLE,
  type Person,
  USERS_WITHOUT_MFA,
} from './account/people.ts';
import { BLOCKS } from './account/places.ts';
import { rotationsOf } from './account/rotations.ts';
import { SERVICES } from './account/services.ts';
import type { Actor } from './actors/actor.ts';
import { functionActor } from './actors/func.ts';
import { hostActor, onPremisesActor, restartedActor } from './actors/host.ts';
import { jobActor, weeklyActor } from './actors/job.ts';
import { neighboursActor } from './actors/neighbours.ts';
import { partnerActor } from './actors/partner.ts';
import { personActor, type Ways } from './actors/person.ts';
import { runnerActor } from './actors/runner.ts';
import { scannerActor, secretsOfOthers } from './actors/scanner.ts';
import { type ServiceActor, type Surroundings, serviceActor } from './actors/service.ts';
import { deploymentActor, stackActor } from './actors/stack.ts';
import { mishapActor, signInActor } from './actors/staff.ts';
import { DAY, type Day, REPLAYED, within } from './calendar.ts';
import type { Happening, Planted } from './happening.ts';
import { stageOf } from './planted/cast.ts';
import { plant } from './planted/plant.ts';
import { Random } from './random.ts';

export interface AccountOptions {
  readonly seed: number;
  /** Of what services read on the replayed day, 1 being a hundred thousand events. */
  readonly scale: number;
  /** At least and at most so many attacks of each kind. */
  readonly attacks: readonly [number, number];
  readonly cmkArn: string;
}

/** An account that works, and what intruders do in it. */
export interface Account {
  readonly attacks: readonly Planted[];
  /** Everything of a day, in no order. */
  on(day: Day): Happening[];
}

export function createAccount({ seed, scale, attacks, cmkArn }: AccountOptions): Account {
  const random = new Random(`replay ${seed}`);
  const account = random.of('account');
  const moments = momentsOf(random.of('moments'));
  const rotations = rotationsOf(random.of('rotations'));
  const surroundings = { random: account, moments, rotations, scale };
  const services = new Map(
    SERVICES.map((service) => [service.name, serviceActor(service, surroundings)]),
  );
  const its = random.of('attacks');
  const stage = stageOf({ account, random: its, moments, cmkArn, services });
  const sown = plant(stage, its, attacks);
  const isOff = (name: string, day: Day) => day.isReplayed && sown.onLeave.has(name);
  const actors = actorsOf(surroundings, services, isOff);
  return {
    attacks: sown.attacks,
    on: (day) => [
      ...actors.flatMap((actor) => actor(day)).filter(({ at }) => within(day, at)),
      ...sown.happenings.filter(({ at }) => within(day, at)),
    ],
  };
}

function actorsOf(
  surroundings: Surroundings,
  services: ReadonlyMap<string, ServiceActor>,
  isOff: (name: string, day: Day) => boolean,
): Actor[] {
  const { random } = surroundings;
  const others = secretsOfOthers(random.of('others'));
  const people = [...PEOPLE, ...FREELANCERS, ...USERS_WITHOUT_MFA, ...ADMIN_ROLES];
  return [
    ...services.values(),
    ...FUNCTIONS.map((func) => functionActor(func, surroundings)),
    ...HOSTS.map((host) => hostActor(host, surroundings)),
    restartedActor(surroundings),
    onPremisesActor(random),
    partnerActor(random),
    runnerActor(random),
    jobActor(surroundings),
    weeklyActor(surroundings),
    ...people.map((one) =>
      personActor(one, random, { isOff: (day) => isOff(one.name, day), ...waysOf(one) }),
    ),
    signInActor(random, isOff),
    mishapActor(random),
    scannerActor(random, others),
    neighboursActor(surroundings, others),
    stackActor(surroundings),
    deploymentActor(random),
  ];
}

const trip = (block: string, days: number, hours: readonly [number, number]) => ({
  from: REPLAYED.start - days * DAY,
  to: REPLAYED.start + 3 * DAY,
  block,
  hours,
});

/** Two are on business trips on the replayed day; engineers are called at night, and look for faults. */
function waysOf({ name }: Person): Ways {
  if (name === 'eli') return { trip: trip(BLOCKS.hotels.DE, 0, [7.5, 17]), ...ON_CALL };
  if (name === 'zoe') return { trip: trip(BLOCKS.hotels.DE, 1, [7.5, 17]) };
  if (name === 'bea') return { besides: ['web', 'legacy'] };
  return ['fay', 'gus', 'hanna', 'imke', 'ben'].includes(name) ? ON_CALL : {};
}

const ON_CALL: Ways = { nights: 0.1, runsService: 0.06 };
