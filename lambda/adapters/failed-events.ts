import { relayFailure } from '../contract.ts';
import type { FailedEvents } from '../domain/relay/sender/ports.ts';
import { putEach, type QueueOptions } from './queue-batch.ts';

/** Messages have the form of the queue's, so that one that is moved back is sent as any other. */
export function failedEvents(options: QueueOptions, now: () => Date): FailedEvents {
  return {
    async put(messages) {
      const failedAt = now().toISOString();
      const told = messages.map(({ body, reason }) => ({
        body,
        attributes: { [relayFailure.reason]: reason, [relayFailure.failedAt]: failedAt },
      }));
      return putEach(options, told);
    },
  };
}
