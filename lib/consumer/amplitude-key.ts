import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { noKeyAccepted } from './refusal.ts';
import { checkSettings } from './settings.ts';
import { Vault } from './vault.ts';

/** The only error of this package: by its `code` a program tells one cause from another. */
export type { KeysError } from '../../lambda/domain/errors.ts';

export interface AmplitudeKeyOptions {
  /** Name or ARN of the secret: `amplitude/<env>/<key>`. */
  readonly secretId: string;
  /** Seconds until the secret is read again. @default 300 */
  readonly maxAge?: number;
  /** @default one that waits 2 seconds for an answer, twice; Region and credentials are the process's */
  readonly client?: SecretsManagerClient;
}

/** A key as its secret has it: `apiKey`, or of a secret key `secretKey`. */
export interface AmplitudeKey {
  readonly secretId: string;
  /** The key to send with now. While AWS can't be asked, the last one. */
  current(): Promise<string>;
  /** To be told that Amplitude doesn't accept a key. @returns another one to send with */
  rejected(key: string): Promise<string>;
}

/** @throws KeysError SETTING_INVALID */
export function amplitudeKey(options: AmplitudeKeyOptions): AmplitudeKey {
  const { secretId, maxAge = 300, client } = options ?? {};
  checkSettings(secretId, maxAge);
  return new RotatingKey(new Vault(secretId, maxAge, client));
}

/** Between two reads that are out of turn, and after one that failed. */
const PAUSE_MS = 10_000;
/** Amplitude may have been mistaken: after that a rejected key is tried again. */
const REJECTION_LASTS_MS = 300_000;

class RotatingKey implements AmplitudeKey {
  readonly #vault: Vault;
  readonly #rejectedAt = new Map<string, number>();
  #inUse: string | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #failure: unknown;
  #lastInLine: Promise<unknown> = Promise.resolve();

  constructor(vault: Vault) {
    this.#vault = vault;
  }

  get secretId(): string {
    return this.#vault.secretId;
  }

  current(): Promise<string> {
    return this.#inLine(() => this.#choose());
  }

  rejected(key: string): Promise<string> {
    this.#rejectedAt.set(key, performance.now());
    return this.#inLine(() => this.#choose());
  }

  /** Whoever waits finds what the one before has read. */
  #inLine(work: () => Promise<string>): Promise<string> {
    const turn = this.#lastInLine.then(work);
    this.#lastInLine = turn.catch(() => {});
    return turn;
  }

  async #choose(): Promise<string> {
    const current = await this.#readCurrent();
    const known = [current, this.#inUse].find((key) => this.#isUsable(key));
    this.#inUse = known ?? (await this.#firstRetained());
    if (this.#inUse === undefined) throw noKeyAccepted(this.secretId, this.#vault.unreadable);
    return this.#inUse;
  }

  /** Undefined while it can't be read and the key in use goes on. */
  async #readCurrent(): Promise<string | undefined> {
    const isInTrouble = !this.#isUsable(this.#inUse);
    const isRested = performance.now() - this.#askedAt >= PAUSE_MS;
    const isOutOfTurn = isInTrouble && isRested && this.#rejectedAt.size > 0;
    if (isRested) this.#failure = undefined;
    if (!this.#failure) {
      try {
        return await (isOutOfTurn ? this.#readAfresh() : this.#vault.current());
      } catch (error) {
        this.#failure = error;
        this.#askedAt = performance.now();
      }
    }
    if (isInTrouble) throw this.#failure;
    return undefined;
  }

  #readAfresh(): Promise<string> {
    this.#askedAt = performance.now();
    return this.#vault.currentAfresh();
  }

  async #firstRetained(): Promise<string | undefined> {
    for await (const key of this.#vault.retained()) {
      if (this.#isUsable(key)) return key;
    }
    return undefined;
  }

  #isUsable(key: string | undefined): key is string {
    if (key === undefined) return false;
    const rejectedAt = this.#rejectedAt.get(key);
    return rejectedAt === undefined || performance.now() - rejectedAt >= REJECTION_LASTS_MS;
  }
}
