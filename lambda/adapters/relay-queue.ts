import type { RelayQueue } from '../domain/relay/intake/ports.ts';
import { putAll, type QueueOptions } from './queue-batch.ts';

/** One event is one message, so that each comes again by itself. */
export function relayQueue(options: QueueOptions): RelayQueue {
  return {
    put: (events) =>
      putAll(
        options,
        events.map((event) => ({ body: JSON.stringify(event) })),
      ),
  };
}
