import type { RelayEvent } from '../relay-event.ts';

/** A message of the queue. */
export interface QueuedMessage {
  readonly id: string;
  /** As it came. */
  readonly body: string;
  /** How often it was handed out, this time included. */
  readonly receives: number;
  /** Undefined of what is no event of the relay. */
  readonly content: RelayEvent | undefined;
}

export type EventMessage = QueuedMessage & { readonly content: RelayEvent };

export const holdsEvent = (message: QueuedMessage): message is EventMessage =>
  message.content !== undefined;
