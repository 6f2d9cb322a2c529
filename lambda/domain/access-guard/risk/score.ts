import type { RiskWeights } from '../../../contract.ts';
import { behaviourOf } from './behaviour.ts';
import { deviceOf } from './device.ts';
import { locationOf } from './location.ts';
import type { Factor, Risk, Sequence } from './risk.ts';
import type { Use, Weighing } from './use.ts';
import { familiarityOf } from './usual.ts';

export function riskOf(use: Use, sequence: Sequence | undefined, weighing: Weighing): Risk {
  const factors = {
    device: deviceOf(use, weighing),
    location: locationOf(use, weighing),
    behaviour: behaviourOf(use),
  };
  const { traits, baseline, day, place, isLearning } = use;
  return {
    score: Math.max(meanOf(factors, weighing.rules.weights), sequence?.score ?? 0),
    ...factors,
    ...(sequence ? { sequence } : {}),
    isLearning,
    ...(isLearning || place === undefined ? {} : { isUsualPlace: place === 'usual' }),
    ...(traits.session === undefined
      ? {}
      : { isUsualSession: familiarityOf(baseline, traits.session, day) !== 'new' }),
  };
}

/** Only reads and sign-ins are compared with earlier ones. */
const NOT_COMPARED: Factor = { reasons: [] };

/** Of what is no use of a key, and suspicious for what it is a step of. */
export const riskOfStep = (sequence: Sequence, isLearning: boolean): Risk => ({
  score: sequence.score,
  device: NOT_COMPARED,
  location: NOT_COMPARED,
  behaviour: NOT_COMPARED,
  sequence,
  isLearning,
});

/** What a neutral factor would weigh, the others weigh more. */
function meanOf(
  factors: Readonly<Record<keyof RiskWeights, Factor>>,
  weights: RiskWeights,
): number {
  const names = ['device', 'location', 'behaviour'] as const;
  const told = names.map((name) => ({ weight: weights[name], score: factors[name].score }));
  const counted = told.filter(({ score }) => score !== undefined);
  const whole = counted.reduce((sum, { weight }) => sum + weight, 0);
  const sum = counted.reduce((all, { weight, score = 0 }) => all + weight * score, 0);
  return whole === 0 ? 0 : Math.round(sum / whole);
}
