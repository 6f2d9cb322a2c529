import '../powertools.ts';
import type { Outcome, Proof, ProofOptions } from '../proof.ts';
import { WAYS } from './calls.ts';
import { PAIRS } from './pairs.ts';
import { SCENARIOS } from './scenarios.ts';
import { schedulesOf } from './schedules.ts';
import { type Searched, searchCrashes, searchTogether } from './search.ts';

/** Whether the service takes AWSPENDING off: sources disagree, so both are played. */
const settingsOf = ({ size, seed }: ProofOptions) =>
  [false, true]
    .filter((takesPendingOff) => size === 'long' || takesPendingOff === (seed % 2 === 1))
    .map((takesPendingOff) => ({ takesPendingOff }));

export const crashes: Proof = {
  name: 'crashes',
  about: 'every AWS and Amplitude call fails in three ways and is run again; two things at once',
  async run(options: ProofOptions): Promise<Outcome> {
    const crashed: Searched[] = [];
    const together: Searched[] = [];
    for (const setting of settingsOf(options)) {
      for (const scenario of SCENARIOS) {
        options.progress(`${countOf(crashed)} crash points, ${scenario.name}`);
        crashed.push(await searchCrashes(scenario, setting));
      }
      for (const pair of PAIRS) {
        options.progress(`${countOf(together)} interleavings, ${pair.name}`);
        const schedules = (calls: Parameters<typeof schedulesOf>[0]) => schedulesOf(calls, options);
        together.push(await searchTogether(pair, setting, schedules));
      }
    }
    const violations = [...crashed, ...together].flatMap((one) => one.violations);
    const points = countOf(crashed);
    const interleavings = countOf(together);
    return {
      summary: `${points} crash points × ${WAYS.length}, ${violations.length} violations; ${interleavings} interleavings`,
      figures: { crash_points: points, ways: WAYS.length, interleavings },
      violations,
    };
  },
};

const countOf = (all: readonly Searched[]) => all.reduce((sum, { count }) => sum + count, 0);
