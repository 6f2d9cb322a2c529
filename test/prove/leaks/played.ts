import type { ProofOptions } from '../proof.ts';
import { COMMAND_SCENARIOS } from './command-lines.ts';
import { type Disturbance, disturbancesOf, spread, UNDISTURBED } from './disturbances.ts';
import type { Outputs } from './outputs.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { openVault } from './vault.ts';
import { Watched } from './watched.ts';

/**
 * At most so many disturbances of each scenario. The long search has all of a rotation or a revocation,
 * and of a sweep and of keyctl, which make far more calls, others with each seed.
 */
const MOST = {
  short: { functions: 4, commands: 4 },
  long: { functions: 600, commands: 100 },
} as const;

/** Plays every scenario undisturbed, and disturbed; answers how often it was. */
export async function searchPlayed(
  outputs: Outputs,
  { seed, size, progress }: ProofOptions,
): Promise<number> {
  const { functions, commands } = MOST[size];
  const played = [
    ...SCENARIOS.map((scenario) => ({ scenario, most: functions })),
    ...COMMAND_SCENARIOS.map((scenario) => ({ scenario, most: commands })),
  ];
  let disturbed = 0;
  for (const { scenario, most } of played) {
    progress(scenario.name);
    const calls = await play(outputs, scenario, UNDISTURBED);
    if (scenario.alone) continue;
    for (const disturbance of spread(disturbancesOf(calls, seed), most, seed + disturbed)) {
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
