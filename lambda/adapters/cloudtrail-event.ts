import type { Event } from '@aws-sdk/client-cloudtrail';
import * as z from 'zod/mini';
import type { TrailEvent } from '../domain/activity.ts';

/** What has another form than expected counts as absent: a caller chooses some of it. */
const text = z.catch(z.optional(z.string()), undefined);
const recorded = z.object({
  eventName: z.string(),
  errorCode: text,
  sourceIPAddress: text,
  vpcEndpointId: text,
  userAgent: text,
  userIdentity: z.object({
    arn: text,
    invokedBy: text,
    accountId: text,
    sessionContext: z.optional(z.object({ sessionIssuer: z.optional(z.object({ arn: text })) })),
  }),
  requestParameters: z.nullish(
    z.object({
      secretId: text,
      versionId: text,
      versionStage: text,
      path: text,
      encryptionContext: z.nullish(z.object({ SecretARN: text, PARAMETER_ARN: text })),
    }),
  ),
});
type Recorded = z.infer<typeof recorded>;

/**
 * An event as LookupEvents gives it; undefined if it can't be read.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function trailEvent({ CloudTrailEvent = '', EventTime }: Event): TrailEvent | undefined {
  const { data } = recorded.safeParse(json(CloudTrailEvent));
  if (!data || !EventTime) return undefined;
  const { userIdentity, requestParameters } = data;
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

export const NOBODY_KNOWN = 'an unknown principal';

/** The role of a session, or whoever else: the session's name is its maker's choice. */
const principalOf = ({ sessionContext, arn, invokedBy, accountId }: Recorded['userIdentity']) =>
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

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
