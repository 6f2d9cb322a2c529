import { QUARANTINE_TAGS, QUARANTINES_ITEM, tag } from '../lambda/contract.ts';
import type { OperationsCmk } from './encryption.ts';
import type { Conditions } from './readers.ts';
import { onlyTags, secretArns, through } from './resource-names.ts';
import type { WorkerFunction } from './worker-function.ts';

/** Names of the tags by which a secret's policy knows who is quarantined. */
export const QUARANTINE_TAG_KEYS: readonly string[] = Array.from(
  { length: QUARANTINE_TAGS },
  (_, index) => tag.quarantine(index + 1),
);

/**
 * A word between spaces for the session, the role or user, and the address of a request. None of them
 * can have a space in it; a wildcard, which a role's path may have, can only deny that role more. Each
 * has a default, since a variable without a value makes its whole statement invalid (through a VPC
 * endpoint there is no address), and no tag has that word. How an address of IPv6 is written there is
 * said nowhere: CloudTrail's way is taken for it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
const WORDS = ['aws:userid', 'aws:PrincipalArn', 'aws:SourceIp'].map(
  (key) => `* \${${key}, 'none'} *`,
);

/**
 * Of the denies of a secret's policy, one for each tag: keys of one condition would all have to match.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html
 */
export const QUARANTINED: readonly Conditions[] = QUARANTINE_TAG_KEYS.map((key) => ({
  StringLike: { [`aws:ResourceTag/${key}`]: WORDS },
}));

const QUARANTINE_TAGS_ONLY = onlyTags(...QUARANTINE_TAG_KEYS);

/** Lets a function keep these tags and no other as they are to be. */
export function allowQuarantining(worker: WorkerFunction, environment: string) {
  allowLifting(worker, environment);
  const secrets = [secretArns(environment)];
  worker.allow(['secretsmanager:TagResource'], secrets, QUARANTINE_TAGS_ONLY);
}

/** Lets a function take these tags off. */
export function allowLifting(worker: WorkerFunction, environment: string) {
  const secrets = [secretArns(environment)];
  worker.allow(['secretsmanager:UntagResource'], secrets, QUARANTINE_TAGS_ONLY);
}

/**
 * Lets a function read and change which quarantines there are to be, and nothing else that the guard
 * remembers.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 */
export function allowQuarantinesItem(worker: WorkerFunction, tableArn: string, cmk: OperationsCmk) {
  worker.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [tableArn], {
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [QUARANTINES_ITEM] },
    // ForAllValues alone is also true of no key at all.
    Null: { 'dynamodb:LeadingKeys': 'false' },
  });
  worker.allow(['kms:Decrypt'], [cmk.keyArn], through('dynamodb'));
}
