import type { KeyReport } from '../../../payloads.ts';
import type { RecordedCall } from '../call.ts';
import { isOf } from '../grant.ts';
import type { Known } from '../known.ts';

/**
 * Whether a principal is a consumer of any key of the environment; a quarantine keeps it from all of
 * them. `maybe`: some key is granted by a tag of the principal, which CloudTrail doesn't tell, or to
 * whom nobody could tell just now.
 */
export type Declared = 'yes' | 'maybe' | 'no';

export function isDeclared(
  { principal, at }: Pick<RecordedCall, 'principal' | 'at'>,
  {
    keys,
    unreadable,
  }: Pick<Known, 'unreadable'> & { keys: readonly Pick<KeyReport, 'consumers'>[] },
): Declared {
  const grants = keys
    .flatMap(({ consumers = [] }) => consumers)
    .filter(({ expires }) => !expires || at < new Date(expires));
  if (grants.some((grant) => isOf(grant.principal, principal))) return 'yes';
  const isByTag = grants.some((grant) => !grant.principal.startsWith('arn:'));
  return isByTag || unreadable.length > 0 ? 'maybe' : 'no';
}
