import type { KeysCmk } from './encryption.ts';
import { secretArn } from './resource-names.ts';

/** Changes of a CMK that can lose the keys, or let others decrypt them. */
const CMK_CHANGES = [
  'CancelKeyDeletion',
  'CreateGrant',
  'DisableKey',
  'EnableKey',
  'PutKeyPolicy',
  'ScheduleKeyDeletion',
];

/** Of a trail: without it nobody sees what comes after. */
const TRAIL_CHANGES = [
  'DeleteTrail',
  'PutEventSelectors',
  'PutInsightSelectors',
  'StopLogging',
  'UpdateTrail',
];

/**
 * Reads of metadata; any other call about a secret is a use or a change, known today or not. But
 * DescribeSecret is told: who lists, describes and then reads looks for keys.
 */
const LOOKS = ['GetResourcePolicy', 'ListSecretVersionIds', 'ValidateResourcePolicy'];

const apiCall = 'AWS API Call via CloudTrail';

/**
 * Calls about the secrets of an environment, which CloudTrail names as the caller did: by name, partial
 * or full ARN. Of a call that was denied the message may be all that names it. And changes of the CMK,
 * by key id or ARN; these calls take no alias. A pattern of many wildcards EventBridge finds too complex.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function keyEvents(environment: string, cmk: KeysCmk) {
  const names = `amplitude/${environment}/`;
  const ofSecrets = {
    eventSource: ['secretsmanager.amazonaws.com'],
    eventName: [{ 'anything-but': LOOKS }],
  };
  const ofCmk = { eventSource: ['kms.amazonaws.com'], eventName: CMK_CHANGES };
  const named = [{ prefix: names }, { prefix: secretArn(names) }];
  return {
    source: ['aws.secretsmanager', 'aws.kms'],
    'detail-type': [apiCall],
    detail: {
      $or: [
        { ...ofSecrets, requestParameters: { secretId: named } },
        { ...ofSecrets, errorMessage: [{ wildcard: `*${names}*` }] },
        { ...ofCmk, requestParameters: { keyId: [cmk.keyId, cmk.keyArn] } },
      ],
    },
  };
}

/** What names no secret and concerns them all: lists of secrets, changed trails, sign-ins. */
export const ACCOUNT_EVENTS = {
  source: ['aws.secretsmanager', 'aws.cloudtrail', 'aws.signin'],
  'detail-type': [apiCall, 'AWS Console Sign In via CloudTrail'],
  detail: {
    $or: [
      { eventSource: ['secretsmanager.amazonaws.com'], eventName: ['ListSecrets'] },
      { eventSource: ['cloudtrail.amazonaws.com'], eventName: TRAIL_CHANGES },
      { eventSource: ['signin.amazonaws.com'], eventName: ['ConsoleLogin'] },
    ],
  },
};
