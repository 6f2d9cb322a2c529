import { ALL_PARTS, nounsOf, probeRoleName, roleName } from '../contract.ts';
import type { SecretDescription } from './versions.ts';

/** ARNs of the functions' roles, the access guard's among them, in the secret's own account: anyone may give a role such a name in theirs. */
export function ownRoles({ arn }: Pick<SecretDescription, 'arn'>, environment: string): string[] {
  const [, partition, , , account] = arn.split(':');
  const names = nounsOf(ALL_PARTS).map((noun) => roleName(environment, noun));
  return [...names, probeRoleName(environment)].map(
    (name) => `arn:${partition}:iam::${account}:role/${name}`,
  );
}
