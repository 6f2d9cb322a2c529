/** What the stack, the functions and `keyctl` agree on: names, tags, settings and payloads. Imports nothing. */

/** `ingestion` writes events; `secret` is the project's secret key, used with its API key. */
export type KeyKind = 'ingestion' | 'secret';
/** Who holds the key. A browser key is public by design. */
export type Audience = 'server' | 'browser';
/** `query` asks Amplitude without writing; `canary` sends one marked event. */
export type Verification = 'query' | 'canary';
/** Where Amplitude stores the project's data. */
export type DataResidency = 'US' | 'EU';

/** Base addresses of Amplitude in one data residency; no trailing slash. */
export interface AmplitudeEndpoints {
  readonly developer: string;
  readonly ingestion: string;
  readonly dashboard: string;
}

/** The functions of one environment, in the nouns that recur in lib, handlers and domain. */
export const FUNCTION_NOUNS = ['rotation', 'lifecycle', 'inspect'] as const;
export type FunctionNoun = (typeof FUNCTION_NOUNS)[number];

/** When a standby key is expected to be staged: all the time, or from the first reminder on. */
export type Standby = 'always' | 'before due';
/** How notices reach the topic: plain text for e-mail, or Amazon Q Developer's form for chats. */
export type NotificationFormat = 'text' | 'chat';

export const stackName = (environment: string) => `AmplitudeKeys-${environment}`;
export const functionName = (environment: string, noun: FunctionNoun) =>
  `amplitude-${environment}-${noun}`;
/** Of a function's role; CloudTrail names by it whoever read a secret. */
export const roleName = (environment: string, noun: FunctionNoun) =>
  `${stackName(environment)}-${noun}`;
/** Log group of the audit trail: a line for every transition of every key. */
export const trailGroupName = (environment: string) => `/amplitude/${environment}/trail`;
export const secretName = (environment: string, key: string) => `amplitude/${environment}/${key}`;
export const keyAlias = (environment: string) => `alias/amplitude/${environment}`;
export const stagedPath = (environment: string, key: string) =>
  `/amplitude/${environment}/${key}/staged`;
/** Above the staged keys of all keys; the slash at its end keeps it within the functions' permissions. */
export const environmentPath = (environment: string) => `/amplitude/${environment}/`;
/** A parameter is named by its key's fingerprint, so promoting one can't delete a later one. */
export const stagedName = (environment: string, key: string, fingerprint: string) =>
  `${stagedPath(environment, key)}/${fingerprint}`;

/**
 * The value of a secret that has no key yet. It lacks `apiKey`, so a consumer that reads it fails
 * at once instead of sending events with a wrong key. Frozen: CloudFormation would write an edited
 * literal as AWSCURRENT over the live key.
 */
export const PLACEHOLDER =
  '{"placeholder":"No Amplitude key yet. Stage the key in use, then rotate: npx keyctl stage --help"}';

/** Per-key settings travel as tags of its secret, where DescribeSecret returns them at no extra call. */
export const tag = {
  environment: 'amplitude-environment',
  key: 'amplitude-key',
  kind: 'amplitude-kind',
  audience: 'amplitude-audience',
  owner: 'amplitude-owner',
  verification: 'amplitude-verification',
  retainPreviousDays: 'amplitude-retain-previous-days',
  rotateEveryDays: 'amplitude-rotate-every-days',
  standby: 'amplitude-standby',
  pairedWith: 'amplitude-paired-with',
  /** `on` denies every read but those of the functions and break-glass. */
  lockdown: 'amplitude-lockdown',
} as const;

/** Tags in which the sweep keeps small facts: a reminder sent, an AWSPENDING first sighted. */
export const NOTE_TAG_PREFIX = 'amplitude-note-';

/** Environment variables of the functions. None ever holds a key. */
export const variable = {
  environment: 'ENVIRONMENT',
  organization: 'AMPLITUDE_ORGANIZATION',
  projectId: 'AMPLITUDE_PROJECT_ID',
  dataResidency: 'AMPLITUDE_DATA_RESIDENCY',
  /** JSON, `Record<DataResidency, AmplitudeEndpoints>`. */
  endpoints: 'AMPLITUDE_ENDPOINTS',
  topicArn: 'TOPIC_ARN',
  keysCmkArn: 'KEYS_CMK_ARN',
  /** `NotificationFormat` */
  notificationFormat: 'NOTIFICATION_FORMAT',
  /** How many addresses the configuration names. */
  addresses: 'NOTIFICATION_ADDRESSES',
} as const;

export const METRIC_NAMESPACE = 'AmplitudeKeys';
/** Counted per environment, dimension `environment`; the detail per key is in the logs. */
export const metric = {
  rotationSucceeded: 'RotationSucceeded',
  rotationFailed: 'RotationFailed',
  /** Of the key that was promoted longest ago. */
  daysSinceRotation: 'DaysSinceRotation',
  /** Of the key that is due first; negative when overdue. */
  daysUntilRotation: 'DaysUntilRotation',
  /** 1: every key that is expected to have a standby key has one. */
  stagedKeyReady: 'StagedKeyReady',
  retainedVersions: 'RetainedVersions',
  awaitingRevocation: 'AwaitingRevocation',
  oldestAwaitingRevocationHours: 'OldestAwaitingRevocationHours',
  /** 1: Amplitude accepted every current key when it was asked last. */
  currentKeyAccepted: 'CurrentKeyAccepted',
  /** Keys that a sweep could not look after. */
  keysNotSwept: 'KeysNotSwept',
} as const;

/** Payload of the read-only `inspect` function. `caller` is what the caller claims to be. */
export type InspectRequest = { readonly caller?: string } & (
  | { readonly action: 'inventory'; readonly key?: string }
  | { readonly action: 'verify'; readonly key: string }
  | { readonly action: 'which'; readonly fingerprint: string }
);

/** Where in its life a version is, read from its labels alone. */
export type VersionState =
  | 'current'
  | 'pending'
  | 'retained'
  | 'previous'
  | 'awaiting-revocation'
  | 'compromised'
  | 'foreign';

/** What a version holds, as far as it can be told without showing it. */
export type VersionContent = 'key' | 'placeholder' | 'empty' | 'malformed' | 'unreadable';

export interface VersionReport {
  readonly versionId: string;
  readonly labels: readonly string[];
  readonly state: VersionState;
  readonly content: VersionContent;
  readonly fingerprint?: string;
  /** The key's name in Amplitude's UI. */
  readonly name?: string;
  /** ISO 8601, UTC, as all times of this contract. */
  readonly createdAt?: string;
  readonly retainedUntil?: string;
  /** Since when it awaits its revocation, and since when Amplitude rejects it at every check. */
  readonly awaitingSince?: string;
  readonly rejectedSince?: string;
}

export interface StagedReport {
  readonly fingerprint: string;
  readonly name: string;
  readonly stagedAt?: string;
  /** Set when a rotation would refuse it: the code and sentence it would fail with. */
  readonly problem?: { readonly code: string; readonly message: string };
}

export interface KeyReport {
  readonly key: string;
  readonly secretArn: string;
  readonly kind: KeyKind;
  readonly audience: Audience;
  readonly owner: string;
  readonly rotationEnabled: boolean;
  readonly rotateEveryDays: number;
  /** When the current key was promoted; absent for a placeholder. */
  readonly promotedAt?: string;
  /** `rotateEveryDays` after that. */
  readonly dueAt?: string;
  /** What Amplitude said of the current key when a sweep asked last. */
  readonly lastCheck?: { readonly at: string; readonly verdict: VerdictWord };
  readonly lastRotatedAt?: string;
  readonly nextRotationAt?: string;
  readonly lastChangedAt?: string;
  readonly lockedDown: boolean;
  readonly versions: readonly VersionReport[];
  readonly staged: readonly StagedReport[];
  /** Why the staged keys couldn't be read; `staged` is empty then. */
  readonly stagedUnreadable?: string;
  /** Fingerprints the secret held before, oldest first. */
  readonly held: readonly string[];
  /** What a person has to do next, in order; empty when nothing. */
  readonly todo: readonly string[];
}

/** A key whose secret could not be read; the others are still reported. */
export interface UnreadableKey {
  readonly key: string;
  readonly error: { readonly code: string; readonly message: string };
}

/** The CMK of the environment's secrets and staged keys. */
export interface CmkReport {
  readonly arn: string;
  /** KMS's word: `Enabled`, `Disabled`, `PendingDeletion` … */
  readonly state: string;
  readonly rotationEnabled: boolean;
  readonly nextRotationAt?: string;
}

export interface InventoryReport {
  readonly environment: string;
  readonly at: string;
  /** Absent when KMS couldn't be asked; `cmkUnreadable` says why. */
  readonly cmk?: CmkReport;
  readonly cmkUnreadable?: string;
  readonly keys: readonly KeyReport[];
  readonly unreadable: readonly UnreadableKey[];
  readonly subscriptions: readonly { readonly endpoint: string; readonly confirmed: boolean }[];
}

export type VerdictWord = 'accepted' | 'rejected' | 'unknown';

export interface VerdictReport {
  readonly verdict: VerdictWord;
  /** Why, in one sentence with the HTTP status. */
  readonly explanation: string;
  /** What to do; absent when nothing is. */
  readonly remedy?: string;
  readonly endpoint: string;
  readonly httpStatus?: number;
}

export interface VerifyReport {
  readonly environment: string;
  readonly key: string;
  readonly at: string;
  readonly checks: readonly ({
    readonly state: VersionState | 'staged';
    readonly versionId?: string;
    readonly fingerprint: string;
    readonly name?: string;
  } & VerdictReport)[];
}

export interface WhichReport {
  readonly environment: string;
  readonly fingerprint: string;
  readonly matches: readonly {
    readonly key: string;
    readonly state: VersionState | 'staged' | 'held before';
    readonly versionId?: string;
    readonly name?: string;
  }[];
  /** Keys that could not be searched: the answer is incomplete. */
  readonly unreadable: readonly UnreadableKey[];
}
