import type { Answer } from './answer.ts';

/** What is new about a risk by what was done about it: told although the same risk was told before. */
export interface News {
  /** What it is remembered by. */
  readonly id: string;
  /** In place of the rule's. */
  readonly headline: string;
  /** As rare as quarantines and revocations may be, and to be known however much else is told. */
  readonly isUrgent: boolean;
}

export function newsOf({ word, quarantine, isRevoked, isHeldBack }: Answer): News | undefined {
  const revoked = isRevoked ? ' revoked' : '';
  if (word === 'quarantined' && quarantine) {
    const id = `quarantined ${quarantine.id} ${quarantine.at}${revoked}`;
    return { id, headline: 'a reader was quarantined', isUrgent: true };
  }
  if (isRevoked) return { id: 'revoked', headline: 'it is being revoked', isUrgent: true };
  if (isHeldBack) {
    return { id: 'held back', headline: 'no more readers can be quarantined', isUrgent: false };
  }
  return undefined;
}
