import type { CmkReport } from '../payloads.ts';
import type { Activity, ActivityQuestion } from './activity.ts';
import type { EcsService } from './consumer.ts';
import type { KeysError } from './errors.ts';
import type { KeyDocument, VersionValue } from './key-document.ts';
import type { ManagedKey } from './managed-key.ts';
import type { History, HistoryQuestion } from './readers/history.ts';
import type { Fingerprint, SecretValue } from './secret-value.ts';
import type { Transition } from './transition.ts';
import type { Verdict } from './verdict.ts';
import type { SecretDescription } from './versions.ts';

export interface LabelMove {
  readonly label: string;
  readonly to?: string;
  readonly from?: string;
}

export type VersionReading = VersionValue & { readonly createdAt?: Date };

/** Secrets Manager, as far as this worker needs it. */
export interface Secrets {
  /** Names of the environment's secrets, those marked for deletion included. */
  list(environment: string): Promise<readonly string[]>;
  describe(secretId: string): Promise<SecretDescription>;
  read(secretId: string, versionId: string): Promise<VersionReading>;
  /** The version that consumers read. */
  readCurrent(secretId: string): Promise<VersionReading>;
  /** Stores the document under the token as AWSPENDING; the same document twice is no change. */
  putPending(secretId: string, token: string, document: KeyDocument): Promise<void>;
  /** Stores the document under these labels alone; the same document twice is no change. */
  putLabelled(
    secretId: string,
    token: string,
    document: KeyDocument,
    labels: readonly string[],
  ): Promise<void>;
  /** Attaches, moves or takes off one label; taking off one that isn't attached is done too. */
  moveLabel(secretId: string, move: LabelMove): Promise<void>;
  /** Keeps a small fact as a tag. */
  remember(secretId: string, tag: string, value: string): Promise<void>;
  forget(secretId: string, tag: string): Promise<void>;
  /** Asks Secrets Manager for a rotation; one that is under way already is done too. */
  startRotation(secretId: string): Promise<void>;
}

/** A key that an operator handed in. */
export interface StagedKey {
  /** The last part of the parameter's name: by rule the key's fingerprint. */
  readonly id: string;
  readonly value: SecretValue;
  /** The key's name in Amplitude's UI; absent on one put by hand. */
  readonly name?: string;
  readonly stagedAt?: Date;
}

export interface StagedKeys {
  list(environment: string, key: string): Promise<readonly StagedKey[]>;
  /** All of the environment, by the name of their key. */
  listAll(environment: string): Promise<ReadonlyMap<string, readonly StagedKey[]>>;
  /** One that is gone already is done too. */
  remove(environment: string, key: string, fingerprint: Fingerprint): Promise<void>;
}

/** A key and what Amplitude needs to judge it. */
export interface Credential {
  readonly managed: Pick<ManagedKey, 'kind' | 'verification'>;
  readonly value: SecretValue;
  /** The API key of the pair when `value` is a secret key. */
  readonly apiKey?: SecretValue;
}

export interface Vendor {
  /** Never throws: what isn't an answer is the verdict `unknown`. */
  ask(credential: Credential): Promise<Verdict>;
}

export interface NoticePart {
  /** Lines. */
  readonly happened: readonly string[];
  /** What a person has to do; absent when nothing. */
  readonly todo?: string;
}

export interface Notice {
  /** At most 100 ASCII characters. */
  readonly subject: string;
  readonly parts: readonly NoticePart[];
}

export interface Notifier {
  notify(notice: Notice): Promise<void>;
}

export interface Subscription {
  readonly endpoint: string;
  readonly confirmed: boolean;
}

export interface Subscriptions {
  list(): Promise<readonly Subscription[]>;
}

/** The CMK of the secrets and staged keys. */
export interface Cmk {
  describe(): Promise<CmkReport>;
}

/** Turning the CMK off makes every read fail, of keys and of staged keys. */
export interface CmkSwitch {
  disable(): Promise<void>;
  enable(): Promise<void>;
}

/** What keeps a reader out: a deny in the secret's policy, or a CMK that doesn't decrypt. */
export type Refusal = 'policy' | 'cmk';

/** A reader that is exempt from no deny. */
export interface Probe {
  /** Why a read of the current value is refused, if it is; the value itself goes nowhere. */
  refusal(secretId: string): Promise<Refusal | undefined>;
}

/** One read of a secret's value by somebody else than this worker. */
export interface Read {
  /** As its reader named the secret: by name, by ARN, or by ARN without the random end. */
  readonly secretId: string;
  readonly at: Date;
  /** ARN of the role or user; of a service its name. */
  readonly principal: string;
  readonly versionId?: string;
  readonly label?: string;
}

export interface RecentReads {
  readonly reads: readonly Read[];
  /** False: there may be more, the search stopped at its bound or failed. */
  readonly complete: boolean;
}

export interface ReadLog {
  /** Reads of the account's secrets since then; never throws. */
  since(from: Date): Promise<RecentReads>;
}

/** What CloudTrail knows of one key. */
export interface ActivityLog {
  /** Never throws: what it couldn't find out is told in the answer's `source`. */
  about(question: ActivityQuestion): Promise<Activity>;
}

/** What CloudTrail knows of the readers of all keys of an environment. */
export interface ReadHistory {
  /** Never throws: what it couldn't find out is told in the answer's `source`. */
  of(question: HistoryQuestion): Promise<History>;
}

/** A deployment of an ECS service that began since some time. */
export interface ServiceDeployment {
  readonly createdAt: Date;
  readonly progress: 'running' | 'successful' | 'failed';
  /** ECS's own words: `ROLLBACK_SUCCESSFUL`, say, and its reason. */
  readonly told: string;
}

export interface ServiceTask {
  /** Its key was read after that. */
  readonly createdAt: Date;
  /** It has started, and so has read its key. */
  readonly runs: boolean;
}

/** ECS services, which read a key when their tasks start. */
export interface Services {
  /**
   * Newest first.
   * @throws KeysError SERVICE_NOT_FOUND, or what AWS's refusal is called everywhere
   */
  deploymentsSince(service: EcsService, since: Date): Promise<readonly ServiceDeployment[]>;
  /** Those that run or are about to. */
  tasks(service: EcsService): Promise<readonly ServiceTask[]>;
  /** A new deployment of the same task definition. */
  restart(service: EcsService): Promise<void>;
}

/** Another key is current; never the key itself. */
export interface KeyRotated {
  readonly environment: string;
  readonly key: string;
  readonly secretArn: string;
  readonly fingerprint: Fingerprint;
  readonly version: string;
  readonly by: 'rotation' | 'revoke' | 'rollback';
}

/** The event bus, for whatever else hangs on a rotation. */
export interface Announcer {
  announce(event: KeyRotated): Promise<void>;
}

/** The emergency function, as far as the sweep needs it. */
export interface Emergency {
  lock(key: string, reason: string): Promise<void>;
}

/** The audit trail. */
export interface Trail {
  record(transitions: readonly Transition[]): Promise<void>;
}

/** Lets at most so many pieces of work run at once; the rest wait. */
export type AtOnce = (most: number) => <Result>(work: () => Promise<Result>) => Promise<Result>;

export interface Clock {
  now(): Date;
}

/** A clock by which one can also wait. */
export interface Timer extends Clock {
  sleep(milliseconds: number): Promise<void>;
}

/** Facts worth a log line; the keys of `metadata` are allow-listed by the logger. */
export interface Journal {
  note(message: string, metadata?: Readonly<Record<string, string | number>>): void;
  /** Somebody was not handed the current key, or not told of it; it alarms. */
  handOverFailed(error: KeysError): void;
}
