import { asKeysError, type KeysError } from '../errors.ts';
import type { Timer } from '../ports.ts';
import { cut } from './cut.ts';
import { type Following, following, type Judgement, type Refused, UNEXPLAINED } from './follow.ts';
import { keysToTry } from './keys.ts';
import type { Parcel } from './parcel.ts';
import type { BatchApi, SendingKey, SendingKeys } from './ports.ts';

export interface SendPorts {
  readonly api: BatchApi;
  readonly keys: SendingKeys;
  readonly timer: Timer;
}

/** What became of the events of a batch; each is in one of the first three. */
export interface Delivery {
  readonly taken: readonly Parcel[];
  readonly refused: readonly Refused[];
  /** They come again with the queue. */
  readonly again: readonly Parcel[];
  /** Fingerprints of the keys that Amplitude rejected. */
  readonly rejected: readonly string[];
  /** All keys were rejected. */
  readonly isOutOfKeys: boolean;
  /** Of what stopped it before its end, and isn't the keys' rejection: Amplitude gave no answer, say. */
  readonly stoppedBy?: string;
  /** Why no further key could be read. */
  readonly error?: KeysError;
}

const RETRIES = 2;
const BACKOFF_MS = 1_000;
/** Of events of which too much came; then they come again with the queue. */
const WAITS = 2;
/** Batches in a row that Amplitude refuses without a word, and takes nothing: then it isn't the events. */
const MOST_UNEXPLAINED = 24;

/** Sends what it can until then; never throws. */
export async function send(
  ports: SendPorts,
  parcels: readonly Parcel[],
  until: Date,
): Promise<Delivery> {
  const sending = new Sending(ports, until);
  await sending.run(parcels);
  return sending.delivery();
}

class Sending {
  readonly #ports: SendPorts;
  readonly #until: Date;
  readonly #candidates: AsyncGenerator<SendingKey>;
  readonly #taken: Parcel[] = [];
  readonly #refused: Refused[] = [];
  readonly #suspects: Parcel[] = [];
  readonly #again: Parcel[] = [];
  readonly #rejected: string[] = [];
  #key: SendingKey | undefined;
  #unexplained = 0;
  #end: Pick<Delivery, 'stoppedBy' | 'error'> & { readonly isOutOfKeys?: true } = {};

  constructor(ports: SendPorts, until: Date) {
    this.#ports = ports;
    this.#until = until;
    this.#candidates = keysToTry(ports.keys);
  }

  async run(parcels: readonly Parcel[]): Promise<void> {
    let left = parcels;
    for (let waits = 0; left.length > 0; waits += 1) {
      const { later, waitMs } = await this.#sendAll(left);
      if (later.length > 0 && (waits === WAITS || !this.#hasTime(waitMs))) {
        this.#again.push(...later);
        this.#end = { stoppedBy: 'throttled' };
        return;
      }
      if (later.length > 0) await this.#ports.timer.sleep(waitMs);
      left = later;
    }
  }

  /** A fault of the request would refuse every event: one is suspected alone only beside others. */
  delivery(): Delivery {
    const isProven = this.#taken.length > 0;
    const suspected = this.#suspects.map((parcel) => ({ parcel, reason: UNEXPLAINED }));
    const { isOutOfKeys = false, ...end } = this.#end;
    return {
      taken: this.#taken,
      refused: isProven ? [...this.#refused, ...suspected] : this.#refused,
      again: isProven ? this.#again : [...this.#again, ...this.#suspects],
      rejected: this.#rejected,
      isOutOfKeys,
      ...end,
    };
  }

  /** @returns what to wait with */
  async #sendAll(parcels: readonly Parcel[]): Promise<Pick<Following, 'later' | 'waitMs'>> {
    const later: Parcel[] = [];
    let waitMs = 0;
    const open: (readonly Parcel[])[] = cut(parcels);
    for (let batch = open.shift(); batch; batch = open.shift()) {
      const judgement = await this.#ask(batch);
      if (!judgement) {
        this.#again.push(...batch, ...open.flat(), ...later);
        return { later: [], waitMs };
      }
      const follows = following(batch, judgement);
      this.#taken.push(...follows.taken);
      this.#refused.push(...follows.refused);
      this.#suspects.push(...follows.suspects);
      later.push(...follows.later);
      waitMs = Math.max(waitMs, follows.waitMs);
      open.unshift(...follows.next);
    }
    return { later, waitMs };
  }

  /** Amplitude's judgement of a batch, by the first key that it accepts; undefined: it ends, as `#end` tells. */
  async #ask(batch: readonly Parcel[]): Promise<Judgement | undefined> {
    for (let tries = 0; this.#maySend(); ) {
      const key = await this.#nextKey();
      if (!key) return undefined;
      const sent = await this.#ports.api.send(
        key.value,
        batch.map(({ event }) => event),
      );
      if (sent.outcome === 'key rejected') {
        this.#rejected.push(key.fingerprint);
        this.#key = undefined;
      } else if (sent.outcome !== 'unavailable') {
        if (sent.outcome === 'refused' && sent.reasons.size === 0) this.#unexplained += 1;
        return sent;
      } else if (tries === RETRIES || !this.#hasTime(BACKOFF_MS * 2 ** tries)) {
        this.#end = { stoppedBy: sent.reason };
        return undefined;
      } else {
        await this.#ports.timer.sleep(BACKOFF_MS * 2 ** tries);
        tries += 1;
      }
    }
    return undefined;
  }

  #maySend(): boolean {
    if (!this.#hasTime(0)) this.#end = { stoppedBy: 'out of time' };
    else if (this.#taken.length === 0 && this.#unexplained >= MOST_UNEXPLAINED) {
      this.#end = { stoppedBy: 'refused without a reason' };
    } else return true;
    return false;
  }

  /** The one in use, or the next one that is worth a try. */
  async #nextKey(): Promise<SendingKey | undefined> {
    if (this.#key) return this.#key;
    try {
      const { value, done } = await this.#candidates.next();
      if (done) this.#end = { isOutOfKeys: true };
      else this.#key = value;
    } catch (error) {
      this.#end = { error: asKeysError(error) };
    }
    return this.#key;
  }

  #hasTime(milliseconds: number): boolean {
    const { timer } = this.#ports;
    return timer.now().getTime() + milliseconds < this.#until.getTime();
  }
}
