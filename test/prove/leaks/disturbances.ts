import { ECHOES, MOMENTS, waysToFail } from './echoes.ts';
import type { Watched } from './watched.ts';

/** What goes wrong while a scenario is played. */
export interface Disturbance {
  /** In words that name no key. */
  readonly name: string;
  prepare(watched: Watched): void;
}

export const UNDISTURBED: Disturbance = { name: 'undisturbed', prepare: () => {} };

/**
 * Every answer of Amplitude repeats its request; every one of so many AWS calls fails in every way and
 * quotes all keys, before its effect or after it, by turns that another seed takes the other way round.
 */
export function disturbancesOf(calls: number, seed: number): Disturbance[] {
  const numbers = Array.from({ length: calls }, (_, index) => index + 1);
  const ways = waysToFail('').map(({ name }, way) => ({ name, way }));
  return [
    ...ECHOES.map(repeating),
    ...numbers.flatMap((nth) => ways.map(({ name, way }) => failing(nth, way, name, seed))),
  ];
}

const repeating = (echo: (typeof ECHOES)[number]): Disturbance => ({
  name: `Amplitude repeats the request with ${echo.status} as ${echo.type}`,
  prepare({ world }) {
    world.amplitude.echo = echo;
  },
});

function failing(nth: number, way: number, name: string, seed: number): Disturbance {
  const when = MOMENTS[(nth + way + seed) % MOMENTS.length] ?? 'before';
  return {
    name: `call ${nth} ends with "${name}" ${when} its effect`,
    prepare({ world, canaries }) {
      const quoted = canaries.all.map(({ key }) => key).join(' ');
      const { error = 'throttled' } = waysToFail(quoted)[way] ?? {};
      world.aws.faults.fail('*', { nth, when, error });
    },
  };
}

/** At most so many of a list, spread over all of it; the seed shifts them. */
export function spread<Thing>(things: readonly Thing[], most: number, seed: number): Thing[] {
  const step = Math.max(1, Math.ceil(things.length / most));
  return things.filter((_, index) => index % step === seed % step);
}
