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

/** The functions that every environment has, in the nouns that recur in lib, handlers and domain. */
export const FUNCTION_NOUNS = ['rotation', 'lifecycle', 'inspect', 'emergency'] as const;
export type CoreNoun = (typeof FUNCTION_NOUNS)[number];
/** The function of an environment with an access guard. */
export const GUARD_NOUN = 'access-guard' as const;
/** The functions of an environment with a relay. */
export const RELAY_NOUNS = ['relay-intake', 'relay-sender'] as const;
export type RelayNoun = (typeof RELAY_NOUNS)[number];
export type FunctionNoun = CoreNoun | typeof GUARD_NOUN | RelayNoun;

/** Parts that an environment may have or not. */
export interface Parts {
  readonly isGuarded: boolean;
  readonly isRelayed: boolean;
}
export const ALL_PARTS: Parts = { isGuarded: true, isRelayed: true };
/** All functions of an environment. */
export const nounsOf = ({ isGuarded, isRelayed }: Parts): readonly FunctionNoun[] => [
  ...FUNCTION_NOUNS,
  ...(isGuarded ? ([GUARD_NOUN] as const) : []),
  ...(isRelayed ? RELAY_NOUNS : []),
];

/** When a standby key is expected to be staged: all the time, or from the first reminder on. */
export type Standby = 'always' | 'before due';
/** Whether what the key opens is sensitive: it raises the risk of a leak. */
export type Sensitivity = 'normal' | 'sensitive';
/** How notices reach the topic: plain text for e-mail, or Amazon Q Developer's form for chats. */
export type NotificationFormat = 'text' | 'chat';

/** What the access guard is told by its configuration. Counts of reads are per key and per source. */
export interface GuardRules {
  /** CIDR blocks that reads may come from; none: from anywhere. */
  readonly allowedRanges: readonly string[];
  /** CIDR blocks that no read may come from, allowed or not. */
  readonly deniedRanges: readonly string[];
  /** More reads than this within so many minutes are too many. */
  readonly mostReads: number;
  readonly withinMinutes: number;
  /** Whether a person's read without MFA is reported; one whose MFA isn't known never is. */
  readonly requireMfa: boolean;
  /** CIDR blocks of our own NAT gateways and offices: no quarantine ever denies an address in them. */
  readonly ownRanges: readonly string[];
  /** Days on which a principal has to be seen reading before what it does can be unusual for it. */
  readonly learningDays: number;
  readonly weights: RiskWeights;
  /** Scores of a risk, 0–100, from which on it is told, and answered. */
  readonly notifyAt: number;
  readonly quarantineAt: number;
  /** From which on the key is revoked too. @default never */
  readonly revokeAt?: number;
  /** `observe`: only says what it would deny. */
  readonly answer: 'observe' | 'quarantine';
  readonly quarantineHours: number;
  /** More within an hour are only told. */
  readonly mostQuarantinesAnHour: number;
}

/** Percent, together 100, of the factors of a risk. */
export interface RiskWeights {
  readonly device: number;
  readonly location: number;
  readonly behaviour: number;
}

/** What the relay is told by its configuration. */
export interface RelaySettings {
  /** Name of the key that it sends with. */
  readonly key: string;
  /** `plain`: as Dify sends them, unless they are e-mail addresses; `hmac`: keyed digests. */
  readonly userIds: 'plain' | 'hmac';
  /** Of an execution's event in Amplitude, by what was executed. */
  readonly eventTypes: { readonly workflow: string; readonly chat: string };
  /** The name in Amplitude of each property that an execution has; `''` leaves it out. */
  readonly properties: Readonly<Record<RelayProperty, string>>;
  /** Of events that other programs post: which of their properties are let through. */
  readonly postedProperties: readonly string[];
  /** CIDR blocks that no request may come from. */
  readonly deniedRanges: readonly string[];
}
/** What an execution may tell of itself; nothing else leaves the intake. */
export const RELAY_PROPERTIES = [
  'workflow_id',
  'model_used',
  'app',
  'app_id',
  'status',
  'duration',
  'tokens',
  'version',
  'triggered_from',
] as const;
export type RelayProperty = (typeof RELAY_PROPERTIES)[number];

export const stackName = (environment: string) => `AmplitudeKeys-${environment}`;
export const functionName = (environment: string, noun: FunctionNoun) =>
  `amplitude-${environment}-${noun}`;
/** Of a function's role; CloudTrail names by it whoever read a secret. */
export const roleName = (environment: string, noun: FunctionNoun) =>
  `${stackName(environment)}-${noun}`;
/** Of the role that may read keys like a consumer: by it a lockdown is tried out. */
export const probeRoleName = (environment: string) => `${stackName(environment)}-probe`;
/** Log group of the audit trail: a line for every transition of every key. */
export const trailGroupName = (environment: string) => `/amplitude/${environment}/trail`;
/** Log group of the usage record: a line for every use of every key that CloudTrail told of. */
export const usageGroupName = (environment: string) => `/amplitude/${environment}/usage`;
/** What the access guard counts and remembers: reads by source, reports sent, the latest read. */
export const guardTableName = (environment: string) => `amplitude-${environment}-access-guard`;
/** Of that table: its partition key, a string, and after which second since 1970 DynamoDB may delete an item. */
export const guardTable = { id: 'id', expires: 'expires' } as const;
/** Id of the item that says which quarantines there are to be: functions beside the guard may touch this one alone. */
export const QUARANTINES_ITEM = 'quarantines';
/** Where events wait for the access guard, and where those wait that it couldn't judge. */
export const guardQueueName = (environment: string) => functionName(environment, GUARD_NOUN);
export const guardFailedQueueName = (environment: string) =>
  `${guardQueueName(environment)}-failed`;
/** Where events wait for the relay's sender, and where those wait that Amplitude will never take. */
export const relayQueueName = (environment: string) => `amplitude-${environment}-relay`;
export const relayFailedQueueName = (environment: string) =>
  `${relayQueueName(environment)}-failed`;
/** Models of executions that are under way, and what holds the sender back. */
export const relayTableName = (environment: string) => `amplitude-${environment}-relay`;
/** Of that table: as of the access guard's. */
export const relayTable = guardTable;
/** Before a trace in the id of the item that holds its calls of models. */
export const RELAY_TRACE = 'trace ';
/** The item of that table that is there while no key is accepted: why, since when, which keys were rejected. */
export const RELAY_HELD = 'held';
/** Before the id of a notice in that of the item by which one run alone tells it. */
export const RELAY_NOTICE = 'notice ';
/** Before an insert_id in that of the item that counts how often Amplitude refused the event alone. */
export const RELAY_REFUSED = 'refused ';
/** What the schedule hands to the sender, so that it looks whether it may go on. */
export const RELAY_WAKE = { action: 'wake' } as const;
/**
 * Secret of the relay's own: the token that programs present, in the field `token`. Those of
 * AWSCURRENT and AWSPREVIOUS are both taken. Outside the names of keys.
 */
export const relayTokenName = (environment: string) => `amplitude-relay/${environment}/token`;
/** Another, apart so that a new token leaves it alone: in `digestKey` the key of user ids' digests, for good. */
export const relayDigestKeyName = (environment: string) =>
  `amplitude-relay/${environment}/digest-key`;
/** The fields of these two. */
export const relaySecretField = { token: 'token', digestKey: 'digestKey' } as const;
/** Shows the token to whoever may see it, as Dify takes it; it is no argument of either program. */
export const readTokenCommand = (environment: string, region: string) =>
  [
    `aws secretsmanager get-secret-value --secret-id ${relayTokenName(environment)}`,
    `--region ${region} --query SecretString --output text | jq -r .${relaySecretField.token}`,
  ].join(' ');
/** Where the relay takes what: traces of OTLP/HTTP, and events as Amplitude's HTTP V2 API takes them. */
export const relayPath = { traces: '/v1/traces', events: '/v1/events' } as const;
/** Attributes of a message of the failed queue: a code, and when it was put there, ISO 8601. */
export const relayFailure = { reason: 'reason', failedAt: 'failed_at' } as const;
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
  sensitivity: 'amplitude-sensitivity',
  /** Who may read the key, numbered from 1: the ARN of a role or user, or `PrincipalTag/team=web`. */
  consumer: (number: number) => `amplitude-consumer-${number}`,
  /** When the grant of that consumer ends, ISO 8601. */
  consumerExpires: (number: number) => `amplitude-consumer-${number}-expires`,
  /** `cluster/service` of the ECS service by which that consumer is handed the next key. */
  consumerEcs: (number: number) => `amplitude-consumer-${number}-ecs`,
  pairedWith: 'amplitude-paired-with',
  /** `on` denies every read but those of the functions and break-glass. */
  lockdown: 'amplitude-lockdown',
  /** Who is denied every read, numbered from 1 to `QUARANTINE_TAGS`: words between spaces. */
  quarantine: (number: number) => `amplitude-quarantine-${number}`,
} as const;

/** So many tags of a secret hold who is quarantined, and its policy a deny for each. */
export const QUARANTINE_TAGS = 4;
/** Before the first word of such a tag and after its last, so that each has a space on both sides. */
export const QUARANTINE_MARK = 'denied';

/** Tags in which the sweep keeps small facts: a reminder sent, an AWSPENDING first sighted. */
export const NOTE_TAG_PREFIX = 'amplitude-note-';

/** Those that a rotation writes too; it may write no other tag. */
export const handOverNote = {
  /** The version that became current last and when, where ECS services are to be handed it. */
  handOver: `${NOTE_TAG_PREFIX}hand-over`,
  /** The version whose event could not be sent, and who promoted it. */
  unannounced: `${NOTE_TAG_PREFIX}unannounced`,
} as const;

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
  /** ARN, of `probeRoleName`. */
  probeRoleArn: 'PROBE_ROLE_ARN',
  /** CloudTrail's log group in CloudWatch Logs; empty where there is none. */
  cloudTrailLogGroup: 'CLOUDTRAIL_LOG_GROUP',
  /** Days without a read after which a grant counts as unused. */
  reclaimAfterDays: 'RECLAIM_AFTER_DAYS',
  /** `NotificationFormat` */
  notificationFormat: 'NOTIFICATION_FORMAT',
  /** JSON, `GuardRules`, of the access guard and of those that ask its usage record or its table; empty or absent without an access guard. */
  guardRules: 'GUARD_RULES',
  /** Path of the database of countries, within the function; empty without one. */
  geoDatabase: 'GEO_DATABASE',
  /** ARN of the bootstrap's role by which CloudFormation deploys; only of the access guard. */
  deployRoleArn: 'DEPLOY_ROLE_ARN',
  /** ARN of the role for emergencies by hand, which no quarantine is about; only of the access guard. */
  breakGlassRoleArn: 'BREAK_GLASS_ROLE_ARN',
  /** JSON, `RelaySettings`, of the relay's functions. */
  relay: 'RELAY',
  relayQueueUrl: 'RELAY_QUEUE_URL',
  relayFailedQueueUrl: 'RELAY_FAILED_QUEUE_URL',
  /** Name of the access guard's table, whose quarantined addresses the relay's intake turns away; absent without a guard. */
  guardTable: 'GUARD_TABLE',
  /** How many addresses the configuration names. */
  addresses: 'NOTIFICATION_ADDRESSES',
} as const;

/** On the account's default event bus, whenever another key becomes current. */
export const keyRotatedEvent = {
  source: 'amplitude-keys',
  detailType: 'Amplitude Key Rotated',
} as const;

/** On the same bus, for a firewall or a SIEM, whenever a reader of a key is quarantined. */
export const readerQuarantinedEvent = {
  source: keyRotatedEvent.source,
  detailType: 'Amplitude Reader Quarantined',
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
  /** Services that were not handed the current key, and events about it that were not sent. */
  handOverFailed: 'HandOverFailed',
  /** Keys that a sweep could not look after. */
  keysNotSwept: 'KeysNotSwept',
} as const;

/** Counted by the access guard per environment, dimension `environment`; the detail is in the usage record. */
export const guardMetric = {
  /** Reads of keys, the sweep's among them: none for hours means no trail that records them. */
  readsSeen: 'GuardReadsSeen',
  /** Uses, changes and sign-ins that a rule found suspicious, reported before or not. */
  suspiciousUses: 'GuardSuspiciousUses',
  /** The highest score of a risk, 0–100, among the uses of a batch. */
  highestRisk: 'GuardHighestRisk',
  /** Quarantines that began. */
  quarantines: 'GuardQuarantines',
} as const;

/** Counted by the relay per environment, dimension `environment`. */
export const relayMetric = {
  /** Events that the intake put into the queue. */
  received: 'RelayEventsReceived',
  /** Requests that it refused, for whatever reason. */
  refused: 'RelayRequestsRefused',
  /** Those of them that were no fault of their sender, who tries again: Dify for half a minute. */
  unavailable: 'RelayRequestsUnavailable',
  /** Fields that it left out, since they may hold what people wrote. */
  scrubbed: 'RelayFieldsScrubbed',
  /** Events that Amplitude took. */
  sent: 'RelayEventsSent',
  /** Events that Amplitude will never take. */
  failed: 'RelayEventsFailed',
  /** Of the events of a batch, the longest time from the execution's end to Amplitude's answer. */
  delaySeconds: 'RelayDelaySeconds',
  /** Of events that come again since Amplitude didn't take them, the longest time since the intake did. */
  waitingSeconds: 'RelayWaitingSeconds',
  /** 1: no key that the sender can read is accepted, and it waits for the next. */
  held: 'RelayHeld',
} as const;
