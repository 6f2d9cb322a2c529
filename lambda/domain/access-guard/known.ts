import { secretName } from '../../contract.ts';
import type { KeyReport } from '../../payloads.ts';
import { namesOf } from '../versions.ts';
import type { RecordedCall } from './call.ts';
import type { Place } from './place.ts';
import { nameIn } from './subject.ts';

/** What `inspect` told of the keys, and when it was asked. */
export interface Known {
  readonly at: Date;
  readonly keys: readonly KeyReport[];
  /** Names of keys of which `inspect` could tell no more, whose secrets can be read all the same. */
  readonly unreadable: readonly string[];
}

/** The key that a caller's name for its secret means. */
export function keyMeant(known: Known | undefined, secretId: string, place: Place) {
  return known?.keys.find(({ key, secretArn }) =>
    namesOf({ arn: secretArn, name: secretName(place.environment, key) }).includes(secretId),
  );
}

/**
 * The same without knowing the keys. An ARN usually ends with the six characters that Secrets
 * Manager adds; of one without them a key's own last six are lost.
 */
export function nameMeant(secretId: string, place: Place): string {
  const name = nameIn(secretId, place).slice(secretName(place.environment, '').length);
  return secretId.startsWith('arn:') ? name.replace(/-[^-]{6}$/, '') : name;
}

/** The version that a read got, as far as the labels of now tell. */
export function versionRead({ versions, promotedAt }: KeyReport, call: RecordedCall) {
  const { versionId, label = 'AWSCURRENT', at } = call;
  if (versionId) return versions.find((version) => version.versionId === versionId);
  const wasBefore = promotedAt !== undefined && at < new Date(promotedAt);
  const then = wasBefore ? BEFORE_PROMOTION[label] : label;
  const found = versions.find(({ labels }) => then !== undefined && labels.includes(then));
  // It has come since, by a promotion more than the labels tell of
  const isYounger = found?.createdAt !== undefined && at < new Date(found.createdAt);
  return isYounger ? undefined : found;
}

/** Where the version is by now that had the label before the promotion; none: nobody knows. */
const BEFORE_PROMOTION: Readonly<Record<string, string>> = { AWSCURRENT: 'AWSPREVIOUS' };
