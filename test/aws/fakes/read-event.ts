import type { Place } from './place.ts';

/** Who read: a session of a role, a user, or a service of AWS. */
export type Reader =
  | { readonly roleArn: string; readonly session: string }
  | { readonly userArn: string }
  | { readonly service: string };

export interface ReadSeed {
  /** As the reader named the secret: by name, by ARN, or by ARN without its suffix. */
  readonly secretId: string;
  readonly by: Reader;
  /** @default now */
  readonly at?: Date;
  readonly versionId?: string;
  readonly versionStage?: string;
  /** `AccessDenied`, say. @default the read succeeded */
  readonly errorCode?: string;
}

export interface ReadEvent {
  readonly EventId: string;
  readonly EventName: string;
  readonly ReadOnly: string;
  readonly EventTime: Date;
  readonly EventSource: string;
  readonly Username?: string;
  readonly Resources: readonly never[];
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
export function readEvent(seed: ReadSeed, { id, at: now, place }: Occasion): ReadEvent {
  const at = wholeSecond(seed.at ?? now);
  const { username, ...identity } = identityOf(seed.by, place);
  const record = {
    eventVersion: '1.08',
    ...identity,
    eventTime: at.toISOString().replace('.000Z', 'Z'),
    eventSource: 'secretsmanager.amazonaws.com',
    eventName: 'GetSecretValue',
    awsRegion: place.region,
    ...(seed.errorCode === undefined ? {} : { errorCode: seed.errorCode }),
    requestParameters: {
      secretId: seed.secretId,
      ...(seed.versionId === undefined ? {} : { versionId: seed.versionId }),
      ...(seed.versionStage === undefined ? {} : { versionStage: seed.versionStage }),
    },
    responseElements: null,
    eventID: id,
    readOnly: true,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: place.account,
    eventCategory: 'Management',
  };
  return {
    EventId: id,
    EventName: record.eventName,
    ReadOnly: 'true',
    EventTime: at,
    EventSource: record.eventSource,
    ...(username === undefined ? {} : { Username: username }),
    Resources: [],
    CloudTrailEvent: JSON.stringify(record),
  };
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function identityOf(by: Reader, { account }: Place): Identity {
  const accountId = account;
  if ('service' in by) {
    const userIdentity = { type: 'AWSService', invokedBy: by.service };
    return { userIdentity, sourceIPAddress: by.service, userAgent: by.service };
  }
  const caller = { sourceIPAddress: '192.0.2.10', userAgent: 'aws-sdk-js/3.1164.0' };
  if ('userArn' in by) {
    const { userArn: arn } = by;
    const userName = lastPart(arn);
    const principalId = 'AIDACKCEVSQ6C2EXAMPLE';
    const userIdentity = { type: 'IAMUser', principalId, arn, accountId, userName };
    return { username: userName, userIdentity, ...caller };
  }
  const { roleArn, session } = by;
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
  return { username: session, userIdentity, ...caller };
}

const lastPart = (arn: string) => arn.split('/').at(-1) ?? '';

const wholeSecond = (date: Date) => new Date(Math.floor(date.getTime() / 1000) * 1000);
