import type { EcsService } from '../consumer.ts';
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

/** What is restarted by itself, and what only a person can do: sentences. */
export function restartsLeft(facts: KeyFacts, now: Date): string {
  const { audience, consumers } = facts.managed;
  const services = servicesOf(facts.managed, now);
  const handed = services.length > 0 ? [`${restarted(services, facts)}.`] : [];
  const isAll = services.length > 0 && consumers.every((one) => one.service && isGranted(one, now));
  if (audience === 'browser') return [...handed, embedded(services)].join(' ');
  return [...handed, ...(isAll ? [] : [unhanded(services)])].join(' ');
}

/** Whatever has come of it by now. */
function restarted(services: readonly EcsService[], { managed, secret }: KeyFacts): string {
  if (isLocked(secret))
    return `The hourly sweep restarts ${named(services)} once the lockdown is lifted`;
  const status = `npx keyctl status --env ${managed.environment} --key ${managed.name}`;
  return `This restarts ${named(services)}, which takes minutes, and the hourly sweep takes up what fails of it; who has the key: ${status}`;
}

const embedded = ({ length }: readonly EcsService[]) =>
  `Deploy what ${length > 0 ? 'else ' : ''}embeds the key; each anonymous visitor then gets a new device ID.`;

const unhanded = ({ length }: readonly EcsService[]) =>
  `Restart ${length > 0 ? 'the other ' : ''}consumers that read the key when they start.`;
