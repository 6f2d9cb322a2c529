import { DAY, HOUR } from '../../key-state.ts';
import type { Sequence } from './risk.ts';
import { NEAR, type Step, type StepKind } from './steps.ts';

interface Row {
  readonly code: string;
  /** 0–100 */
  readonly score: number;
  readonly steps: readonly StepKind[];
  /** Milliseconds from the first to the last. */
  readonly within: number;
  /** Only where the read came from a network that its principal never had. */
  readonly isFromAfar?: boolean;
  /** @param span in words */
  reason(first: Step, span: string): string;
}

/** What one principal did one after the other, worst first. */
const ROWS: readonly Row[] = [
  {
    code: 'blinded-trail',
    score: 95,
    steps: ['trail', 'read'],
    within: DAY,
    reason: ({ detail }, span) => `a key was read ${span} after ${detail} of a CloudTrail trail`,
  },
  {
    code: 'looked-around',
    score: 85,
    steps: ['list', 'look', 'read'],
    within: HOUR,
    isFromAfar: true,
    reason: (_, span) =>
      `within ${span} secrets were listed, one was described, and one was read from a new place`,
  },
  {
    code: 'opened-policy',
    score: 85,
    steps: ['policy', 'read'],
    within: DAY,
    reason: ({ detail }, span) => `a key was read ${span} after ${detail}`,
  },
  {
    code: 'signed-in-without-mfa',
    score: 75,
    steps: ['login', 'read'],
    within: 12 * HOUR,
    reason: (_, span) => `a key was read ${span} after a sign-in without MFA`,
  },
  {
    code: 'trail-changed',
    score: 60,
    steps: ['trail'],
    within: 0,
    reason: ({ detail }) => `${detail} of a CloudTrail trail: what follows may be unseen`,
  },
];

/**
 * The worst sequence that a step is part of, whichever of its steps arrived last.
 * @param others the same principal's, in any order
 * @param isNew whether a network is a new one at the time of a read
 */
export function sequenceWith(
  step: Step,
  others: readonly Step[],
  isNew: (read: Step) => boolean,
): Sequence | undefined {
  for (const row of ROWS) {
    const chain = chainOf(row, step, others, isNew);
    const [first] = chain ?? [];
    if (!first || !chain) continue;
    const { code, score, steps } = row;
    const reason = row.reason(first, spanOf(chain));
    return { code, score, reason, hasRead: steps.includes('read') };
  }
  return undefined;
}

/** The shortest one: before the step the latest, after it the earliest of each kind. */
function chainOf(
  row: Row,
  step: Step,
  others: readonly Step[],
  isNew: (read: Step) => boolean,
): Step[] | undefined {
  const index = row.steps.indexOf(step.kind);
  const fits = ({ kind, detail, ...rest }: Step) =>
    kind !== 'read' || !row.isFromAfar || (detail !== NEAR && isNew({ kind, detail, ...rest }));
  if (index < 0 || !fits(step)) return undefined;
  const candidates = others.filter(fits).sort((one, other) => one.at - other.at);
  const chain = [step];
  for (const kind of row.steps.slice(0, index).reverse()) {
    const before = candidates.findLast((one) => one.kind === kind && one.at <= startOf(chain));
    if (!before) return undefined;
    chain.unshift(before);
  }
  for (const kind of row.steps.slice(index + 1)) {
    const after = candidates.find((one) => one.kind === kind && one.at >= endOf(chain));
    if (!after) return undefined;
    chain.push(after);
  }
  return endOf(chain) - startOf(chain) <= row.within ? chain : undefined;
}

const startOf = (chain: readonly Step[]) => chain[0]?.at ?? 0;
const endOf = (chain: readonly Step[]) => chain.at(-1)?.at ?? 0;

function spanOf(chain: readonly Step[]): string {
  const minutes = Math.round((endOf(chain) - startOf(chain)) / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
