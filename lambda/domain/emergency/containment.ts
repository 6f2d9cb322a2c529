import { tag } from '../../contract.ts';
import type { Containment } from '../../payloads.ts';
import { reasonOf } from '../errors.ts';
import type { Clock, Probe, Refusal } from '../ports.ts';
import { type SecretDescription, versionWith } from '../versions.ts';

export interface ProofPorts {
  readonly probe: Probe;
  readonly clock: Clock;
  /** Waits; KMS and policies take a moment. */
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const TRIES = 10;
const BETWEEN_MS = 1_000;

/** A policy denies before anything is decrypted, so a secret that its tag locks tells nothing of the CMK. */
export async function proveByCmk(
  ports: ProofPorts,
  all: readonly SecretDescription[],
): Promise<Containment> {
  if (all.length === 0) {
    return { contained: false, proof: 'There is no secret to try a read on.' };
  }
  const telling = all.find(
    (secret) =>
      secret.tags.get(tag.lockdown) !== 'on' && versionWith(secret, 'AWSCURRENT') !== undefined,
  );
  if (telling) return prove(ports, telling, ['cmk']);
  const proof =
    'The CMK is disabled, but it could not be proved: every secret is locked by its tag already or has no value, so a read of it is refused in any case.';
  return { contained: false, proof };
}

/** Contained is what was seen: a reader that isn't exempt is refused, and by what was meant to. */
export async function prove(
  ports: ProofPorts,
  secret: SecretDescription,
  wanted: readonly Refusal[],
): Promise<Containment> {
  const read = `a read of ${secret.name} by a role that is not exempt`;
  let seen = '';
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await ports.sleep(BETWEEN_MS);
    try {
      const refusal = await ports.probe.refusal(secret.arn);
      if (refusal && wanted.includes(refusal)) {
        const at = ports.clock.now().toISOString();
        return { contained: true, proof: `At ${at} ${read} was refused.` };
      }
      seen = refusal ? byPolicyOnly(read) : goesOn(read);
    } catch (error) {
      seen = `After ${TRIES} tries ${read} could not be tried: ${reasonOf(error)}`;
    }
  }
  return { contained: false, proof: seen };
}

const goesOn = (read: string) =>
  `After ${TRIES} tries ${read} still succeeds: the lockdown does not hold.`;

const byPolicyOnly = (read: string) =>
  `After ${TRIES} tries ${read} is refused by the secret's policy only, which proves nothing of the CMK.`;
