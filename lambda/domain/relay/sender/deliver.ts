import type { Memory } from '../../access-guard/ports.ts';
import { asKeysError, type ErrorCode, type KeysError } from '../../errors.ts';
import type { CallsByTrace } from '../models.ts';
import type { Models } from '../ports.ts';
import { putFailures, refusedMessages, unreadable } from './failure.ts';
import { type HeldPorts, hold, letGo } from './held.ts';
import { type EventMessage, holdsEvent, type QueuedMessage } from './message.ts';
import { type Parcel, parcelsOf } from './parcel.ts';
import type { FailedEvents } from './ports.ts';
import { type Delivery, type SendPorts, send, UNEXPLAINED_REFUSAL } from './send.ts';
import { judge } from './suspect.ts';

export interface DeliverPorts extends SendPorts, HeldPorts {
  readonly models: Models;
  readonly failed: FailedEvents;
  readonly memory: Pick<Memory, 'claim' | 'settle' | 'count'>;
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
const SENDING_MS = 65_000;

/**
 * Sends a batch of the queue. A message is done once Amplitude took its event, or once it lies among
 * the failed; whatever else happens brings it back. Never throws.
 * @param owner the invocation's own
 */
export async function deliver(
  ports: DeliverPorts,
  messages: readonly QueuedMessage[],
  owner: string,
): Promise<Delivered> {
  const errors: KeysError[] = [];
  const until = new Date(ports.timer.now().getTime() + SENDING_MS);
  const { calls, unmodelled } = await callsOf(ports, messages.filter(holdsEvent), errors);
  const ready = messages.filter(holdsEvent).filter((message) => !unmodelled.has(message));
  const delivery = await send(ports, parcelsOf(ready, calls), until);
  const now = ports.timer.now();
  const judged = await judge(ports, delivery.suspects);
  const put = await putFailures(ports.failed, [
    ...messages.filter((one) => !holdsEvent(one)).map(unreadable),
    ...[...delivery.refused, ...judged.refused].map(refusedMessages),
  ]);
  const seen = [put.error, judged.error, delivery.error];
  errors.push(...seen.filter((error) => error !== undefined));
  const isHeld = await settleAfter(ports, delivery, owner, errors);
  const again = [
    ...unmodelled,
    ...messagesOf([...delivery.again, ...judged.again.map(({ parcel }) => parcel)]),
    ...put.again,
  ];
  const stoppedBy =
    delivery.stoppedBy ?? (judged.again.length > 0 ? UNEXPLAINED_REFUSAL : undefined);
  return {
    again: new Set(again.map(({ id }) => id)),
    taken: delivery.taken.length,
    failed: put.counts,
    rejected: delivery.rejected,
    ...longest('delaySeconds', messagesOf(delivery.taken), happenedMs, now),
    ...longest('waitingSeconds', again.filter(holdsEvent), receivedMs, now),
    isHeld,
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
    errors,
  };
}

const messagesOf = (parcels: readonly Parcel[]) => parcels.flatMap(({ messages }) => messages);

/** Without an answer of the table, an event of which no model is known waits so many times. */
const MOST_RECEIVES = 5;

const NO_CALLS: CallsByTrace = new Map();

/** One look for the whole batch. */
async function callsOf(
  ports: DeliverPorts,
  messages: readonly EventMessage[],
  errors: KeysError[],
) {
  const waiting = messages.filter(({ content }) => content.awaits !== undefined);
  const traces = waiting.flatMap(({ content }) => content.awaits?.trace ?? []);
  const none = new Set<EventMessage>();
  if (traces.length === 0) return { calls: NO_CALLS, unmodelled: none };
  try {
    return { calls: await ports.models.of(traces), unmodelled: none };
  } catch (error) {
    errors.push(asKeysError(error));
    const unmodelled = waiting.filter(
      ({ receives, content }) => receives < MOST_RECEIVES && content.awaits?.models.length === 0,
    );
    return { calls: NO_CALLS, unmodelled: new Set(unmodelled) };
  }
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
  { takenAt, rejected, isOutOfKeys, error }: Delivery,
  owner: string,
  errors: KeysError[],
): Promise<boolean> {
  const mustHold = isOutOfKeys && (error === undefined || HOLDING.includes(error.code));
  try {
    if (mustHold) return (await hold(ports, rejected, owner)).standing === 'held';
    if (takenAt) await letGo(ports, takenAt, owner);
  } catch (thrown) {
    errors.push(asKeysError(thrown));
  }
  return mustHold;
}

const receivedMs = ({ content }: EventMessage) => new Date(content.receivedAt).getTime();

/** What somebody posts so long after it happened is measured from its arrival. */
const LATE_MS = 600_000;

function happenedMs(message: EventMessage): number {
  const { time } = message.content.event;
  const received = receivedMs(message);
  return received - time > LATE_MS ? received : time;
}

/** The longest time since then; nothing of no message. */
function longest<Name extends string>(
  name: Name,
  messages: readonly EventMessage[],
  since: (message: EventMessage) => number,
  now: Date,
): { readonly [Key in Name]?: number } {
  const times = messages.map(since);
  if (times.length === 0) return {};
  const first = times.reduce((least, one) => Math.min(least, one), now.getTime());
  return { [name]: (now.getTime() - first) / 1_000 } as { readonly [Key in Name]: number };
}
