import type {
  AmplitudeEndpoints,
  Audience,
  DataResidency,
  KeyKind,
  NotificationFormat,
  RiskWeights,
  Sensitivity,
  Standby,
  Verification,
} from '../lambda/contract.ts';

/** An ECS service in the stack's account and Region. */
export interface EcsServiceValues {
  readonly cluster: string;
  readonly service: string;
}

/**
 * A grant: who may read a key, named by `role`, by `account` and `roleName`, or by `principalTag`.
 * Whoever no grant names can't read it; whom several name is held to the end and conditions of each.
 */
export interface ConsumerValues {
  /**
   * ARN of its IAM role, or of its user; of another account too.
   * @default none
   */
  readonly role?: string;
  /**
   * With `roleName`: the account of the role, 12 digits. With `principalTag`: the account of those who
   * have the tag.
   * @default with `principalTag`, the stack's
   */
  readonly account?: string;
  /**
   * Name of its IAM role, with its path if it has one.
   * @default none
   */
  readonly roleName?: string;
  /**
   * A tag of the role, or of its session: who may read the key then changes without a deployment.
   * @default none
   */
  readonly principalTag?: { readonly key: string; readonly value: string };
  /** What it does with the key. */
  readonly purpose: string;
  /**
   * When the grant ends: `2027-01-31`, its beginning in UTC, or `2027-01-31T12:00:00Z`.
   * @default never
   */
  readonly expires?: string;
  /**
   * Seconds after `from` at which the grant ends.
   * @default never
   */
  readonly expiresIn?: number;
  /**
   * From when `expiresIn` counts, written like `expires`.
   * @default none; required with `expiresIn`
   */
  readonly from?: string;
  /**
   * Only reads through this VPC endpoint of Secrets Manager, `vpce-…`.
   * @default any way
   */
  readonly vpcEndpoint?: string;
  /**
   * Only principals of this organization in AWS Organizations, `o-…`.
   * @default any
   */
  readonly organization?: string;
  /**
   * The ECS service that is handed the next key by a new deployment.
   * @default none: it reads the key again by itself, or something else restarts it
   */
  readonly ecsService?: EcsServiceValues;
}

/** One Amplitude key, as a user writes it. */
export interface KeyValues {
  /** `ingestion`: a project API key. `secret`: the project's secret key, used with its API key. */
  readonly kind: KeyKind;
  /** Who holds it. A `browser` key is public; a new one gives each anonymous visitor a new device ID. */
  readonly audience: Audience;
  /** Team that answers for the key; becomes a tag. */
  readonly owner: string;
  /** What the key is for; becomes the secret's description. */
  readonly purpose: string;
  /**
   * Of a secret key: name of the API key that completes it, in this environment.
   * @default none; required for kind `secret`
   */
  readonly pairedWith?: string;
  /**
   * Days from one rotation to the next, 1–1000.
   * @default 90
   */
  readonly rotateEveryDays?: number;
  /**
   * Days a replaced key stays readable and unrevoked, 1–365, at most `rotateEveryDays`.
   * @default 30
   */
  readonly retainPreviousDays?: number;
  /**
   * Why the retention is below 30 days.
   * @default none; required below 30
   */
  readonly retentionReason?: string;
  /**
   * How Amplitude is asked whether it accepts the key: `query` writes nothing, `canary` sends one marked event.
   * @default 'query'
   */
  readonly verification?: Verification;
  /**
   * When the next key is expected to be staged: `always`, since an emergency needs one too, or only
   * `before due`, from the first reminder on.
   * @default 'always'
   */
  readonly standby?: Standby;
  /**
   * Whether what the key opens is sensitive: it raises the risk of a leak.
   * @default 'normal'
   */
  readonly sensitivity?: Sensitivity;
  /**
   * Who may read the key, at most 15.
   * @default none: nobody but the functions, CloudFormation and break-glass
   */
  readonly consumers?: readonly ConsumerValues[];
}

export interface AmplitudeValues {
  /** Name of the organisation in Amplitude's URLs: `app.amplitude.com/analytics/<organization>`. */
  readonly organization: string;
  /** Number of the project, from its settings page. */
  readonly projectId: string;
  /** Where Amplitude stores the project's data: it decides the endpoints. */
  readonly dataResidency: DataResidency;
  /**
   * Other base addresses, for a proxy in front of Amplitude.
   * @default Amplitude's own
   */
  readonly endpoints?: Partial<Record<DataResidency, Partial<AmplitudeEndpoints>>>;
}

/** Where CloudWatch Logs sends a copy of every log line, as it comes in. */
export interface LogSubscriptionValues {
  /**
   * ARN of a Firehose or Kinesis stream, a Lambda function (which has to allow
   * `logs.amazonaws.com` to invoke it) or a CloudWatch Logs destination, in the stack's Region.
   */
  readonly destinationArn: string;
  /**
   * ARN of the role with which CloudWatch Logs writes to the stream.
   * @default none; required for Firehose and Kinesis
   */
  readonly roleArn?: string;
}

/** OpenTelemetry traces of every function, by a layer of the AWS Distro for OpenTelemetry. */
export interface TracingValues {
  /** ARN and version of the layer for Node.js, in the stack's Region. */
  readonly layerArn: string;
  /**
   * Base address of an OTLP receiver over HTTP, without `/v1/traces`; a collector that asks for no
   * credential.
   * @default traces go to AWS X-Ray
   */
  readonly endpoint?: string;
}

/**
 * The access guard: a record of every read of a key that CloudTrail tells of, and an answer to those
 * that break these rules or are a risk. It sees nothing without a trail that records management
 * events with reads.
 */
export interface AccessGuardValues {
  /**
   * CIDR blocks, at most 50, that reads come from. Addresses of AWS services and of VPC endpoints
   * aren't judged by it.
   * @default none: from anywhere
   */
  readonly allowedRanges?: readonly string[];
  /**
   * CIDR blocks, at most 50, that no read may come from, allowed or not.
   * @default none
   */
  readonly deniedRanges?: readonly string[];
  /**
   * Reads within `withinMinutes`, of one key or from one source, 1–10,000: more are reported.
   * @default 100
   */
  readonly mostReads?: number;
  /**
   * Minutes in which reads are counted, 1–60.
   * @default 5
   */
  readonly withinMinutes?: number;
  /**
   * Whether a person's read without MFA is reported; one whose MFA isn't known never is.
   * @default true
   */
  readonly requireMfa?: boolean;
  /**
   * CIDR blocks, at most 50, of our own NAT gateways and offices: no quarantine denies an address in
   * them. About 100 blocks of all three lists fit a function's variables.
   * @default none: addresses that granted readers were seen at for days are known to be ours
   */
  readonly ownRanges?: readonly string[];
  /**
   * Days on which a granted principal has to be seen reading, 1–30, before it is known what is usual
   * for it; until then it is not quarantined.
   * @default 7
   */
  readonly learningDays?: number;
  /**
   * Percent of a risk that device, location and behaviour make, together 100: all three, or none.
   * @default { device: 30, location: 25, behaviour: 45 }
   */
  readonly weights?: RiskWeights;
  /**
   * Risk of a use, 1–100, from which on the topic is told of it.
   * @default 40
   */
  readonly notifyAt?: number;
  /**
   * Risk from which on its reader is quarantined, at least `notifyAt`.
   * @default 70
   */
  readonly quarantineAt?: number;
  /**
   * Risk from which on the key itself is revoked as well, at least `quarantineAt`; only with `answer`
   * `quarantine`.
   * @default never
   */
  readonly revokeAt?: number;
  /**
   * `quarantine` denies the keys to whoever is a risk; `observe` only says whom it would deny.
   * @default 'observe'
   */
  readonly answer?: 'observe' | 'quarantine';
  /**
   * Hours that a quarantine lasts, 1–168.
   * @default 24
   */
  readonly quarantineHours?: number;
  /**
   * Quarantines that may begin within an hour, 1–20: whoever is a risk beyond is only told of.
   * @default 5
   */
  readonly mostQuarantinesAnHour?: number;
  /**
   * Path of a database of countries in MaxMind's format, at most 100 MB, `GeoLite2-Country.mmdb` say;
   * relative to the folder of this file. It becomes a layer of the function.
   * @default none: from which country a read came is not judged
   */
  readonly geoDatabase?: string;
}

/** The role by which people act in an emergency, `AmplitudeKeys-<environment>-responder`. */
export interface ResponderValues {
  /** Only sessions with MFA may take the role. Sessions of IAM Identity Center don't tell theirs. */
  readonly requireMfa: boolean;
}

/** One environment, as a user writes it: one stack `AmplitudeKeys-<environment>`. */
export interface EnvironmentValues {
  /**
   * 12 digits.
   * @default the account of the caller's credentials
   */
  readonly account?: string;
  /**
   * AWS Region.
   * @default the Region of the caller's credentials
   */
  readonly region?: string;
  readonly amplitude: AmplitudeValues;
  /**
   * E-mail addresses of the notification topic; each has to confirm the mail AWS sends.
   * @default none
   */
  readonly notify?: readonly string[];
  /**
   * How notices are written: `text` for people who read mail, or `chat`, the JSON that Amazon Q
   * Developer shows in Slack, Teams or Chime once its chat configuration subscribes to the topic.
   * @default 'text'
   */
  readonly notificationFormat?: NotificationFormat;
  /**
   * Hours of the daily window, from midnight UTC, in which a due rotation starts; 1–24.
   * @default 4
   */
  readonly rotationWindowHours?: number;
  /**
   * ARN of the role that no deny holds back.
   * @default a role of the stack that the account may assume with MFA
   */
  readonly breakGlassRoleArn?: string;
  /**
   * How the responder role is taken.
   * @default { requireMfa: true }
   */
  readonly responder?: ResponderValues;
  /**
   * Name of the CloudWatch Logs group that CloudTrail delivers to, in the stack's account and
   * Region: an assessment asks it, however many reads there are.
   * @default none: the usage record of an access guard is asked, or CloudTrail's LookupEvents, within a bound
   */
  readonly cloudTrailLogGroup?: string;
  /**
   * Days without a read after which a grant is told as one to take back, 1–90: CloudTrail's event
   * history ends there.
   * @default 30
   */
  readonly reclaimAfterDays?: number;
  /**
   * Where the log lines of the functions, the audit trail and the usage record are sent as well.
   * @default nowhere
   */
  readonly logSubscription?: LogSubscriptionValues;
  /**
   * OpenTelemetry traces of the functions.
   * @default none
   */
  readonly tracing?: TracingValues;
  /**
   * Who reads the keys is recorded and judged by rules; `{}` takes their defaults.
   * @default none
   */
  readonly accessGuard?: AccessGuardValues;
  /**
   * What the keys below don't say themselves.
   * @default the defaults of each field
   */
  readonly keyDefaults?: Partial<KeyValues>;
  /** The keys by name; the secret of a key is `amplitude/<environment>/<name>`. */
  readonly keys: Readonly<Record<string, KeyValues>>;
}

/** The environments that this project deploys: one that is missing doesn't compile. */
export type Environments = Readonly<Record<'dev' | 'test' | 'prod', EnvironmentValues>>;
