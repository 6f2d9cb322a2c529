import { KeysError } from '../errors.ts';
import type { KeyFacts } from '../key-facts.ts';
import { MAX_LABELS } from '../labels.ts';

/** Rotations leave room enough; labels put by hand may have taken it. @throws KeysError LABEL_LIMIT */
export function requireRoom({ managed, secret }: KeyFacts, needed: number): void {
  const used = [...secret.versions.values()].flat().length;
  if (MAX_LABELS - used >= needed) return;
  throw new KeysError(
    'LABEL_LIMIT',
    `Secret ${secret.name} has ${used} staging labels of ${MAX_LABELS}, and a revocation needs ${needed} more; no key was replaced. Take a foreign label off, then repeat: aws secretsmanager update-secret-version-stage --secret-id ${secret.name} --version-stage <label> --remove-from-version-id <version>. Meanwhile: npx keyctl lockdown --env ${managed.environment} --key ${managed.name} --reason "…"`,
    { environment: managed.environment, key: managed.name },
  );
}
