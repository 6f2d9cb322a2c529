import type { Func } from '../account/functions.ts';
import { inRole, type Who } from '../account/identities.ts';
import type { Source } from '../account/places.ts';
import { DAY, type Day, demandAt, HOUR, MINUTE } from '../calendar.ts';
import { type Doing, readOf } from '../events.ts';
import type { Happening } from '../happening.ts';
import type { Random } from '../random.ts';
import { usual } from './actor.ts';
import type { Surroundings } from './service.ts';

/** So often as at the busiest time of the day a function is asked on average, nights included. */
const AVERAGE = 0.62;
/** By night, of the busiest time. */
const LEAST = 0.15;
/** Execution environments live for about so long, and so many are warm. */
const ENVIRONMENT_MS = 25 * MINUTE;
const WARM = 12;

export const sessionOf = ({ role, name }: Func): Who => inRole(role, name);

/** A function reads a key whenever it has no value any more: in waves, and in storms of cold starts. */
export function functionActor(
  func: Func,
  { random, scale }: Pick<Surroundings, 'random' | 'scale'>,
) {
  const own = random.of(func.name);
  const who = sessionOf(func);
  return (day: Day): Happening[] => {
    const its = own.of('day', day.index);
    const environments = new Environments(func, own);
    return timesOn(day, func.reads * scale, its).map((at) => {
      const source = environments.sourceAt(at, its.whole(0, WARM - 1));
      const origin = usual(func.name);
      const doing: Doing = { at, who, source, agent: func.agent, origin, isBulk: true };
      return readOf(doing, its.pick(func.keys), its);
    });
  };
}

function timesOn(day: Day, reads: number, random: Random): number[] {
  const times: number[] = [];
  const storms = random.whole(1, 4);
  for (let storm = 0; storm < storms; storm += 1) {
    const begin = day.start + random.between(0, 0.99) * DAY;
    const size = Math.min(reads / 20, random.skewed(60, 0.6));
    for (let one = 0; one < size; one += 1) times.push(begin + random.between(0, 3) * MINUTE);
  }
  const mean = (DAY * AVERAGE) / reads;
  for (let at = day.start; at < day.start + DAY; at += random.wait(mean)) {
    if (random.isTrue(Math.max(LEAST, demandAt(at, day)))) times.push(at);
  }
  return times;
}

/** The warm execution environments, and where they are. */
class Environments {
  readonly #func: Func;
  readonly #own: Random;
  readonly #sources = new Map<string, Source>();

  constructor(func: Func, own: Random) {
    this.#func = func;
    this.#own = own;
  }

  sourceAt(at: number, number: number): Source {
    const born = Math.floor((at + (number * HOUR) / WARM) / ENVIRONMENT_MS);
    const name = `${number}/${born}`;
    const known = this.#sources.get(name);
    if (known) return known;
    const source = this.#func.source(this.#own.of('environment', name));
    this.#sources.set(name, source);
    return source;
  }
}
