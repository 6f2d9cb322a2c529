import { ATTACK_KINDS, type AttackName } from '../attacks.ts';
import type { Happening, Planted } from '../happening.ts';
import type { Random } from '../random.ts';
import {
  blindedTrail,
  farCountry,
  hoardingInsider,
  lookAround,
  openedPolicy,
  signInWithoutMfa,
  stranger,
} from './intruders.ts';
import type { Plan, Planner, Stage } from './stage.ts';
import {
  patientPoisoner,
  poisonedBefore,
  scraperInside,
  stolenBeyond,
  stolenSession,
} from './stolen.ts';

const PLANNERS: Readonly<Record<AttackName, Planner>> = {
  'stolen session': stolenSession,
  stranger,
  'look around': lookAround,
  'blinded trail': blindedTrail,
  'opened policy': openedPolicy,
  'sign-in without MFA': signInWithoutMfa,
  'far country': farCountry,
  'scraper inside': scraperInside,
  'hoarding insider': hoardingInsider,
  'patient poisoner': patientPoisoner,
};

export interface Sown {
  readonly attacks: readonly Planted[];
  readonly happenings: readonly Happening[];
  readonly onLeave: ReadonlySet<string>;
}

/** Attacks of every kind, each time another. @param times at least and at most so often */
export function plant(stage: Stage, random: Random, times: readonly [number, number]): Sown {
  const within = ATTACK_KINDS.flatMap(({ name: kind }) => {
    const count = random.of(kind).whole(...times);
    return numbers(count).map((number) =>
      sow({ kind, number }, PLANNERS[kind](stage, random.of(kind, number), number)),
    );
  });
  const beyond = numbers(BEYOND).map((number) => {
    const plan = stolenBeyond(stage, random.of('beyond', number), number);
    return sow({ kind: 'stolen session', number, isBeyond: true }, plan);
  });
  const early = sow(
    { kind: 'patient poisoner', number: 1, isBeyond: true },
    poisonedBefore(stage, random.of('early'), 1),
  );
  const all = [...within, ...beyond, early];
  return {
    attacks: all.map(({ planted }) => planted),
    happenings: all.flatMap(({ happenings }) => happenings),
    onLeave: new Set(all.flatMap(({ onLeave }) => onLeave ?? [])),
  };
}

const BEYOND = 4;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

function sow(attack: Omit<Planted, 'told'>, { told, onLeave, happenings }: Plan) {
  const planted: Planted = { ...attack, told };
  return { planted, onLeave, happenings: happenings({ is: 'attack', planted }) };
}
