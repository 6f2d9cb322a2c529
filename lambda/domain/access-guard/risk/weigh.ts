import { isIdentityCenter } from '../call.ts';
import type { Judged } from '../judge.ts';
import type { Baseline, Doings } from './ports.ts';
import type { Risk, Sequence } from './risk.ts';
import { riskOf, riskOfStep } from './score.ts';
import { sequenceWith } from './sequences.ts';
import { keptSteps, keyText, type Step, stepIn, stepOf, stepText } from './steps.ts';
import { bounded, dayOf } from './traits.ts';
import { type Use, useOf, type Weighing } from './use.ts';
import { daysOfReads, familiarityOf } from './usual.ts';

/** What one principal did in a batch: a use of a key, a step of a sequence, or both. */
export interface Doing {
  readonly judged: Judged;
  readonly step?: Step;
}

export interface Weighed {
  readonly judged: Judged;
  readonly use: Use;
  readonly risk: Risk;
}

/** Undefined of what this stack did, and of what is neither use nor step. */
export function doingOf(judged: Judged, weighing: Weighing): Doing | undefined {
  if (judged.verdict === 'own') return undefined;
  const step = stepOf(judged.case, weighing);
  if (!step && !isUse(judged)) return undefined;
  return { judged, ...(step ? { step } : {}) };
}

/** What AWS refused teaches nothing, and is told by a rule. */
const isUse = ({ case: { call, subject } }: Judged) =>
  !call.error && !call.signInFailed && ['read', 'sign-in'].includes(subject.of);

/** As the baseline is to keep it. */
export function doingsOf(all: readonly Doing[], now: Date): Doings {
  const reads = new Map<number, number>();
  const steps = new Set<string>();
  for (const { judged, step } of all) {
    if (step) steps.add(stepText(step));
    if (step?.kind !== 'read') continue;
    const { call, key } = judged.case;
    const day = dayOf(call.at);
    reads.set(day, (reads.get(day) ?? 0) + 1);
    if (key !== undefined) steps.add(keyText(bounded(key), day));
  }
  return { reads, steps: keptSteps([...steps], now) };
}

/** @param baseline which has these doings in it */
export function weigh(
  all: readonly Doing[],
  baseline: Baseline,
  weighing: Weighing,
): readonly Weighed[] {
  const others = otherSteps(all, baseline);
  return all.flatMap(({ judged, step }) => {
    const use = useOf(judged.case, baseline, weighing);
    const isNew = (read: Step) => isNewTo(use, read, weighing);
    const sequence = step ? sequenceWith(step, others, isNew) : undefined;
    const risk = riskIn(judged, use, sequence, weighing);
    return risk ? [{ judged, use, risk }] : [];
  });
}

function riskIn(judged: Judged, use: Use, sequence: Sequence | undefined, weighing: Weighing) {
  if (isUse(judged)) return riskOf(use, sequence, weighing);
  return sequence ? riskOfStep(sequence, use.isLearning) : undefined;
}

/** A read of this batch tells its sequences itself; of an earlier one whatever completes them. */
function otherSteps(all: readonly Doing[], { steps }: Baseline): Step[] {
  const reads = all.flatMap(({ step }) => (step?.kind === 'read' ? stepText(step) : []));
  const here = new Set(reads);
  return steps.flatMap((text) => (here.has(text) ? [] : (stepIn(text) ?? [])));
}

/**
 * Of a new reader every network is new, and of one that comes from anywhere many are. People with a
 * second factor or of Identity Center take the console along to every hotel, which lists, describes and
 * reads by itself: only a country is new to them.
 */
function isNewTo(use: Use, { at, detail }: Step, { rules }: Weighing): boolean {
  const { baseline, grant, roams, country, case: found } = use;
  const day = dayOf(new Date(at));
  const isLearning = daysOfReads(baseline, day) < rules.learningDays && grant?.is !== 'none';
  if (isLearning || familiarityOf(baseline, `place ${detail}`, day) !== 'new') return false;
  const goesAbout = roams || found.call.mfa === 'yes' || isIdentityCenter(found.call);
  return !goesAbout || country === 'new';
}
