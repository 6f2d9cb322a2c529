import type { KeysError } from '../../errors.ts';
import type { Timer } from '../../ports.ts';
import { cut } from './cut.ts';
import { type Following, following, isInVain, type Judgement, type Refused } from './follow.ts';
import { keysToTry } from './keys.ts';
import type { Parcel } from './parcel.ts';
import type { BatchApi, SendingKey, SendingKeys } from './ports.ts';
import type { Suspect } from './suspect.ts';

export interface SendPorts {
  readonly api: BatchApi;
  readonly keys: SendingKeys;
  readonly timer: Timer;
}

/** What became of the events of a batch; each is in one of the lists. */
export interface Delivery {
  readonly taken: readonly Parcel[];
  /** When those were sent that Amplitude took last. */
  readonly takenAt?: Date;
  readonly refused: readonly Refused[];
  readonly suspects: readonly Suspect[];
  /** They come again with the queue. */
  readonly again: readonly Parcel[];
  /** Fingerprints of the keys that Amplitude rejected. */
  readonly rejected: readonly string[];
  /** No key is left: all were rejected, or can't be read. */
  readonly isOutOfKeys: boolean;
  /** Code of what kept events from being sent, and isn't the keys' rejection. */
  readonly stoppedBy?: string;
  /** Why a key couldn't be read. */
  readonly error?: KeysError;
}

const RETRIES = 2;
const BACKOFF_MS = 1_000;
/** Of events of which too much came; then they come again with the queue. */
const WAITS = 2;
/** Answers in a row that settle nothing: then it may not be the events, and a later time is better. */
const MOST_IN_VAIN = 48;
export const UNEXPLAINED_REFUSAL = 'refused_unexplained';

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
  readonly #suspects: (Refused & { readonly takenBefore: number })[] = [];
  readonly #again: Parcel[] = [];
  readonly #rejected: string[] = [];
  #key: SendingKey | undefined;
  #sentAt: Date;
  #takenAt: Date | undefined;
  #inVain = 0;
  #isOutOfKeys = false;
  #stoppedBy: string | undefined;
  #error: KeysError | undefined;

  constructor(ports: SendPorts, until: Date) {
    this.#ports = ports;
    this.#until = until;
    this.#sentAt = ports.timer.now();
    this.#candidates = keysToTry(ports.keys, (error) => {
      this.#error ??= error;
    });
  }

  async run(parcels: readonly Parcel[]): Promise<void> {
    let left = parcels;
    for (let waits = 0; left.length > 0; waits += 1) {
      const { later, waitMs } = await this.#sendAll(left);
      if (later.length > 0 && (waits === WAITS || !this.#hasTime(waitMs))) {
        this.#again.push(...later);
        this.#stoppedBy = 'throttled';
        return;
      }
      if (later.length > 0) await this.#ports.timer.sleep(waitMs);
      left = later;
    }
  }

  delivery(): Delivery {
    const isPassed = (before: number) => this.#taken.length > before;
    return {
      taken: this.#taken,
      refused: this.#refused,
      suspects: this.#suspects.map(({ takenBefore, ...one }) => ({
        ...one,
        isPassed: isPassed(takenBefore),
      })),
      again: this.#again,
      rejected: this.#rejected,
      isOutOfKeys: this.#isOutOfKeys,
      ...(this.#takenAt ? { takenAt: this.#takenAt } : {}),
      ...(this.#stoppedBy === undefined ? {} : { stoppedBy: this.#stoppedBy }),
      ...(this.#error ? { error: this.#error } : {}),
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
      this.#note(follows);
      later.push(...follows.later);
      waitMs = Math.max(waitMs, follows.waitMs);
      open.unshift(...follows.next);
    }
    return { later, waitMs };
  }

  #note(follows: Following): void {
    const takenBefore = this.#taken.length;
    this.#suspects.push(...follows.suspects.map((one) => ({ ...one, takenBefore })));
    this.#taken.push(...follows.taken);
    this.#refused.push(...follows.refused);
    this.#inVain = isInVain(follows) ? this.#inVain + 1 : 0;
    if (follows.taken.length > 0) this.#takenAt = this.#sentAt;
  }

  /** Amplitude's judgement of a batch, by the first key that it accepts; undefined: nothing more is sent. */
  async #ask(batch: readonly Parcel[]): Promise<Judgement | undefined> {
    for (let tries = 0; ; ) {
      this.#stoppedBy = this.#reasonToStop();
      const key = this.#stoppedBy === undefined ? await this.#nextKey() : undefined;
      if (!key) return undefined;
      this.#sentAt = this.#ports.timer.now();
      const sent = await this.#ports.api.send(
        key.value,
        batch.map(({ event }) => event),
      );
      if (sent.outcome === 'key rejected') {
        this.#rejected.push(key.fingerprint);
        this.#key = undefined;
      } else if (sent.outcome !== 'unavailable') {
        return sent;
      } else if (tries === RETRIES || !this.#hasTime(BACKOFF_MS * 2 ** tries)) {
        this.#stoppedBy = sent.reason;
        return undefined;
      } else {
        await this.#ports.timer.sleep(BACKOFF_MS * 2 ** tries);
        tries += 1;
      }
    }
  }

  #reasonToStop(): string | undefined {
    if (!this.#hasTime(0)) return 'out_of_time';
    return this.#inVain >= MOST_IN_VAIN ? UNEXPLAINED_REFUSAL : undefined;
  }

  /** The one in use, or the next one that is worth a try. */
  async #nextKey(): Promise<SendingKey | undefined> {
    if (this.#key) return this.#key;
    const { value, done } = await this.#candidates.next();
    this.#isOutOfKeys = done === true;
    this.#key = done ? undefined : value;
    return this.#key;
  }

  #hasTime(milliseconds: number): boolean {
    const { timer } = this.#ports;
    return timer.now().getTime() + milliseconds < this.#until.getTime();
  }
}
