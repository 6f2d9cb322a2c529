import {
  DisabledException,
  KMSInvalidStateException,
  NotFoundException,
} from '@aws-sdk/client-kms';
import { DecryptionFailure, EncryptionFailure } from '@aws-sdk/client-secrets-manager';
import type { Clock } from './clock.ts';
import { raise } from './errors.ts';
import type { Ids } from './ids.ts';
import type { Place } from './place.ts';

const DAY = 86_400_000;

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly alias: string | undefined;
  readonly createdAt: Date;
  state: 'Enabled' | 'Disabled' | 'PendingDeletion';
  /** Until when the services still use it although it is disabled. */
  usableUntil: Date | undefined;
  /** When it is gone; set while it is pending deletion. */
  deletionAt: Date | undefined;
  rotation: { readonly days: number; readonly next: Date } | undefined;
  onDemandRotationsLeft: number;
}

export interface KeySeed {
  /** `alias/…` */
  readonly alias?: string;
  readonly enabled?: boolean;
  /** Days between automatic rotations. @default no automatic rotation */
  readonly rotationDays?: number;
  readonly onDemandRotationsLeft?: number;
}

/** The KMS keys of the account, and what the services that use one say when they can't. */
export class KeyRing {
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #place: Place;
  #keys: Key[] = [];

  constructor(clock: Clock, ids: Ids, place: Place) {
    this.#clock = clock;
    this.#ids = ids;
    this.#place = place;
  }

  add({ alias, enabled = true, rotationDays, onDemandRotationsLeft = 10 }: KeySeed): Key {
    const id = this.#ids.uuid();
    const createdAt = this.#clock.now();
    const key: Key = {
      id,
      arn: this.#arn(`key/${id}`),
      alias,
      createdAt,
      state: enabled ? 'Enabled' : 'Disabled',
      usableUntil: undefined,
      deletionAt: undefined,
      rotation: rotationDays === undefined ? undefined : everyDays(rotationDays, createdAt),
      onDemandRotationsLeft,
    };
    this.#keys.push(key);
    return key;
  }

  /** By id, ARN or alias. */
  find(keyId: string): Key {
    return this.#find(keyId) ?? raise(NotFoundException, this.#missing(keyId));
  }

  /** By id or ARN: AWS's reference names no alias for the calls that change a key. The wording isn't confirmed. */
  findNamed(keyId: string): Key {
    if (keyId.includes('alias/')) raise(NotFoundException, `Invalid keyId ${keyId}`);
    return this.find(keyId);
  }

  /** https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html */
  findNotPendingDeletion(keyId: string): Key {
    const key = this.findNamed(keyId);
    if (key.state === 'PendingDeletion') raise(KMSInvalidStateException, pendingDeletion(key));
    return key;
  }

  findEnabled(keyId: string): Key {
    const key = this.findNotPendingDeletion(keyId);
    if (key.state === 'Disabled') raise(DisabledException, disabled(key));
    return key;
  }

  /** Why a service can't use the key; nothing for a usable one, as AWS's own keys always are. */
  faultOf(keyId: string): string | undefined {
    if (keyId.startsWith('alias/aws/')) return undefined;
    const key = this.#find(keyId);
    if (!key) return this.#missing(keyId);
    if (key.state === 'PendingDeletion') return pendingDeletion(key);
    if (key.usableUntil && key.usableUntil > this.#clock.now()) return undefined;
    return key.state === 'Disabled' ? disabled(key) : undefined;
  }

  /** "Check that the KMS key is available, enabled, and not in an invalid state": EncryptionFailure's documentation. */
  encryptSecret(keyId: string | undefined): void {
    if (keyId === undefined || this.faultOf(keyId) === undefined) return;
    raise(EncryptionFailure, cant('encrypt'));
  }

  /** In the reference's list for GetSecretValue; which name a disabled key really gets isn't recorded. */
  decryptSecret(keyId: string | undefined): void {
    if (keyId === undefined || this.faultOf(keyId) === undefined) return;
    raise(DecryptionFailure, cant('decrypt'));
  }

  #find(keyId: string): Key | undefined {
    const now = this.#clock.now();
    this.#keys = this.#keys.filter(({ deletionAt }) => !deletionAt || deletionAt > now);
    return this.#keys.find(
      ({ id, arn, alias }) =>
        keyId === id ||
        keyId === arn ||
        (alias !== undefined && [alias, this.#arn(alias)].includes(keyId)),
    );
  }

  #missing(keyId: string): string {
    return `Key '${keyId.startsWith('arn:') ? keyId : this.#arn(`key/${keyId}`)}' does not exist`;
  }

  #arn(resource: string): string {
    return `arn:aws:kms:${this.#place.region}:${this.#place.account}:${resource}`;
  }
}

export function everyDays(days: number, from: Date) {
  return { days, next: new Date(from.getTime() + days * DAY) };
}

const disabled = ({ arn }: Key) => `${arn} is disabled.`;
const pendingDeletion = ({ arn }: Key) => `${arn} is pending deletion.`;

const cant = (verb: string) =>
  `Secrets Manager can't ${verb} the protected secret text using the provided KMS key.`;
