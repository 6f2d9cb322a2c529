import type { Event } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod/mini';
import {
  isIdentityCenter,
  type Mfa,
  type PrincipalKind,
  type RecordedCall,
} from '../domain/access-guard/call.ts';
import type { TrailEvent } from '../domain/activity.ts';
import { json } from '../domain/json.ts';

/** What has another form than expected counts as absent: a caller chooses some of it. */
const text = z.catch(z.optional(z.string()), undefined);
/** Likewise a part of a record: a use whose event AWS writes in another form is recorded all the same. */
const part = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.catch(z.optional(z.object(shape)), undefined);
const resources = z.catch(z.optional(z.array(z.object({ ARN: text }))), undefined);
const recorded = z.object({
  eventName: z.string(),
  eventSource: text,
  eventID: text,
  eventTime: text,
  awsRegion: text,
  recipientAccountId: text,
  sessionCredentialFromConsole: text,
  errorCode: text,
  errorMessage: text,
  resources,
  sourceIPAddress: text,
  vpcEndpointId: text,
  vpcEndpointAccountId: text,
  userAgent: text,
  userIdentity: part({
    type: text,
    principalId: text,
    arn: text,
    invokedBy: text,
    accountId: text,
    userName: text,
    sessionContext: part({
      sessionIssuer: part({ arn: text }),
      attributes: part({ mfaAuthenticated: text }),
    }),
  }),
  requestParameters: part({
    secretId: text,
    versionId: text,
    versionStage: text,
    path: text,
    keyId: text,
    kmsKeyId: text,
    encryptionContext: part({ SecretARN: text, PARAMETER_ARN: text }),
  }),
  responseElements: part({ ConsoleLogin: text }),
  additionalEventData: part({ MFAUsed: text }),
});
type Recorded = z.infer<typeof recorded>;
type Identity = NonNullable<Recorded['userIdentity']>;

/**
 * An event as LookupEvents gives it; undefined if it can't be read.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function trailEvent({ CloudTrailEvent = '', EventTime }: Event): TrailEvent | undefined {
  const { data } = recorded.safeParse(json(CloudTrailEvent));
  if (!data || !EventTime) return undefined;
  const { userIdentity = {}, requestParameters } = data;
  const found = {
    session: sessionOf(userIdentity.arn),
    address: data.sourceIPAddress,
    vpcEndpoint: data.vpcEndpointId,
    userAgent: data.userAgent,
    error: data.errorCode,
    secretId: requestParameters?.secretId,
    versionId: requestParameters?.versionId,
    label: requestParameters?.versionStage,
    path: requestParameters?.path,
    decrypted: decryptedIn(requestParameters?.encryptionContext),
  };
  const principal = principalOf(userIdentity);
  const fixed = { name: data.eventName, at: EventTime, principal, text: CloudTrailEvent };
  return { ...fixed, ...given(found) };
}

/** Whatever AWS may call an event, a service, an error: text that is told as it is. */
const WORD = /^[\w.:-]{1,64}$/;
const EVENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The same record as EventBridge delivers it; undefined if it can't be read or has no id or time.
 * @param account of a record that names none, which is optional there
 */
export function recordedCall(detail: unknown, account = ''): RecordedCall | undefined {
  const data = recordedIn(detail);
  const at = new Date(data?.eventTime ?? '');
  const { eventID: id = '', eventSource = '', eventName: name = '' } = data ?? {};
  const service = /^([a-z0-9-]+)\.amazonaws\.com$/.exec(eventSource)?.[1];
  if (!data || !service || !EVENT_ID.test(id) || !WORD.test(name) || Number.isNaN(at.getTime())) {
    return undefined;
  }
  const { userIdentity: identity = {}, requestParameters: parameters } = data;
  const found = {
    session: sessionOf(identity.arn),
    userId: identity.principalId,
    userName: identity.type === 'IAMUser' ? identity.userName : undefined,
    address: data.sourceIPAddress,
    vpcEndpoint: data.vpcEndpointId,
    vpcEndpointAccount: data.vpcEndpointAccountId,
    userAgent: data.userAgent,
    through: identity.invokedBy,
    error: data.errorCode && (WORD.test(data.errorCode) ? data.errorCode : 'Error'),
    secretId: parameters?.secretId ?? refusedIn(data.errorMessage),
    versionId: parameters?.versionId,
    label: parameters?.versionStage,
    kmsKeyOfSecret: parameters?.kmsKeyId,
    callerAccount: identity.accountId,
  };
  const caller = {
    principal: guardedPrincipal(identity),
    kind: kindOf(identity.type),
    inConsole: data.sessionCredentialFromConsole === 'true',
  };
  const call = {
    id,
    name,
    service,
    at,
    region: data.awsRegion ?? '',
    account: data.recipientAccountId ?? account,
    ...caller,
    kmsKeys: [parameters?.keyId, ...(data.resources ?? []).map(({ ARN }) => ARN)].filter(
      (key) => key !== undefined,
    ),
    mfa: 'unknown' as const,
    ...given(found),
    ...(name === 'ConsoleLogin'
      ? { signInFailed: data.responseElements?.ConsoleLogin !== 'Success' }
      : {}),
  };
  return { ...call, mfa: mfaOf(data, call) };
}

/** A long list of what is nothing is too much for zod, which then throws. */
function recordedIn(detail: unknown): Recorded | undefined {
  try {
    return recorded.safeParse(detail).data;
  } catch {
    return undefined;
  }
}

const KINDS: readonly string[] = ['Root', 'IAMUser', 'AssumedRole', 'AWSAccount', 'AWSService'];
const kindOf = (type = '') => (KINDS.includes(type) ? type : 'other') as PrincipalKind;

/** A failed sign-in names a user without ARN. */
function guardedPrincipal(identity: Identity): string {
  const { type, arn, accountId, userName } = identity;
  if (type !== 'IAMUser' || arn || !userName) return principalOf(identity);
  return `arn:aws:iam::${accountId}:user/${userName}`;
}

/** AWS's refusal of a call names the secret as the caller did, and its record may have no parameters. */
const refusedIn = (message = '') => / on resource: (\S{1,2048})/.exec(message)?.[1];

/** Of people who signed in by SAML or Identity Center AWS says "false", or nothing. */
function mfaOf(data: Recorded, call: RecordedCall): Mfa {
  const told =
    data.userIdentity?.sessionContext?.attributes?.mfaAuthenticated ??
    data.additionalEventData?.MFAUsed;
  if (told === 'true' || told === 'Yes') return 'yes';
  const isSignInByOthers = call.name === 'ConsoleLogin' && call.kind === 'AssumedRole';
  if (isIdentityCenter(call) || isSignInByOthers) return 'unknown';
  return told === 'false' || told === 'No' ? 'no' : 'unknown';
}

export const NOBODY_KNOWN = 'an unknown principal';

/** The role of a session, or whoever else: the session's name is its maker's choice. */
const principalOf = ({ sessionContext, arn, invokedBy, accountId }: Identity) =>
  sessionContext?.sessionIssuer?.arn ?? arn ?? invokedBy ?? accountId ?? NOBODY_KNOWN;

/** `arn:aws:sts::111122223333:assumed-role/<role>/<session>` */
export const sessionOf = (arn: string | undefined) =>
  /^[^/]*:assumed-role\/[^/]+\/(.+)$/s.exec(arn ?? '')?.[1];

type Context = NonNullable<Recorded['requestParameters']>['encryptionContext'];

function decryptedIn(context: Context): TrailEvent['decrypted'] {
  const { SecretARN: secretArn, PARAMETER_ARN: parameterArn } = context ?? {};
  return secretArn || parameterArn ? given({ secretArn, parameterArn }) : undefined;
}

type Given<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Without what is absent or empty. */
export const given = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as Given<T>;
