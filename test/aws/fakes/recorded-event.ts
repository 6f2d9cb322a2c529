import type { Resource } from '@aws-sdk/client-cloudtrail';
import { defined } from './operation.ts';
import type { Place } from './place.ts';

/** Who called: a session of a role, a user, or a service of AWS. */
export type Caller =
  | { readonly roleArn: string; readonly session: string }
  | { readonly userArn: string }
  | { readonly service: string };

/** Of any call. */
interface CallSeed {
  readonly by: Caller;
  /** @default now */
  readonly at?: Date;
  /** `AccessDenied`, say. @default the call succeeded */
  readonly errorCode?: string;
  /** `secretsmanager.amazonaws.com`, say, where a service called on behalf of the caller. */
  readonly through?: string;
  readonly sourceIPAddress?: string;
  /** `vpce-…` */
  readonly vpcEndpointId?: string;
  readonly userAgent?: string;
  readonly sharedEventID?: string;
}

export interface ReadSeed extends CallSeed {
  /** As the reader named the secret: by name, by ARN, or by ARN without its suffix. */
  readonly secretId: string;
  readonly versionId?: string;
  readonly versionStage?: string;
}

export interface EventSeed extends CallSeed {
  /** `Decrypt`, say. */
  readonly name: string;
  /** `kms.amazonaws.com`, say. */
  readonly source: string;
  /** As CloudTrail spells them: `keyId`. */
  readonly requestParameters?: object;
  readonly resources?: readonly { readonly type: string; readonly arn: string }[];
  /** @default true */
  readonly readOnly?: boolean;
}

export interface RecordedEvent {
  readonly EventId: string;
  readonly EventName: string;
  readonly ReadOnly: string;
  readonly EventTime: Date;
  readonly EventSource: string;
  readonly Username?: string;
  readonly Resources: readonly Resource[];
  /** JSON */
  readonly CloudTrailEvent: string;
}

interface Occasion {
  readonly id: string;
  readonly at: Date;
  readonly place: Place;
}

interface Identity {
  readonly username?: string;
  readonly userIdentity: object;
  readonly sourceIPAddress: string;
  readonly userAgent: string;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html */
export function readSeed({ secretId, versionId, versionStage, ...call }: ReadSeed): EventSeed {
  return {
    ...call,
    name: 'GetSecretValue',
    source: 'secretsmanager.amazonaws.com',
    requestParameters: defined({ secretId, versionId, versionStage }),
  };
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
export function recordedEvent(seed: EventSeed, { id, at: now, place }: Occasion): RecordedEvent {
  const at = wholeSecond(seed.at ?? now);
  const { name, source, resources = [], readOnly = true } = seed;
  const { username, ...identity } = identityOf(seed, place);
  const listed = resources.map(({ type, arn }) => ({ type, ARN: arn, accountId: place.account }));
  const { sourceIPAddress, userAgent, errorCode, vpcEndpointId, sharedEventID } = seed;
  const record = defined({
    eventVersion: '1.08',
    ...identity,
    ...defined({ sourceIPAddress, userAgent }),
    eventTime: at.toISOString().replace('.000Z', 'Z'),
    eventSource: source,
    eventName: name,
    awsRegion: place.region,
    errorCode,
    requestParameters: seed.requestParameters ?? null,
    responseElements: null,
    eventID: id,
    readOnly,
    resources: listed.length > 0 ? listed : undefined,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: place.account,
    sharedEventID,
    vpcEndpointId,
    eventCategory: 'Management',
  });
  return defined({
    EventId: id,
    EventName: name,
    ReadOnly: String(readOnly),
    EventTime: at,
    EventSource: source,
    Username: username,
    Resources: resources.map(({ type, arn }) => ({ ResourceType: type, ResourceName: arn })),
    CloudTrailEvent: JSON.stringify(record),
  });
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function identityOf({ by, through }: EventSeed, place: Place): Identity {
  if ('service' in by) {
    const userIdentity = { type: 'AWSService', invokedBy: by.service };
    return { userIdentity, sourceIPAddress: by.service, userAgent: by.service };
  }
  const { username, userIdentity } =
    'userArn' in by ? userOf(by.userArn, place) : sessionOf(by.roleArn, by.session, place);
  if (through === undefined) {
    const caller = { sourceIPAddress: '192.0.2.10', userAgent: 'aws-sdk-js/3.1164.0' };
    return { username, userIdentity, ...caller };
  }
  const service = { sourceIPAddress: through, userAgent: through };
  return { username, userIdentity: { ...userIdentity, invokedBy: through }, ...service };
}

function userOf(arn: string, { account }: Place) {
  const userName = lastPart(arn);
  const principalId = 'AIDACKCEVSQ6C2EXAMPLE';
  const userIdentity = { type: 'IAMUser', principalId, arn, accountId: account, userName };
  return { username: userName, userIdentity };
}

function sessionOf(roleArn: string, session: string, { account: accountId }: Place) {
  const userName = lastPart(roleArn);
  const principalId = 'AROACKCEVSQ6C2EXAMPLE';
  const userIdentity = {
    type: 'AssumedRole',
    principalId: `${principalId}:${session}`,
    // Without the role's path, unlike the ARN of the role itself
    arn: `arn:aws:sts::${accountId}:assumed-role/${userName}/${session}`,
    accountId,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId, arn: roleArn, accountId, userName },
    },
  };
  return { username: session, userIdentity };
}

const lastPart = (arn: string) => arn.split('/').at(-1) ?? '';

const wholeSecond = (date: Date) => new Date(Math.floor(date.getTime() / 1000) * 1000);
