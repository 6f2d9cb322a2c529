import fc from 'fast-check';
import type { Outcome, Proof, ProofOptions, Violation } from '../proof.ts';
import { type Played, play } from './play.ts';
import { shrink } from './shrink.ts';
import { told } from './step.ts';
import { type Script, scripts } from './steps.ts';
import { together } from './tally.ts';

const YEARS = 10;
/** More than ten years have room for. */
const STEPS = 1_400;
const RUNS = { short: 2, long: 30 } as const;
const SHRINKING_MS = 60_000;

export const simulation: Proof = {
  name: 'simulation',
  about: 'ten years of operators, outages, faults and leaks, checked after every step',
  async run(options: ProofOptions): Promise<Outcome> {
    const { seed, size, progress } = options;
    const runs = fc.sample(scripts(STEPS), { seed, numRuns: RUNS[size] });
    const played: Played[] = [];
    const violations: Violation[] = [];
    for (const [index, script] of runs.entries()) {
      progress(`run ${index + 1} of ${runs.length}`);
      const run = await play(script, YEARS);
      played.push(run);
      if (!run.broken || violations.some(({ promise }) => promise === run.broken?.promise))
        continue;
      violations.push(await violationOf(script, run, seed, progress));
    }
    return outcomeOf(played, [...violations, ...idle(played)]);
  },
};

/** What has to happen in ten years, or nothing was proved by them. */
const WANTED = [
  'promoted by rotation',
  'rotations by the schedule',
  'retained',
  'retired',
  'revoke done',
  'promoted by emergency',
  'lockdown done',
  'unlock done',
  'rollback done',
] as const;

export function idle(played: readonly Played[]): Violation[] {
  const { counts } = together(played.map(({ tally }) => tally));
  const missing = WANTED.filter((what) => !counts[what]);
  if (missing.length === 0) return [];
  return [
    {
      promise: 'In the simulated years everything happens that is promised about.',
      how: `It never came to: ${missing.join(', ')}.`,
    },
  ];
}

async function violationOf(
  script: Script,
  run: Played,
  seed: number,
  progress: (text: string) => void,
): Promise<Violation> {
  const deadline = performance.now() + SHRINKING_MS;
  progress('shrinking what was found');
  const isOver = () => performance.now() > deadline;
  const { broken, steps } = await shrink(script, run, isOver);
  const { promise = '', how = '' } = broken ?? {};
  const { takesPendingOff, retain, rotate, verification } = script.setting;
  const lines = [
    how,
    `Seen after ${steps.length} of ${run.steps.length} steps (retention ${retain} days, rotation every ${rotate}, ${verification}, AWSPENDING ${takesPendingOff ? 'taken off by the service' : 'left on'}):`,
    ...steps.map((step, index) => `${index + 1}. ${told(step)}`),
    `Again: npm run prove -- simulation --seed ${seed}`,
  ];
  return { promise, how: lines.join('\n') };
}

/** Of all that is counted. */
const SUMMED = {
  sweeps: 'sweeps',
  rotations: 'promoted by rotation',
  retirements: 'retired',
  revocations: 'revoke done',
  lockdowns: 'lockdown done',
  rollbacks: 'rollback done',
} as const;

function outcomeOf(played: readonly Played[], violations: Violation[]): Outcome {
  const { counts, checked } = together(played.map(({ tally }) => tally));
  const years = Math.round(played.reduce((sum, run) => sum + run.years, 0));
  const steps = played.reduce((sum, run) => sum + run.steps.length, 0);
  const figures = Object.fromEntries(
    Object.entries({ runs: played.length, years, steps, promises_checked: checked, ...counts }).map(
      ([name, value]) => [name.replaceAll(/[^a-z]+/g, '_'), value],
    ),
  );
  const told = Object.entries(SUMMED)
    .map(([word, what]) => `${counts[what] ?? 0} ${word}`)
    .join(', ');
  return {
    summary: `${played.length} runs, ${years} years, ${steps} steps (${told}), ${checked} promises checked, ${violations.length} violations`,
    figures,
    violations,
  };
}
