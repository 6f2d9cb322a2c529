import type { Audience, KeyKind } from './contract.ts';

/** What the functions are invoked with and answer: agreed between them and `keyctl`. */

/** Payload of the read-only `inspect` function. `caller` is what the caller claims to be. */
export type InspectRequest = { readonly caller?: string } & (
  | { readonly action: 'inventory'; readonly key?: string }
  | { readonly action: 'verify'; readonly key: string }
  | { readonly action: 'which'; readonly fingerprint: string }
  | {
      readonly action: 'assess';
      readonly key: string;
      readonly version?: VersionChoice;
      /** Back from now, 1–2160. @default 72 */
      readonly hours?: number;
    }
  | { readonly action: 'readers'; readonly key?: string }
  | { readonly action: 'quarantines' }
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

/**
 * How far an ECS service is with the current key: its tasks read it, a deployment since the
 * promotion runs, none was begun, or it failed; `unknown`: ECS gave no answer.
 */
export type StandingWord =
  | 'has it'
  | 'restarting'
  | 'still on the previous key'
  | 'failed'
  | 'not found'
  | 'unknown';

/** Whom a key is granted to, as the tags of its secret tell. */
export interface ConsumerReport {
  /** ARN of a role or user, or `PrincipalTag/team=web`. */
  readonly principal: string;
  /** When its grant ends. */
  readonly expires?: string;
  /** `cluster/service`, of one that is handed the key by a restart; any other reads it by itself. */
  readonly service?: string;
  /** Of that service; absent while no key is current, or once the grant is over. */
  readonly standing?: StandingWord;
  /** When the key became current that it is about. */
  readonly since?: string;
  readonly why?: string;
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
  /** Absent in the answer of a function of an earlier version. */
  readonly consumers?: readonly ConsumerReport[];
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

/** A reader who is denied the keys of the environment until some time, and why. */
export interface QuarantineReport {
  /** 8 hex digits. */
  readonly id: string;
  /** What is denied, as policies see it; at least one of them. */
  readonly denied: {
    /** `aws:userid` of a session or user. */
    readonly session?: string;
    /** ARN of a role or user. */
    readonly principal?: string;
    readonly address?: string;
  };
  /** ARN of the role or user that read; of another account its number. */
  readonly principal: string;
  /** The key that was read; absent for a sign-in. */
  readonly key?: string;
  readonly score: number;
  readonly reasons: readonly string[];
  /** CloudTrail's. */
  readonly eventId: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly until: string;
}

export interface QuarantinesReport {
  readonly environment: string;
  readonly at: string;
  /** Whether the guard denies, or only says what it would; absent without an access guard. */
  readonly answer?: 'observe' | 'quarantine';
  /** By the time they began. */
  readonly quarantines: readonly QuarantineReport[];
  /** Keys whose secrets' tags aren't yet as they are to be: the hourly sweep sees to them. */
  readonly pending: readonly string[];
}

/** What became of a release. */
export interface ReleaseReport {
  readonly environment: string;
  readonly at: string;
  readonly reason: string;
  readonly released: QuarantineReport;
  /** Keys whose tags couldn't be changed yet, and why; the hourly sweep sees to them. */
  readonly left: readonly string[];
  /** Ids of other quarantines that deny some of the same; absent when none. */
  readonly stillDeniedBy?: readonly string[];
  /** Why the audit trail or the topic wasn't told; the same call again tells it. */
  readonly untold?: readonly string[];
}

/** The access guard, where there is one. */
export interface GuardReport {
  /** When the latest read of a key happened that it saw; absent before the first. */
  readonly latestReadAt?: string;
  /** Whether it denies, or only says what it would; absent in the answer of an earlier version. */
  readonly answer?: 'observe' | 'quarantine';
  /** Readers who are denied the keys now; absent where it only observes. */
  readonly quarantined?: number;
  /** Why its memory couldn't be asked. */
  readonly unreadable?: string;
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
  /** Absent in an environment without an access guard. */
  readonly guard?: GuardReport;
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
  /** Keys that could not be searched, or not all of them: the answer is incomplete. */
  readonly unreadable: readonly UnreadableKey[];
}

/** `current`, `previous`, `staged`, or a version id. */
export type VersionChoice = string;

/** Payload of the `emergency` function. `caller` is what the caller claims to be. */
export type EmergencyRequest = {
  /** Why; it goes into the audit trail. */
  readonly reason: string;
  /** Tells the plan and changes nothing. @default false */
  readonly dryRun?: boolean;
  readonly caller?: string;
} & (
  | { readonly action: 'revoke'; readonly key: string; readonly version?: VersionChoice }
  | { readonly action: 'rollback'; readonly key: string; readonly version?: VersionChoice }
  | { readonly action: 'lockdown' | 'unlock'; readonly scope: 'key'; readonly key: string }
  | { readonly action: 'lockdown' | 'unlock'; readonly scope: 'environment' }
);
/** To the same function: ends a quarantine before its time. `reason` and `caller` as above. */
export interface ReleaseRequest {
  readonly action: 'release';
  /** Id of the quarantine. */
  readonly quarantine: string;
  readonly reason: string;
  readonly caller?: string;
}
export type EmergencyAction = EmergencyRequest['action'];

/** A key as it may be named. */
export interface KeyIdentity {
  readonly versionId?: string;
  readonly fingerprint?: string;
  /** In Amplitude's UI. */
  readonly name?: string;
}

/** Whoever holds the value can use it until Revoke is pressed at Amplitude. */
export interface Truth {
  /** What is to be pressed, where, and whether it is done; the first line of every report. */
  readonly text: string;
  /** What Amplitude says of the leaked key; `unknown`: it wasn't asked or gave no answer. */
  readonly revoked: 'yes' | 'no' | 'unknown';
}

/** One step of a plan, and when it was done. */
export interface PlanStep {
  readonly what: string;
  /** Absent in a dry run, and for what wasn't reached. */
  readonly doneAt?: string;
  /** Why it couldn't be done. */
  readonly failed?: string;
  /** What of it the hourly sweep goes on with, and why. */
  readonly later?: string;
}

/** A lockdown counts only once a read by a role that isn't exempt was seen to fail. */
export interface Containment {
  readonly contained: boolean;
  readonly proof: string;
}

/** What the `emergency` function answers. */
export interface EmergencyReport {
  readonly truth: Truth;
  readonly environment: string;
  readonly action: EmergencyAction;
  readonly key?: string;
  readonly scope?: 'key' | 'environment';
  readonly dryRun: boolean;
  readonly reason: string;
  /** When it was declared: the invocation's time. */
  readonly at: string;
  readonly tookMs: number;
  /** The key that is out of readers' reach, or will be. */
  readonly leaked?: KeyIdentity;
  /** The key that consumers read from now on. */
  readonly next?: KeyIdentity;
  readonly plan: readonly PlanStep[];
  readonly contained?: Containment;
  /** What is left for a person, in order. */
  readonly left: readonly string[];
}

/** One reader of a key, within the time asked about. */
export interface ReaderReport {
  /** ARN of the role or user; of a service its name. */
  readonly principal: string;
  /** Names of the role's sessions, a few. */
  readonly sessions: readonly string[];
  /** Source addresses and VPC endpoints, a few. */
  readonly from: readonly string[];
  readonly userAgents: readonly string[];
  readonly reads: number;
  /** Of these, reads that named a version id. */
  readonly byVersionId: number;
  readonly first: string;
  readonly last: string;
  /** A consumer of the configuration, or a function of this stack. */
  readonly known: boolean;
}

/** Something done to the secret, its policy or the CMK, or a use of the CMK, by whom and how often. */
export interface ActivityReport {
  /** `PutResourcePolicy`, say. */
  readonly event: string;
  readonly principal: string;
  readonly count: number;
  readonly last: string;
}

export type RiskLevel = 'high' | 'medium' | 'low';

/** Answer to `assess`: who used a key in the last hours, as far as AWS can tell. */
export interface AssessReport {
  readonly truth: Truth;
  readonly environment: string;
  readonly key: string;
  readonly leaked: KeyIdentity;
  readonly at: string;
  readonly hours: number;
  readonly source: {
    readonly kind: 'logs-insights' | 'lookup-events' | 'usage-record';
    /** What it covers and by how much it lags, in a sentence. */
    readonly covers: string;
    /** False: it stopped at its bound, there may be more. */
    readonly complete: boolean;
    /** AWS calls made. */
    readonly calls: number;
    readonly bytesScanned?: number;
    readonly priceUsd?: number;
  };
  readonly reads: number;
  readonly first?: string;
  readonly last?: string;
  /** ISO hour and reads; hours without any are left out. */
  readonly byHour: readonly { readonly hour: string; readonly reads: number }[];
  readonly readers: readonly ReaderReport[];
  /** Reads of the staged parameter, decrypts under the CMK, changes. */
  readonly activity: readonly ActivityReport[];
  readonly risk: { readonly level: RiskLevel; readonly reasons: readonly string[] };
  /** What AWS can't see. */
  readonly blind: readonly string[];
}

/** Whom a key is granted to, as the tags of its secret tell. */
export interface ConsumerReport {
  /** ARN of a role or user, or `PrincipalTag/team=web`. */
  readonly principal: string;
  readonly expires?: string;
}

/** Reads of one key by one principal in the last 90 days. */
export interface PrincipalReads {
  /** ARN of the role or user; of a reader of another account the account's number. */
  readonly principal: string;
  readonly in72Hours: number;
  /** Reads of the last 72 hours by the hour in which each began, in UTC, earliest first and without hours of none; absent: not known. */
  readonly hours?: readonly { readonly hour: string; readonly reads: number }[];
  readonly in30Days: number;
  readonly last?: string;
  /** Reads that AWS refused, in 30 days. */
  readonly refusedIn30Days: number;
  readonly lastRefused?: string;
  /** The highest of its uses, 0–100, by the access guard's usage record; absent: none is known. */
  readonly risk?: number;
}

/** Whom a key is granted to, and who reads it. */
export interface KeyReadersReport {
  readonly key: string;
  /** Every read since then was seen; absent: nothing is sure. */
  readonly since?: string;
  /** Every read since then is among `hours`; absent: nothing of them is sure. */
  readonly hoursSince?: string;
  readonly consumers: readonly ConsumerReport[];
  /** Without this worker's own roles. */
  readonly readers: readonly PrincipalReads[];
}

/** Answer to `readers`. */
export interface ReadersReport {
  readonly environment: string;
  readonly at: string;
  readonly source: AssessReport['source'] & {
    /** Every read of the account since then was seen; absent: nothing is sure. */
    readonly since?: string;
    /** What went wrong with the asking. */
    readonly failure?: string;
  };
  readonly keys: readonly KeyReadersReport[];
  readonly unreadable: readonly UnreadableKey[];
  /** Who is denied all of the keys now; absent without an access guard. */
  readonly quarantined?: readonly Pick<QuarantineReport, 'id' | 'principal' | 'until'>[];
  /** Why they couldn't be asked for. */
  readonly quarantinesUnreadable?: string;
}
