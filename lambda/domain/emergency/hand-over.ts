import type { Promotion } from '../hand-over/hand-over.ts';
import { isGranted, isLocked, named, servicesOf } from '../hand-over/services.ts';
import type { KeyFacts } from '../key-facts.ts';
import { currentOf, documentOf } from '../key-state.ts';
import type { StagedKey } from '../ports.ts';
import type { Step } from './step.ts';
import { leakedVersionId, type Subject, tokenOf } from './subject.ts';

/** Comes once Revoke was asked for and all is written down: nothing waits for ECS with that. */
export function handOverStep(facts: KeyFacts, promotion: Promotion, now: Date): Step {
  return {
    what: `Hand over key ${promotion.fingerprint}: ${restarts(facts, now)}the event "Amplitude Key Rotated"`,
    acts: [{ do: 'hand-over', facts, promotion }],
  };
}

/** Of the key that a revocation promotes, or promoted before it died. */
export function handOverRevoked(
  facts: KeyFacts,
  subject: Subject,
  standby: StagedKey | undefined,
  now: Date,
): Step[] {
  const current = currentOf(facts);
  const fingerprint = standby?.value.fingerprint ?? documentOf(current)?.value.fingerprint ?? '';
  const versionId = tokenOf(leakedVersionId(subject), fingerprint);
  const moved = standby !== undefined;
  if (!moved && current?.versionId !== versionId) return [];
  return [handOverStep(facts, { versionId, fingerprint, by: 'revoke', moved }, now)];
}

function restarts({ managed, secret }: KeyFacts, now: Date): string {
  const services = servicesOf(managed, now);
  if (services.length === 0) return '';
  return isLocked(secret)
    ? `no restart of ${named(services)} while reads are locked down, `
    : `restart ${named(services)}, `;
}

/** What has to be restarted by somebody else, as a sentence. */
export function restartsLeft({ managed, secret }: KeyFacts, now: Date): string {
  const services = servicesOf(managed, now);
  if (services.length === 0) return 'Restart consumers that read the key when they start.';
  const here = isLocked(secret)
    ? `${named(services)} waits until the lockdown is lifted, and is then restarted by the hourly sweep`
    : `${named(services)} is restarted by this, which takes minutes; npx keyctl status --env ${managed.environment} --key ${managed.name} tells when it has the key`;
  const byThemselves = managed.consumers.every((one) => one.service && isGranted(one, now));
  return byThemselves
    ? `${here}.`
    : `${here}. Restart the other consumers that read the key when they start.`;
}
