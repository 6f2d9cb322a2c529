import type { Answer } from './answer/answer.ts';
import type { Risk } from './risk/risk.ts';
import { type Case, type FindingKind, type Judging, RULES } from './rules.ts';

/** `own`: of this stack; `unjudged`: nothing was found, and not all could be looked at. */
export type VerdictWord = 'ok' | 'own' | 'suspicious' | 'unjudged';

export interface Finding {
  readonly rule: FindingKind;
  readonly reason: string;
  /** Of the same rule and principal another grade is told although the first was. */
  readonly grade?: string;
}

export interface Judged {
  readonly case: Case;
  readonly verdict: VerdictWord;
  readonly findings: readonly Finding[];
  /** Absent of what isn't weighed, and where not all was known that it takes. */
  readonly risk?: Risk;
  readonly answer?: Answer;
}

/** @param isComplete whether all was known that the rules ask for */
export function judge(one: Case, judging: Judging, isComplete: boolean): Judged {
  if (isOwn(one, judging)) return { case: one, verdict: 'own', findings: [] };
  const findings = RULES.flatMap((rule) => {
    const reason = rule.reason(one, judging);
    return reason === undefined ? [] : [{ rule, reason }];
  });
  if (findings.length > 0) return { case: one, verdict: 'suspicious', findings };
  return { case: one, verdict: isComplete ? 'ok' : 'unjudged', findings };
}

/** Looked at by no rule. */
export const unseen = (one: Case): Judged => ({ case: one, verdict: 'ok', findings: [] });

/**
 * Whether a role of this stack did what it is there for. Nothing of it changes a trail, only the
 * emergency turns the CMK off, and CloudFormation may do neither unseen.
 */
export function isOwn(
  { call, subject }: Pick<Case, 'call' | 'subject'>,
  { roles }: Pick<Judging, 'roles'>,
): boolean {
  const { principal } = call;
  if (subject.of === 'trail') return false;
  if (['DisableKey', 'ScheduleKeyDeletion'].includes(call.name)) {
    return call.name === 'DisableKey' && principal === roles.emergency;
  }
  return roles.functions.includes(principal) || (roles.deploy !== '' && principal === roles.deploy);
}
