import { KeysError } from '../errors.ts';
import { currentOf, DAY, documentOf, incumbentIn, promotedAt } from '../key-state.ts';
import { isCompromised } from '../labels.ts';
import { explain } from '../verdict.ts';
import { currentCheck } from './check.ts';
import type { Finding } from './finding.ts';
import { command, keyOf } from './notices.ts';
import type { Sighting } from './sighting.ts';

/** Days without an answer about a key that is asked about daily. */
const UNVERIFIED_AFTER = 3 * DAY;

export function currentKey(sighting: Sighting): Finding | undefined {
  const key = keyOf(sighting);
  const current = currentOf(sighting.facts);
  const reading = current?.reading;
  if (!current || !reading || reading instanceof KeysError || reading.content === 'empty') {
    const happened = `${key} has no current value.`;
    return { code: 'no-current-key', about: 'none', happened, todo: 'Put a value, then rotate.' };
  }
  const about = current.versionId;
  if (reading.content === 'malformed') {
    const happened = `The current value of ${key} can't be understood: ${reading.reason}.`;
    const todo = 'Put a value of the form {"apiKey":"…"} by hand.';
    return { code: 'no-current-key', about, happened, todo };
  }
  const held = incumbentIn(sighting.facts)?.held ?? [];
  if (reading.content === 'key' || held.length === 0) return undefined;
  const happened = `The placeholder is the current value of ${key} again, although it held keys: consumers read no key.`;
  const todo = `Stage a key and rotate now: ${command(sighting, 'stage')}`;
  return { code: 'placeholder-is-back', about, happened, todo, againAfterDays: 1 };
}

export function rejectedCurrent(sighting: Sighting): Finding | undefined {
  const check = currentCheck(sighting);
  if (check?.word !== 'rejected') return undefined;
  const verdict = sighting.verdicts.get(check.id);
  const answer = verdict?.word === 'rejected' ? `: ${explain(verdict).explanation}` : '';
  return {
    code: 'current-key-rejected',
    about: check.id,
    happened: `Amplitude does not accept the current key ${check.id} of ${keyOf(sighting)}${answer}. Consumers lose events.`,
    todo: `Look with ${command(sighting, 'verify')}, then stage a key that works and rotate.`,
    againAfterDays: 1,
  };
}

/** A revocation that found no standby key, or died before it promoted one. */
export function compromisedCurrent(sighting: Sighting): Finding | undefined {
  const current = currentOf(sighting.facts);
  if (!current?.labels.some(isCompromised)) return undefined;
  return {
    code: 'current-key-compromised',
    about: current.versionId,
    happened: `The current key of ${keyOf(sighting)} was declared compromised and is not replaced: consumers still read it.`,
    todo: `Stage a key, then finish it: ${command(sighting, 'revoke')} --reason "…"`,
    againAfterDays: 1,
  };
}

/** Asked every sweep by then, and no answer: the check may not be enabled, or something blocks it. */
export function unverifiedCurrent(sighting: Sighting): Finding | undefined {
  const { facts, now, verdicts } = sighting;
  const current = documentOf(currentOf(facts));
  const since = currentCheck(sighting)?.at ?? promotedAt(facts);
  if (!current || !since || now.getTime() - since.getTime() < UNVERIFIED_AFTER) return undefined;
  const { fingerprint } = current.value;
  const verdict = verdicts.get(fingerprint);
  const { explanation, remedy } = verdict ? explain(verdict) : NOT_ASKED;
  return {
    code: 'current-key-unverified',
    about: fingerprint,
    happened: `Amplitude gave no clear answer about the current key ${fingerprint} of ${keyOf(sighting)} since ${since.toISOString()}: ${explanation}.`,
    todo: `${remedy ?? 'Look why'}: ${command(sighting, 'verify')}`,
  };
}

const NOT_ASKED = { explanation: 'it could not be asked', remedy: undefined };

export function putByHand(sighting: Sighting): Finding | undefined {
  const current = currentOf(sighting.facts);
  const document = documentOf(current);
  if (!current || !document || document.held !== undefined) return undefined;
  return {
    code: 'put-by-hand',
    about: current.versionId,
    happened: `The current key ${document.value.fingerprint} of ${keyOf(sighting)} was put by hand, without Amplitude's verdict and without its history.`,
    todo: 'If nobody of yours put it, treat it as an incident. The next rotation restores the history.',
    againAfterDays: 365,
  };
}
