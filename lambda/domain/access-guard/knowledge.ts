import type { KeyReport } from '../../payloads.ts';
import { asKeysError, type KeysError } from '../errors.ts';
import type { Known } from './known.ts';
import type { Inventory } from './ports.ts';

/** So long an answer holds, unless a batch shows that something has changed since. */
const HOLDS_MS = 5 * 60_000;
/** And at most so often `inspect` is asked, whose reads come back as events. */
const PAUSE_MS = 60_000;

/** Of another environment's secret, or of one that nobody can read. */
const OF_NO_READER: readonly string[] = [
  'SECRET_NOT_OURS',
  'SECRET_MARKED_FOR_DELETION',
  'SECRET_NOT_FOUND',
];

/** What shows that an answer is out of date. */
export interface Signs {
  /** When a secret was changed last. */
  readonly changedAt?: Date;
  /** Whether a read was of a version or key, or by a principal, that the answer doesn't have. */
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

  /**
   * What is known since a time, asked for however lately it was asked: a reader who was granted the
   * key a minute ago must not be denied by what was known before. Undefined without an answer.
   */
  async since(time: Date, now: Date): Promise<Known | undefined> {
    const at = time < now ? time : now;
    const isOld = () => !this.#known || this.#known.at < at;
    // What gave no answer a moment ago would only cost the rest its time
    const isInVain = this.failure && this.#askedAt?.getTime() === now.getTime();
    if (isOld() && !isInVain) await this.#ask(now);
    return isOld() ? undefined : this.#known;
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
      const ours = unreadable.filter(({ error }) => !OF_NO_READER.includes(error.code));
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
