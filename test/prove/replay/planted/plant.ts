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
import type { Planner, Stage } from './stage.ts';
import { patientPoisoner, scraperInside, stolenSession } from './stolen.ts';

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
  const sown = ATTACK_KINDS.flatMap(({ name: kind }) => {
    const count = random.of(kind).whole(...times);
    return Array.from({ length: count }, (_, index) => {
      const number = index + 1;
      const { told, onLeave, happenings } = PLANNERS[kind](stage, random.of(kind, number), number);
      const planted: Planted = { kind, number, told };
      return { planted, onLeave, happenings: happenings({ is: 'attack', planted }) };
    });
  });
  return {
    attacks: sown.map(({ planted }) => planted),
    happenings: sown.flatMap(({ happenings }) => happenings),
    onLeave: new Set(sown.flatMap(({ onLeave }) => onLeave ?? [])),
  };
}
