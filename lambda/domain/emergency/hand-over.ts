import type { Promotion } from '../hand-over/hand-over.ts';
import { isGranted, isLocked, named, servicesOf } from '../hand-over/services.ts';
import type { KeyFacts } from '../key-facts.ts';
import type { Step } from './step.ts';

/** Comes once Revoke was asked for: nobody waits for a restart with that. */
export function handOverStep(facts: KeyFacts, promotion: Promotion, now: Date): Step {
  return {
    what: `Hand over key ${promotion.fingerprint}: ${restarts(facts, now)}the event "Amplitude Key Rotated"`,
    acts: [{ do: 'hand-over', facts, promotion }],
  };
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
