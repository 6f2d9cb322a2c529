import type { ProofOptions } from '../proof.ts';
import { COMMAND_SCENARIOS } from './command-lines.ts';
import { type Disturbance, disturbancesOf, spread, UNDISTURBED } from './disturbances.ts';
import type { Outputs } from './outputs.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { openVault } from './vault.ts';
import { Watched } from './watched.ts';

/** Disturbances of each scenario in the part for every commit. */
const A_FEW = 4;

/** Plays every scenario undisturbed, and disturbed; answers how often it was. */
export async function searchPlayed(
  outputs: Outputs,
  { seed, size, progress }: ProofOptions,
): Promise<number> {
  let disturbed = 0;
  for (const scenario of [...SCENARIOS, ...COMMAND_SCENARIOS]) {
    progress(scenario.name);
    const calls = await play(outputs, scenario, UNDISTURBED);
    if (scenario.alone) continue;
    const all = disturbancesOf(calls, seed);
    for (const disturbance of size === 'long' ? all : spread(all, A_FEW, seed + disturbed)) {
      progress(`${scenario.name}, ${disturbance.name}`);
      await play(outputs, scenario, disturbance);
      disturbed += 1;
    }
  }
  return disturbed;
}

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
