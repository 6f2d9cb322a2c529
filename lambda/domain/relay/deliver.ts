import { asKeysError, type ErrorCode, type KeysError } from '../errors.ts';
import type { Refused } from './follow.ts';
import { type HeldPorts, hold, letGo } from './held.ts';
import { type Parcel, parcelsOf } from './parcel.ts';
import type { FailedEvents, Models } from './ports.ts';
import { type Delivery, type SendPorts, send } from './send.ts';
import { isReadable, type Readable, type Waiting } from './waiting.ts';

export interface DeliverPorts extends SendPorts, HeldPorts {
  readonly models: Models;
  readonly failed: FailedEvents;
}

/** What became of a batch of the queue. */
export interface Delivered {
  /** Ids of the messages that have to come again. */
  readonly again: ReadonlySet<string>;
  /** Events that Amplitude took. */
  readonly taken: number;
  /** How many it will never take, by code. */
  readonly failed: ReadonlyMap<string, number>;
  readonly rejected: readonly string[];
  /** Of those taken, the longest time from the execution's end to Amplitude's answer. */
  readonly delaySeconds?: number;
  /** Of those that come again, the longest time since they were received. */
  readonly waitingSeconds?: number;
  /** No key is accepted, or none can be read. */
  readonly isHeld: boolean;
  readonly stoppedBy?: string;
  readonly errors: readonly KeysError[];
}

/** Of the function's 120 seconds: the rest is for an answer that is slow, and for what follows it. */
const SENDING_MS = 75_000;

/**
 * Sends a batch of the queue. A message is done once Amplitude took its event, or once it lies among
 * the failed; whatever else happens brings it back. Never throws.
 * @param owner the invocation's own
 */
export async function deliver(
  ports: DeliverPorts,
  messages: readonly Waiting[],
  owner: string,
): Promise<Delivered> {
  const errors: KeysError[] = [];
  const { models, unmodelled } = await modelsOf(ports, messages.filter(isReadable), errors);
  const ready = messages.filter(isReadable).filter((message) => !unmodelled.has(message));
  const until = new Date(ports.timer.now().getTime() + SENDING_MS);
  const delivery = await send(ports, parcelsOf(ready, models), until);
  const delaySeconds = delayOf(delivery.taken, ports.timer.now());
  const waitingSeconds = waitOf(delivery.again, ports.timer.now());
  const failed = [
    ...messages.filter((one) => !isReadable(one)).map(unreadable),
    ...delivery.refused.map(refusedMessages),
  ];
  const unput = await putFailed(ports, failed, errors);
  if (delivery.error) errors.push(delivery.error);
  const isHeld = await settleAfter(ports, delivery, owner, errors);
  const again = [...unmodelled, ...delivery.again.flatMap((parcel) => parcel.messages), ...unput];
  return {
    again: new Set(again.map(({ id }) => id)),
    taken: delivery.taken.length,
    failed: unput.length > 0 ? new Map() : countByReason(failed),
    rejected: delivery.rejected,
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
    ...(waitingSeconds === undefined ? {} : { waitingSeconds }),
    isHeld,
    ...(delivery.stoppedBy === undefined ? {} : { stoppedBy: delivery.stoppedBy }),
    errors,
  };
}

/** Without an answer of the table, an event waits for its models so many times. */
const MOST_RECEIVES = 5;

/** One look for the whole batch. */
async function modelsOf(ports: DeliverPorts, messages: readonly Readable[], errors: KeysError[]) {
  const waiting = messages.filter(({ content }) => content.awaits !== undefined);
  const traces = waiting.flatMap(({ content }) => content.awaits?.trace ?? []);
  const none = new Set<Readable>();
  if (traces.length === 0)
    return { models: new Map<string, readonly string[]>(), unmodelled: none };
  try {
    return { models: await ports.models.of(traces), unmodelled: none };
  } catch (error) {
    errors.push(asKeysError(error));
    const unmodelled = new Set(waiting.filter(({ receives }) => receives < MOST_RECEIVES));
    return { models: new Map<string, readonly string[]>(), unmodelled };
  }
}

/** What goes to the failed queue for these messages. */
interface Failure {
  readonly body: string;
  readonly reason: string;
  readonly messages: readonly Waiting[];
}

const unreadable = (message: Waiting): Failure => ({
  body: message.body,
  reason: 'unreadable',
  messages: [message],
});

/** Once, and with its models: they are known now, and not when it is moved back. */
function refusedMessages({ parcel: { event, messages }, reason }: Refused): Failure {
  return { body: JSON.stringify({ ...messages[0]?.content, event }), reason, messages };
}

/** @returns the messages that have to come again since they could not be put there */
async function putFailed(
  { failed }: DeliverPorts,
  failures: readonly Failure[],
  errors: KeysError[],
): Promise<readonly Waiting[]> {
  if (failures.length === 0) return [];
  try {
    await failed.put(failures);
    return [];
  } catch (error) {
    errors.push(asKeysError(error));
    return failures.flatMap(({ messages }) => messages);
  }
}

function countByReason(failures: readonly Failure[]): ReadonlyMap<string, number> {
  const groups = Map.groupBy(failures, ({ reason }) => reason);
  return new Map([...groups].map(([reason, { length }]) => [reason, length]));
}

/** What doesn't pass by itself soon. What else keeps a key from being read is tried again with the message. */
const HOLDING: readonly ErrorCode[] = [
  'ACCESS_DENIED',
  'CMK_UNAVAILABLE',
  'NO_KEY_YET',
  'SECRET_MARKED_FOR_DELETION',
  'SECRET_NOT_FOUND',
  'VALUE_MALFORMED',
];

/** @returns whether it is held */
async function settleAfter(
  ports: DeliverPorts,
  { taken, rejected, isOutOfKeys, error }: Delivery,
  owner: string,
  errors: KeysError[],
): Promise<boolean> {
  const mustHold = isOutOfKeys || (error !== undefined && HOLDING.includes(error.code));
  try {
    if (mustHold) return (await hold(ports, rejected, owner)).standing === 'held';
    if (taken.length > 0) await letGo(ports, owner);
  } catch (thrown) {
    errors.push(asKeysError(thrown));
  }
  return mustHold;
}

/** What somebody posts so long after it happened is measured from its arrival. */
const LATE_MS = 600_000;

function delayOf(taken: readonly Parcel[], now: Date): number | undefined {
  if (taken.length === 0) return undefined;
  const starts = taken.flatMap(({ event, messages }) =>
    messages.map(({ content }) => {
      const received = new Date(content.receivedAt).getTime();
      return received - event.time > LATE_MS ? received : event.time;
    }),
  );
  const first = starts.reduce((least, start) => Math.min(least, start), now.getTime());
  return (now.getTime() - first) / 1_000;
}

function waitOf(again: readonly Parcel[], now: Date): number | undefined {
  const received = again.flatMap(({ messages }) =>
    messages.map(({ content }) => new Date(content.receivedAt).getTime()),
  );
  if (received.length === 0) return undefined;
  const first = received.reduce((least, one) => Math.min(least, one), now.getTime());
  return (now.getTime() - first) / 1_000;
}
