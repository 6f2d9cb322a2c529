/** Who called, by CloudTrail's word for it. */
export type PrincipalKind =
  | 'Root'
  | 'IAMUser'
  | 'AssumedRole'
  | 'AWSAccount'
  | 'AWSService'
  | 'other';

/** Whether the caller's session was opened with a second factor; often AWS doesn't know. */
export type Mfa = 'yes' | 'no' | 'unknown';

/** One call as CloudTrail recorded it, as far as the access guard looks at it. */
export interface RecordedCall {
  /** CloudTrail's eventID: the same wherever the event turns up, however often. */
  readonly id: string;
  /** `GetSecretValue`, say. */
  readonly name: string;
  /** `secretsmanager`, say. */
  readonly service: string;
  readonly at: Date;
  readonly region: string;
  /** Whose CloudTrail recorded it. */
  readonly account: string;
  /** ARN of the role or user; of another account its number, of a service its name. */
  readonly principal: string;
  readonly kind: PrincipalKind;
  /** The caller's. */
  readonly callerAccount?: string;
  readonly session?: string;
  /** What IAM calls `aws:userid`: `AROAEXAMPLE:<session>` of a role's session, `AIDAEXAMPLE` of a user. */
  readonly userId?: string;
  /** Of an IAM user, without path. */
  readonly userName?: string;
  readonly address?: string;
  readonly vpcEndpoint?: string;
  /** Whose the endpoint is; not all records tell. */
  readonly vpcEndpointAccount?: string;
  readonly userAgent?: string;
  /** The service of AWS that called on behalf of the principal. */
  readonly through?: string;
  /** Made in a session of the web console, by hand or by a page of it */
  readonly inConsole: boolean;
  readonly mfa: Mfa;
  /** `AccessDenied`, say; absent when the call succeeded. */
  readonly error?: string;
  /** As the caller named it; of a denied call also as AWS's refusal names it. */
  readonly secretId?: string;
  readonly versionId?: string;
  readonly label?: string;
  /** The KMS keys that it names, by id or ARN. */
  readonly kmsKeys: readonly string[];
  /** Of an UpdateSecret: what is to encrypt it from now on, as the caller named it. */
  readonly kmsKeyOfSecret?: string;
  /** Of a ConsoleLogin: whether it failed. */
  readonly signInFailed?: boolean;
}

/** A call that AWS refused for want of permission. */
export const isDenied = ({ error = '' }: RecordedCall) =>
  /^(AccessDenied|Unauthorized)/.test(error);

/**
 * Identity Center signs people in itself: AWS says `false` of MFA whether they used it or not. Anybody
 * may give a role such a name, but not such a path.
 * https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
 */
export const isIdentityCenter = ({ kind, principal }: Pick<RecordedCall, 'kind' | 'principal'>) =>
  kind === 'AssumedRole' && principal.includes(':role/aws-reserved/sso.amazonaws.com/');

/** A person rather than a program. A user's access key may be a program's: its MFA isn't known then. */
export const isPerson = (call: RecordedCall) =>
  call.kind === 'Root' || call.kind === 'IAMUser' || isIdentityCenter(call) || call.inConsole;

/** Where a person or a program sat: not known through a VPC endpoint or a service of AWS. */
export const addressOf = ({ vpcEndpoint, through, address }: RecordedCall) =>
  vpcEndpoint || through ? undefined : address;

/** Where it came from, told and counted by. */
export const sourceOf = ({ vpcEndpoint, address, through }: RecordedCall) =>
  vpcEndpoint ?? through ?? address ?? 'an unknown address';
