import type { KeyDocument } from '../key-document.ts';
import type { KeyFacts } from '../key-facts.ts';
import type { StagedKey } from '../ports.ts';
import type { Transition, TransitionWord } from '../transition.ts';
import type { Occasion } from './occasion.ts';
import { tokenOf } from './subject.ts';

/** A line of the audit trail about a version. */
export function lineOf(
  { managed }: Pick<KeyFacts, 'managed'>,
  transition: TransitionWord,
  versionId: string,
  document: Pick<KeyDocument, 'value' | 'name'> | undefined,
  { now, reason, caller }: Occasion,
): Transition {
  return {
    at: now.toISOString(),
    environment: managed.environment,
    key: managed.name,
    transition,
    by: 'emergency',
    versionId,
    ...(document ? { fingerprint: document.value.fingerprint } : {}),
    ...(document?.name ? { name: document.name } : {}),
    detail: `${reason} (claimed by ${caller})`,
  };
}

export function revocationLines(
  facts: KeyFacts,
  document: KeyDocument | undefined,
  versionId: string,
  standby: StagedKey | undefined,
  occasion: Occasion,
): Transition[] {
  const leaked = lineOf(facts, 'compromised', versionId, document, occasion);
  const awaiting = lineOf(facts, 'awaiting-revocation', versionId, document, occasion);
  if (!standby) return [leaked, awaiting];
  const token = tokenOf(versionId, standby.value.fingerprint);
  return [leaked, lineOf(facts, 'promoted', token, standby, occasion), awaiting];
}
