import type { GuardRules } from '../../../contract.ts';
import type { Judged } from '../judge.ts';
import type { Risk } from '../risk/risk.ts';

/** How far the answer to a use may go by its score, before it is asked who it was. */
export type Step =
  | { readonly to: 'record' | 'quarantine' }
  /** `why` no quarantine, in words. */
  | { readonly to: 'notify'; readonly why: string };

/** What has a risk. */
export interface Assessed extends Judged {
  readonly risk: Risk;
}

export type Thresholds = Pick<GuardRules, 'notifyAt' | 'quarantineAt'>;

/** Nobody is quarantined untold, so a threshold of quarantines below that of notices has no effect. */
export function stepOf(judged: Judged, { notifyAt, quarantineAt }: Thresholds): Step {
  const score = judged.risk?.score ?? 0;
  if (score < notifyAt) return { to: 'record' };
  if (score < quarantineAt)
    return { to: 'notify', why: `a quarantine takes a risk of ${quarantineAt}` };
  return hasEntered(judged) ? { to: 'quarantine' } : { to: 'notify', why: NOT_ENTERED };
}

const NOT_ENTERED = 'only who has read a key or signed in is quarantined';

/**
 * A change alone shows no key to anybody, unless it is the step of a sequence that arrived after its
 * read. What failed is out of reach already.
 */
function hasEntered({ case: { call, subject }, risk }: Judged): boolean {
  if (call.error || call.signInFailed) return false;
  return subject.of === 'read' || subject.of === 'sign-in' || risk?.sequence?.hasRead === true;
}
