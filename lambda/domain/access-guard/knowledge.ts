import type { KeyReport } from '../../payloads.ts';
import { asKeysError, type KeysError } from '../errors.ts';
import type { Known } from './known.ts';
import type { Inventory } from './ports.ts';

/** So long an answer holds, unless a batch shows that something has changed since. */
const HOLDS_MS = 5 * 60_000;
/** And at most so often `inspect` is asked, whose reads come back as events. */
const PAUSE_MS = 60_000;

/** What shows that an answer is out of date. */
export interface Signs {
  /** When a secret was changed last. */
  readonly changedAt?: Date;
  /** Whether a read named a version, or a key, that the answer doesn't have. */
  isUnknown(known: Known): boolean;
}

/** What is known of the keys, asked for as seldom as it can be. */
export class Knowledge {
  readonly #inventory: Inventory;
  #known: Known | undefined;
  #askedAt: Date | undefined;
  #changedAt: Date | undefined;
  /** Why the latest question had no answer; what was known before is used on. */
  failure: KeysError | undefined;

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  /**
   * What was told last, whatever is new since; undefined before the first answer. An old answer has
   * no labels, which may have moved: better no fingerprint of a read than that of another key.
   */
  last(now: Date): Known | undefined {
    const known = this.#known;
    return !known || this.#isRecent(known, now)
      ? known
      : { ...known, keys: known.keys.map(withoutLabels) };
  }

  /** Of any batch: the read that a change matters to may come with a later one. */
  heed({ changedAt }: Pick<Signs, 'changedAt'>): void {
    if (changedAt && !(this.#changedAt && this.#changedAt > changedAt)) this.#changedAt = changedAt;
  }

  async at(now: Date, signs: Pick<Signs, 'isUnknown'>): Promise<Known | undefined> {
    if (!this.#isGood(now, signs) && this.#mayAsk(now)) await this.#ask(now);
    return this.last(now);
  }

  #isGood(now: Date, { isUnknown }: Pick<Signs, 'isUnknown'>): boolean {
    const known = this.#known;
    return known !== undefined && this.#isRecent(known, now) && !isUnknown(known);
  }

  #isRecent({ at }: Known, now: Date): boolean {
    const hasChanged = this.#changedAt !== undefined && this.#changedAt >= at;
    return !hasChanged && now.getTime() - at.getTime() <= HOLDS_MS;
  }

  #mayAsk(now: Date): boolean {
    return !this.#askedAt || now.getTime() - this.#askedAt.getTime() >= PAUSE_MS;
  }

  async #ask(now: Date): Promise<void> {
    this.#askedAt = now;
    try {
      const { keys, unreadable } = await this.#inventory.ask();
      const ours = unreadable.filter(({ error }) => error.code !== 'SECRET_NOT_OURS');
      this.#known = { at: now, keys, unreadable: ours.map(({ key }) => key) };
      this.failure = undefined;
    } catch (error) {
      this.failure = asKeysError(error);
    }
  }
}

const withoutLabels = (key: KeyReport): KeyReport => ({
  ...key,
  versions: key.versions.map((version) => ({ ...version, labels: [] })),
});
