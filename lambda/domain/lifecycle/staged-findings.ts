import { KeysError } from '../errors.ts';
import { refusalOf } from '../key-state.ts';
import { explain } from '../verdict.ts';
import type { Finding } from './finding.ts';
import { command, keyOf } from './notices.ts';
import { type Sighting, wasRejected } from './sighting.ts';

export const STAGED_REFUSED = 'staged-key-refused';

/** Rejected before, and no other answer of Amplitude since. */
export function isStagedUndecided(sighting: Sighting): boolean {
  const { facts, verdicts } = sighting;
  if (facts.staged instanceof KeysError) return true;
  const [only, ...others] = facts.staged;
  if (!only || others.length > 0) return false;
  return wasRejected(sighting, only) && verdicts.get(only.value.fingerprint)?.word !== 'accepted';
}

export function refusedStaged(sighting: Sighting): Finding | undefined {
  const { facts, verdicts } = sighting;
  if (facts.staged instanceof KeysError) return undefined;
  const [only, ...others] = facts.staged;
  if (!only) return undefined;
  const code = STAGED_REFUSED;
  const key = keyOf(sighting);
  const unstage = command(sighting, 'unstage');
  if (others.length > 0) {
    const happened = `${facts.staged.length} keys are staged for ${key}, and a rotation takes only one.`;
    return { code, about: 'several', happened, todo: `Take all but one back: ${unstage}` };
  }
  const refusal = refusalOf(facts, only);
  const about = only.value.fingerprint;
  if (refusal) return { code, about, happened: refusal.message, todo: `Take it back: ${unstage}` };
  const verdict = verdicts.get(about);
  if (verdict?.word !== 'rejected') return undefined;
  return {
    code,
    about,
    happened: `Amplitude does not accept the key staged for ${key} (${about}, "${only.name ?? 'unnamed'}"): ${explain(verdict).explanation}.`,
    todo: `Take it back (${unstage}) and stage another.`,
  };
}
