import type { KeyReport } from '../../../payloads.ts';
import { fingerprintOf } from '../../secret-value.ts';
import type { RecordedCall } from '../call.ts';
import type { Known } from '../known.ts';

/** A key as far as its fingerprints go; of an earlier version of `inspect` some are absent. */
type Fingerprinted = Pick<KeyReport, 'versions'> & Partial<Pick<KeyReport, 'held' | 'staged'>>;

/**
 * Whether a session is named by a key that the environment holds, held or is to hold, or may be, as
 * long as not all of them can be looked at. Tasks of ECS have names of a key's shape, so that the
 * shape alone doesn't tell.
 */
export function tellsKey(
  { userId = '' }: Pick<RecordedCall, 'userId'>,
  { keys, unreadable }: Pick<Known, 'unreadable'> & { readonly keys: readonly Fingerprinted[] },
): boolean {
  const named = userId.toLowerCase().match(/[0-9a-f]{32}/g) ?? [];
  if (named.length === 0 || unreadable.length > 0) return named.length > 0;
  const known = new Set(keys.flatMap(fingerprintsOf));
  return named.some((word) => known.has(fingerprintOf(word)));
}

const fingerprintsOf = ({ versions, held = [], staged = [] }: Fingerprinted) => [
  ...versions.flatMap(({ fingerprint }) => fingerprint ?? []),
  ...held,
  ...staged.map(({ fingerprint }) => fingerprint),
];
