import type { KeysError } from '../../errors.ts';
import type { Refused } from './follow.ts';
import type { QueuedMessage } from './message.ts';
import type { FailedEvents } from './ports.ts';

/** What goes to the failed queue for these messages. */
export interface Failure {
  readonly body: string;
  readonly reason: string;
  readonly messages: readonly QueuedMessage[];
}

export const unreadable = (message: QueuedMessage): Failure => ({
  body: message.body,
  reason: 'unreadable',
  messages: [message],
});

/** Once, and with its models: they are known now, and not when it is moved back. */
export function refusedMessages({ parcel: { event, messages }, reason }: Refused): Failure {
  return { body: JSON.stringify({ ...messages[0]?.content, event }), reason, messages };
}

/** Those that lie there now, by reason; and the messages of the others, which have to come again. */
export interface PutFailures {
  readonly counts: ReadonlyMap<string, number>;
  readonly again: readonly QueuedMessage[];
  readonly error?: KeysError;
}

export async function putFailures(
  failed: FailedEvents,
  failures: readonly Failure[],
): Promise<PutFailures> {
  if (failures.length === 0) return { counts: new Map(), again: [] };
  const { untaken, error } = await failed.put(failures);
  const put = failures.filter((_, at) => !untaken.has(at));
  const groups = Map.groupBy(put, ({ reason }) => reason);
  return {
    counts: new Map([...groups].map(([reason, { length }]) => [reason, length])),
    again: failures.flatMap(({ messages }, at) => (untaken.has(at) ? messages : [])),
    ...(error ? { error } : {}),
  };
}
