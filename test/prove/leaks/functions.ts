import type { ProofOptions } from '../proof.ts';
import { COMMAND_SCENARIOS } from './command-lines.ts';
import { ECHOES, MOMENTS, waysToFail } from './echoes.ts';
import type { Outputs } from './outputs.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { openVault } from './vault.ts';
import { Watched } from './watched.ts';

/** One disturbance of a scenario: what it is called, and how it is made. */
interface Disturbance {
  readonly name: string;
  prepare(watched: Watched): void;
}

const UNDISTURBED: Disturbance = { name: 'undisturbed', prepare: () => {} };

/**
 * Plays every scenario undisturbed, then with every call failing in every way, then with every answer of
 * Amplitude repeating the request. Answers how often it disturbed one.
 */
export async function searchFunctions(
  outputs: Outputs,
  { seed, size, progress }: ProofOptions,
): Promise<number> {
  let played = 0;
  let turn = seed;
  for (const scenario of [...SCENARIOS, ...COMMAND_SCENARIOS]) {
    const calls = await play(outputs, scenario, UNDISTURBED);
    const all = [...disturbances(calls, seed)];
    const step = size === 'short' ? SHORT_STEP : 1;
    for (let at = turn % step; at < all.length; at += step) {
      const disturbance = all[at];
      if (!disturbance) continue;
      progress(`${scenario.name}, ${disturbance.name}`);
      await play(outputs, scenario, disturbance);
      played += 1;
    }
    turn += 1;
  }
  return played;
}

/** A prime, so that steps of this length meet every way and every call in turn. */
const SHORT_STEP = 67;

/** Answers how many AWS calls it made. */
async function play(
  outputs: Outputs,
  { name, vault, run }: Scenario,
  disturbance: Disturbance,
): Promise<number> {
  const world = await openVault(outputs.canaries, vault);
  const watched = new Watched(world, outputs, `${name}, ${disturbance.name}`);
  try {
    disturbance.prepare(watched);
    await run(watched);
    return world.aws.calls.length;
  } finally {
    await watched.close();
  }
}

function* disturbances(calls: number, seed: number): Generator<Disturbance> {
  for (const echo of ECHOES) {
    const name = `Amplitude repeats the request with ${echo.status} as ${echo.type}`;
    yield { name, prepare: ({ world }) => void Object.assign(world.amplitude, { echo }) };
  }
  for (const [index, { name }] of waysToFail('').entries()) {
    for (let nth = 1; nth <= calls; nth += 1) {
      for (const when of MOMENTS) {
        yield {
          name: `call ${nth} ends with "${name}" ${when} its effect (seed ${seed})`,
          prepare({ world, canaries }) {
            const quoted = canaries.all.map(({ key }) => key).join(' ');
            const { error } = waysToFail(quoted)[index] ?? {};
            if (error) world.aws.faults.fail('*', { nth, when, error });
          },
        };
      }
    }
  }
}
