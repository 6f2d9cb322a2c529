import type { KeyDocument, VersionValue } from './key-document.ts';
import type { ManagedKey } from './managed-key.ts';
import type { Fingerprint, SecretValue } from './secret-value.ts';
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
  /** Names of the environment's secrets. */
  list(environment: string): Promise<readonly string[]>;
  describe(secretId: string): Promise<SecretDescription>;
  read(secretId: string, versionId: string): Promise<VersionReading>;
  /** The version that consumers read. */
  readCurrent(secretId: string): Promise<VersionReading>;
  /** Stores the document under the token as AWSPENDING; the same document twice is no change. */
  putPending(secretId: string, token: string, document: KeyDocument): Promise<void>;
  /** Attaches, moves or takes off one label; taking off one that isn't attached is done too. */
  moveLabel(secretId: string, move: LabelMove): Promise<void>;
}

/** A key that an operator handed in. */
export interface StagedKey {
  /** The last part of the parameter's name: by rule the key's fingerprint. */
  readonly id: string;
  readonly value: SecretValue;
  /** The key's name in Amplitude's UI. */
  readonly name: string;
  readonly stagedAt?: Date;
}

export interface StagedKeys {
  list(environment: string, key: string): Promise<readonly StagedKey[]>;
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

export interface Notice {
  /** At most 100 ASCII characters. */
  readonly subject: string;
  readonly lines: readonly string[];
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

export interface Clock {
  now(): Date;
}

/** Facts worth a log line; the keys of `metadata` are allow-listed by the logger. */
export interface Journal {
  note(message: string, metadata?: Readonly<Record<string, string | number>>): void;
}
