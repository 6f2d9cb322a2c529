import { DisabledException, NotFoundException } from '@aws-sdk/client-kms';
import { DecryptionFailure, EncryptionFailure } from '@aws-sdk/client-secrets-manager';
import type { Clock } from './clock.ts';
import { raise } from './errors.ts';
import type { Ids } from './ids.ts';
import type { Place } from './place.ts';

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly alias: string | undefined;
  readonly createdAt: Date;
  enabled: boolean;
  rotation: { readonly days: number; readonly next: Date } | undefined;
  onDemandRotationsLeft: number;
}

export interface KeySeed {
  /** `alias/…` */
  readonly alias?: string;
  readonly enabled?: boolean;
  readonly onDemandRotationsLeft?: number;
}

/** The KMS keys of the account, and what the services that use one say when they can't. */
export class KeyRing {
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #place: Place;
  readonly #keys: Key[] = [];

  constructor(clock: Clock, ids: Ids, place: Place) {
    this.#clock = clock;
    this.#ids = ids;
    this.#place = place;
  }

  add({ alias, enabled = true, onDemandRotationsLeft = 10 }: KeySeed): Key {
    const id = this.#ids.uuid();
    const arn = this.#arn(`key/${id}`);
    const createdAt = this.#clock.now();
    const key = { id, arn, alias, enabled, createdAt, onDemandRotationsLeft, rotation: undefined };
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

  findEnabled(keyId: string): Key {
    const key = this.findNamed(keyId);
    if (!key.enabled) raise(DisabledException, disabled(key));
    return key;
  }

  /** Why a service can't use the key; nothing for a usable one, as AWS's own keys always are. */
  faultOf(keyId: string): string | undefined {
    if (keyId.startsWith('alias/aws/')) return undefined;
    const key = this.#find(keyId);
    if (!key) return this.#missing(keyId);
    return key.enabled ? undefined : disabled(key);
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

const disabled = ({ arn }: Key) => `${arn} is disabled.`;

const cant = (verb: string) =>
  `Secrets Manager can't ${verb} the protected secret text using the provided KMS key.`;
