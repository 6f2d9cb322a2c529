import { tag } from '../contract.ts';
import type { ActivityQuestion, Tenure, TrailEvent, Wanted } from './activity.ts';
import { retainedUntilPattern } from './labels.ts';
import { namesOf } from './versions.ts';

/** Reads of a parameter's value, earlier values included. */
export const STAGED_READS = [
  'GetParameter',
  'GetParameters',
  'GetParametersByPath',
  'GetParameterHistory',
] as const;
export const SECRET_CHANGES = [
  'PutResourcePolicy',
  'DeleteResourcePolicy',
  'PutSecretValue',
  'UpdateSecret',
  'UpdateSecretVersionStage',
  'DeleteSecret',
  'CancelRotateSecret',
  'ReplicateSecretToRegions',
] as const;
/** Of interest where they concern the lockdown. */
export const TAG_CHANGES = ['TagResource', 'UntagResource'] as const;
export const CMK_CHANGES = [
  'DisableKey',
  'EnableKey',
  'ScheduleKeyDeletion',
  'PutKeyPolicy',
  'CreateGrant',
] as const;
/** They name no key, and after them CloudTrail may see less. */
export const TRAIL_CHANGES = ['StopLogging', 'DeleteTrail', 'PutEventSelectors'] as const;

/** All that an assessment looks for, what matters most first. */
export const EVENT_NAMES: readonly string[] = [
  'GetSecretValue',
  ...STAGED_READS,
  ...SECRET_CHANGES,
  ...TAG_CHANGES,
  ...CMK_CHANGES,
  ...TRAIL_CHANGES,
  'Decrypt',
];

/** The same without the reads of secrets, of which an account may have very many. */
export const EVENT_NAMES_BUT_READS: readonly string[] = EVENT_NAMES.filter(
  (name) => name !== 'GetSecretValue',
);

const isOneOf = (names: readonly string[], { name }: TrailEvent) => names.includes(name);

/** A successful read of the version or staged parameter that is asked about. */
export function isWantedRead({ secret, stagedPath, wanted }: ActivityQuestion, event: TrailEvent) {
  if (event.error) return false;
  if (wanted.of === 'staged') return isReadUnder(wanted.parameter, stagedPath, event);
  const names = namesOf(secret);
  return (
    event.name === 'GetSecretValue' &&
    names.includes(event.secretId ?? '') &&
    isReadOfVersion(wanted, event)
  );
}

/** Whoever names neither version nor label reads what is current. */
function isReadOfVersion(
  { versionId, labels, tenures }: Wanted & { of: 'version' },
  { at, ...event }: TrailEvent,
): boolean {
  if (event.versionId) return event.versionId === versionId;
  const label = event.label ?? 'AWSCURRENT';
  return (
    labels.includes(label) ||
    new RegExp(retainedUntilPattern(versionId)).test(label) ||
    tenures.some((tenure) => tenure.label === label && isWithin(tenure, at))
  );
}

const isWithin = ({ from, to }: Tenure, at: Date) => (!from || from <= at) && (!to || at <= to);

const isReadUnder = (text: string, stagedPath: string, event: TrailEvent) =>
  isOneOf(STAGED_READS, event) &&
  (event.text.includes(text) || pathsTo(stagedPath).includes(event.path ?? ''));

/** Whoever reads a path recursively reads what is below: `/`, `/amplitude`, `/amplitude/` and so on. */
export function pathsTo(stagedPath: string): string[] {
  const parts = stagedPath.split('/').slice(1);
  const paths = parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  return ['/', ...paths.flatMap((path) => [path, `${path}/`])];
}

/** KMS names a key by its id or by its ARN, which ends with it. */
export const keyIdOf = (cmkArn: string) => cmkArn.slice(cmkArn.lastIndexOf('/') + 1);

/** What else somebody did to the key, its staged parameters, its CMK or the trail, or tried to. */
export function isAction(question: ActivityQuestion, event: TrailEvent): boolean {
  const { secret, stagedPath, cmkArn } = question;
  const isOfSecret = namesOf(secret).includes(event.secretId ?? '');
  return (
    isReadUnder(stagedPath, stagedPath, event) ||
    (event.name === 'Decrypt' && event.text.includes(cmkArn)) ||
    (event.name === 'GetSecretValue' && isOfSecret && event.error !== undefined) ||
    (isOneOf(SECRET_CHANGES, event) && isOfSecret) ||
    (isOneOf(TAG_CHANGES, event) && isOfSecret && event.text.includes(tag.lockdown)) ||
    (isOneOf(CMK_CHANGES, event) && event.text.includes(keyIdOf(cmkArn))) ||
    isOneOf(TRAIL_CHANGES, event)
  );
}
