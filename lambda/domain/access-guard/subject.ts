import { secretName } from '../../contract.ts';
import { CMK_CHANGES, TRAIL_CHANGES } from '../trail-event.ts';
import type { RecordedCall } from './call.ts';
import type { Place } from './place.ts';

/** What a call is about. */
export type Subject =
  | { readonly of: 'read' | 'look' | 'secret'; readonly secretId: string }
  | { readonly of: 'cmk' | 'list' | 'trail' | 'sign-in' };

/** Why an event is of no concern: it is of somebody else's, or looks forged. */
export type Foreign =
  | 'EVENT_UNREADABLE'
  | 'EVENT_IN_FUTURE'
  | 'EVENT_OF_OTHER_ACCOUNT'
  | 'EVENT_OF_OTHER_SECRET'
  | 'EVENT_UNKNOWN';

/** Clocks of AWS agree far better than this. */
const MOST_AHEAD_MS = 10 * 60_000;

/** Tells a secret's name, tags and versions: what somebody looks at who looks for a secret to read. */
const LOOK = 'DescribeSecret';
/** Further looks that tell no value. Any other call is a use or a change, known today or not. */
const OTHER_LOOKS = ['GetResourcePolicy', 'ListSecretVersionIds', 'ValidateResourcePolicy'];
const TRAILS: readonly string[] = [...TRAIL_CHANGES, 'UpdateTrail', 'PutInsightSelectors'];
const CMKS: readonly string[] = [...CMK_CHANGES, 'CancelKeyDeletion'];

export function subjectOf(call: RecordedCall, place: Place, now: Date): Subject | Foreign {
  if (call.at.getTime() > now.getTime() + MOST_AHEAD_MS) return 'EVENT_IN_FUTURE';
  if (call.account !== place.account || call.region !== place.region) {
    return 'EVENT_OF_OTHER_ACCOUNT';
  }
  const { service, name } = call;
  if (service === 'secretsmanager') return ofSecrets(call, place);
  if (service === 'kms' && CMKS.includes(name)) return ofCmk(call, place);
  if (service === 'cloudtrail' && TRAILS.includes(name)) return { of: 'trail' };
  if (service === 'signin' && name === 'ConsoleLogin') return { of: 'sign-in' };
  return 'EVENT_UNKNOWN';
}

function ofSecrets({ name, secretId = '' }: RecordedCall, place: Place): Subject | Foreign {
  if (name === 'ListSecrets') return { of: 'list' };
  if (OTHER_LOOKS.includes(name)) return 'EVENT_UNKNOWN';
  const of = name === 'GetSecretValue' ? 'read' : name === LOOK ? 'look' : 'secret';
  return isOurs(secretId, place) ? { of, secretId } : 'EVENT_OF_OTHER_SECRET';
}

const arnOf = ({ partition, region, account }: Place) =>
  `arn:${partition}:secretsmanager:${region}:${account}:secret:`;

/** Named as its caller did: by name, by ARN, or by ARN without the random end. */
const isOurs = (secretId: string, place: Place) =>
  nameIn(secretId, place).startsWith(secretName(place.environment, ''));

/** Without what an ARN has before the name. */
export function nameIn(secretId: string, place: Place): string {
  const prefix = arnOf(place);
  return secretId.startsWith(prefix) ? secretId.slice(prefix.length) : secretId;
}

function ofCmk({ kmsKeys }: RecordedCall, { cmkArn }: Place): Subject | Foreign {
  const id = cmkArn.slice(cmkArn.lastIndexOf('/') + 1);
  const isOne = kmsKeys.some((key) => key === cmkArn || key === id);
  return isOne ? { of: 'cmk' } : 'EVENT_OF_OTHER_SECRET';
}
