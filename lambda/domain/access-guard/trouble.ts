import { asKeysError, type KeysError } from '../errors.ts';
import type { Ours } from './cases.ts';

/** Events that couldn't be dealt with, for a reason that passes: their messages have to come again. */
export class Trouble {
  readonly errors: KeysError[] = [];
  readonly #messages: ReadonlyMap<string, readonly string[]>;
  readonly #events = new Set<string>();

  constructor(ours: readonly Ours[]) {
    this.#messages = new Map(ours.map(({ call, messages }) => [call.id, messages]));
  }

  /** @param events ids */
  add(error: unknown, events: Iterable<string>): void {
    this.errors.push(asKeysError(error));
    for (const id of events) this.#events.add(id);
  }

  has(event: string): boolean {
    return this.#events.has(event);
  }

  /** Ids of messages. */
  get failed(): ReadonlySet<string> {
    return new Set([...this.#events].flatMap((id) => this.#messages.get(id) ?? []));
  }
}

export const idsOf = (ours: readonly Ours[]) => ours.map(({ call }) => call.id);
