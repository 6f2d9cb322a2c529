import { KeysError } from '../errors.ts';
import type { KeyFacts } from '../key-facts.ts';
import { MAX_LABELS } from '../labels.ts';

/** Rotations leave room enough; labels put by hand may have taken it. @throws KeysError LABEL_LIMIT */
export function requireRoom(facts: KeyFacts, needed: number): void {
  const { managed, secret } = facts;
  const room = roomIn(facts);
  if (room >= needed) return;
  throw new KeysError(
    'LABEL_LIMIT',
    `Secret ${secret.name} has ${MAX_LABELS - room} staging labels of ${MAX_LABELS}, and a revocation needs ${needed} more; no key was replaced. Take a foreign label off, then repeat: aws secretsmanager update-secret-version-stage --secret-id ${secret.name} --version-stage <label> --remove-from-version-id <version>. Meanwhile: npx keyctl lockdown --env ${managed.environment} --key ${managed.name} --reason "…"`,
    { environment: managed.environment, key: managed.name },
  );
}

/** Labels that the secret has room for. */
export const roomIn = ({ secret }: KeyFacts): number =>
  Math.max(0, MAX_LABELS - [...secret.versions.values()].flat().length);
