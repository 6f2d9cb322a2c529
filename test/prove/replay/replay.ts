import '../powertools.ts';
import type { Outcome, Proof, ProofOptions, Violation } from '../proof.ts';
import { ATTACK_KINDS } from './attacks.ts';
import { withCountries } from './countries.ts';
import { type Judgement, judge } from './judge.ts';
import { type PlayOptions, play } from './play.ts';
import { figuresOf, rowsOf, summaryOf } from './told.ts';
import { complaintsOf } from './violations.ts';

/**
 * The guard's points were tuned by the seeds 1 to 6 and 92. The default of `npm run prove`, 90, was
 * played once they stood; what has changed since can only lower scores, and 93 to 95 were played after
 * that.
 */
const SIZES = {
  short: { scale: 0.15, kept: 0.005, gatherHours: 6, attacks: [2, 2] },
  long: { scale: 1, kept: 0.02, gatherHours: 1, attacks: [3, 5] },
} as const;

/** With a database of countries, and, in the long search, once more without. */
export const replay: Proof = {
  name: 'replay',
  about: `a day of 100,000 CloudTrail events with attacks of ${ATTACK_KINDS.length} kinds among them, judged by the access guard`,
  async run({ seed, size, progress }: ProofOptions): Promise<Outcome> {
    const options = (what: string): PlayOptions => ({
      seed,
      ...SIZES[size],
      progress: (text) => progress(`${what}: ${text}`),
    });
    const judgements = new Map<string, Judgement>();
    const known = await withCountries((geoDatabase) =>
      play({ ...options('with countries'), geoDatabase }),
    );
    judgements.set('with countries', judge(known));
    if (size === 'long') {
      judgements.set('without countries', judge(await play(options('without countries'))));
    }
    return outcomeOf(judgements, seed);
  },
};

export function outcomeOf(judgements: ReadonlyMap<string, Judgement>, seed: number): Outcome {
  const violations = [...judgements].flatMap(([what, judgement]): Violation[] =>
    complaintsOf(judgement).map(({ promise, how }) => ({
      promise,
      how: `${how}\n${what}; again: npm run prove -- replay --seed ${seed}`,
    })),
  );
  return {
    summary: summaryOf(judgements),
    rows: rowsOf(judgements),
    figures: figuresOf(judgements),
    violations,
  };
}
