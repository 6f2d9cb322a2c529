import { askVendor, requireAccepted } from './acceptance.ts';
import { chooseCandidate, nextDocument } from './candidate.ts';
import { KeysError } from './errors.ts';
import { type HandedOver, type HandOverPorts, handOver } from './hand-over/hand-over.ts';
import { readIncumbent } from './incumbent.ts';
import type { KeyDocument } from './key-document.ts';
import { type ManagedKey, managedKey } from './managed-key.ts';
import type { Clock, Journal, Notifier, Secrets, StagedKeys, Vendor } from './ports.ts';
import { type PromotionPlan, planPromotion, pushedOffBy } from './promotion.ts';
import { type Progress, progressOf, type RotationEvent, type Step } from './rotation-event.ts';
import type { SecretDescription } from './versions.ts';

export interface RotationPorts extends HandOverPorts {
  readonly environment: string;
  readonly secrets: Secrets;
  readonly stagedKeys: StagedKeys;
  readonly vendor: Vendor;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly journal: Journal;
}

interface Rotation {
  readonly token: string;
  readonly secret: SecretDescription;
  readonly managed: ManagedKey;
  readonly progress: Progress;
}

/** One step of Secrets Manager's rotation. Every step may be run again at any time. */
export async function rotate(ports: RotationPorts, event: RotationEvent): Promise<void> {
  const secret = await ports.secrets.describe(event.secretId);
  const managed = managedKey(secret, ports.environment);
  const progress = progressOf(event, secret);
  await steps[event.step](ports, { token: event.token, secret, managed, progress });
}

const steps: Record<Step, (ports: RotationPorts, rotation: Rotation) => Promise<void>> = {
  createSecret,
  /** A person generated the key at Amplitude: there is nothing to set there. */
  setSecret: async () => {},
  testSecret,
  finishSecret,
};

/** Takes the staged key, has it judged, and only then puts it under the token. */
async function createSecret(ports: RotationPorts, { token, secret, managed, progress }: Rotation) {
  if (progress === 'promoted') return;
  const staged = await ports.stagedKeys.list(managed.environment, managed.name);
  const incumbent = await readIncumbent(ports.secrets, secret);
  const candidate = chooseCandidate(managed, staged, incumbent);
  const verdict = await askVendor(ports, managed, candidate.value);
  requireAccepted(managed, candidate.value, verdict);
  await ports.secrets.putPending(secret.arn, token, nextDocument(managed, candidate, incumbent));
  ports.journal.note('Staged key accepted and pending', {
    key: managed.name,
    fingerprint: candidate.value.fingerprint,
    version: token,
  });
}

/** Amplitude must accept the pending key. The service's dry run at deploy has an empty one, which passes. */
async function testSecret(ports: RotationPorts, { token, secret, managed, progress }: Rotation) {
  if (progress === 'promoted') return;
  const value = await ports.secrets.read(secret.arn, token);
  if (value.content === 'empty') return;
  const { value: pending } = requireKey(managed, token, value);
  requireAccepted(managed, pending, await askVendor(ports, managed, pending));
}

/** Promotes and cleans up. Nothing is skipped on a repeat: each part finds its work done or does it. */
async function finishSecret(ports: RotationPorts, { token, secret, managed }: Rotation) {
  const value = await ports.secrets.read(secret.arn, token);
  const document = requireKey(managed, token, value);
  const pushedOff = await keyPushedOff(ports, secret, token);
  const plan = planPromotion(managed, secret, token, document, ports.clock.now(), pushedOff);
  for (const move of plan.moves) await ports.secrets.moveLabel(secret.arn, move);
  await ports.stagedKeys.remove(managed.environment, managed.name, document.value.fingerprint);
  ports.journal.note('Key promoted', {
    key: managed.name,
    fingerprint: document.value.fingerprint,
    version: token,
    ...(plan.retained ? { replaced_version: plan.retained } : {}),
  });
  const { fingerprint } = document.value;
  const moved = plan.moves.some(({ label }) => label === 'AWSCURRENT');
  const promotion = { versionId: token, fingerprint, by: 'rotation', moved } as const;
  const handedOver = await handOver(ports, { managed, secret }, promotion);
  await ports.notifier.notify(rotationNotice(managed, document, plan, handedOver));
}

/** Behind the first key there is but the placeholder, which nobody misses. */
async function keyPushedOff({ secrets }: RotationPorts, secret: SecretDescription, token: string) {
  const previous = pushedOffBy(secret, token);
  if (!previous) return undefined;
  const { content } = await secrets.read(secret.arn, previous);
  return content === 'placeholder' ? undefined : previous;
}

function requireKey(
  managed: ManagedKey,
  versionId: string,
  value: Awaited<ReturnType<Secrets['read']>>,
): KeyDocument {
  const fields = { environment: managed.environment, key: managed.name, versionId };
  if (value.content === 'key' && value.document.value.wellFormed) return value.document;
  if (value.content === 'empty') {
    throw new KeysError(
      'PENDING_EMPTY',
      `The pending version of ${managed.environment}/${managed.name} has no value; nothing was promoted. Stage a key and rotate again: npx keyctl stage --env ${managed.environment} --key ${managed.name}`,
      fields,
    );
  }
  const reason = value.content === 'malformed' ? value.reason : 'it holds no well-formed key';
  throw new KeysError(
    'VALUE_MALFORMED',
    `The pending version of ${managed.environment}/${managed.name} can't be understood (${reason}); nothing was promoted. Take AWSPENDING off it and rotate again.`,
    fields,
  );
}

const NOT_RETAINED = {
  key: 'The replaced key had leaked: it gets no retention.',
  placeholder: 'No key was replaced.',
} as const;

function rotationNotice(
  managed: ManagedKey,
  document: KeyDocument,
  { retained, retainedUntil }: PromotionPlan,
  { done, later }: HandedOver,
) {
  const key = `${managed.environment}/${managed.name}`;
  const retention = retained
    ? `The replaced key stays readable until ${retainedUntil.toISOString()}. Don't revoke it at Amplitude before then.`
    : NOT_RETAINED[document.replaces?.content ?? 'placeholder'];
  return {
    subject: `Amplitude key ${key} rotated`,
    parts: [
      {
        happened: [
          `The current key of ${key} is now ${document.value.fingerprint} ("${document.name ?? 'no name'}").`,
          retention,
          ...done,
          ...later,
        ],
        todo: `Stage the next one: npx keyctl stage --env ${managed.environment} --key ${managed.name}`,
      },
    ],
  };
}
