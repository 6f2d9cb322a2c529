import type { Outcome, Proof, ProofOptions } from '../proof.ts';
import { Canaries } from './canary.ts';
import { searchFunctions } from './functions.ts';
import { Outputs } from './outputs.ts';

export const leaks: Proof = {
  name: 'leaks',
  about: 'a key, or a part or an encoding of one, in any output of any path',
  run,
};

async function run(options: ProofOptions): Promise<Outcome> {
  const outputs = new Outputs(new Canaries(options.seed));
  const disturbances = await searchFunctions(outputs, options);
  const { total, leaks: violations, counts } = outputs;
  return {
    summary: `${violations.length} leaks in ${total.toLocaleString('en')} outputs`,
    figures: { leaks: violations.length, outputs: total, disturbances, ...counts },
    violations,
  };
}
