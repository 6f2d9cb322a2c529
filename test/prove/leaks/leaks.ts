import type { Outcome, Proof, ProofOptions } from '../proof.ts';
import { Canaries } from './canary.ts';
import { Outputs } from './outputs.ts';
import { searchPlayed } from './played.ts';
import { searchProcesses } from './processes.ts';
import { searchSynthesis } from './synthesis.ts';

export const leaks: Proof = {
  name: 'leaks',
  about: 'a key, or a part or an encoding of one, in any output of any path',
  run,
};

async function run(options: ProofOptions): Promise<Outcome> {
  const outputs = new Outputs(new Canaries(options.seed));
  const disturbances = await searchPlayed(outputs, options);
  await searchProcesses(outputs, options);
  options.progress('the configuration');
  // aws-cdk-lib takes a second to load: the other proofs don't wait for it
  const { searchConfigurations } = await import('./configuration.ts');
  await searchConfigurations(outputs);
  if (options.size === 'long') {
    options.progress('cdk synth');
    await searchSynthesis(outputs);
  }
  const { total, leaks: violations, counts } = outputs;
  return {
    summary: `${violations.length} leaks in ${total.toLocaleString('en')} outputs`,
    figures: { leaks: violations.length, outputs: total, disturbances, ...counts },
    violations,
  };
}
