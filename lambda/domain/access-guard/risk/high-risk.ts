import type { GuardRules } from '../../../contract.ts';
import type { Finding } from '../judge.ts';
import type { FindingKind } from '../rules.ts';
import type { Factor, Risk } from './risk.ts';

export const HIGH_RISK: FindingKind = {
  code: 'high-risk',
  look: "Is it the reader that it seems to be, after a change of its own? Then its new addresses belong in ownRanges of the configuration, or it needs a grant. If nobody knows it, the key has leaked: the README's emergency.",
};

/** Undefined of what isn't high, and of a changed trail, which is told as that. */
export function highRisk(risk: Risk, rules: GuardRules): Finding | undefined {
  const { score, sequence } = risk;
  if (score < rules.notifyAt || sequence?.hasRead === false) return undefined;
  const level = score >= rules.quarantineAt ? 'high' : 'raised';
  const grade = sequence ? `${level} ${sequence.code}` : level;
  return { rule: HIGH_RISK, reason: wordsOf(risk), grade };
}

function wordsOf({ score, sequence, ...factors }: Risk): string {
  const parts = [
    ...(sequence ? [sequence.reason] : []),
    ...(['device', 'location', 'behaviour'] as const)
      .filter((name) => factors[name].reasons.length > 0)
      .map((name) => told(name, factors[name])),
  ];
  return `risk ${score} of 100: ${parts.join('; ')}`;
}

const told = (name: string, { score, reasons }: Factor) =>
  `${name} ${score ?? 'not weighed'} (${reasons.join(', ')})`;
