import type { KeyDocument } from '../key-document.ts';
import { awaitingRevocationLabel, isAwaitingRevocation, isRetained } from '../labels.ts';
import { moves } from '../lifecycle/action.ts';
import { formatAwaiting } from '../lifecycle/notes.ts';
import type { LabelMove } from '../ports.ts';
import type { Act } from './step.ts';

/** The next label comes first: a version without one is gone from sight. */
export function takeFromReaders(
  from: string,
  labels: readonly string[],
  /** Another key is current by then, so that AWSPREVIOUS has come to this one. */
  replaced: boolean,
): readonly Act[] {
  const reading = labels.filter((label) => label === 'AWSPENDING' || isRetained(label));
  const previous = replaced || labels.includes('AWSPREVIOUS') ? ['AWSPREVIOUS'] : [];
  const off = [...reading, ...previous].map((label): LabelMove => ({ label, from }));
  const awaiting = { label: awaitingRevocationLabel(from), to: from };
  return [
    ...moves([...(labels.some(isAwaitingRevocation) ? [] : [awaiting]), ...off]),
    { do: 'clear', versionId: from },
  ];
}

/** For the sweep that proves its end; `revoked` once nothing is left to be done here. */
export const awaitingNote = (document: KeyDocument | undefined, since: Date, revoked = false) =>
  formatAwaiting({
    since,
    asked: revoked,
    told: 0,
    revoked,
    ...(document ? { fingerprint: document.value.fingerprint } : {}),
  });
