import { boundedJson } from '../../bounded-json.ts';
import { KeysError } from '../../errors.ts';
import type { RelayEvent } from '../relay-event.ts';
import { nameIn } from './plain.ts';
import { type Fields, isObject, type PostedEvent, postedEvent } from './posted-event.ts';
import { withoutQuery } from './query.ts';
import { type Shaping, timeOf } from './shape.ts';
import type { AttributeValue } from './span.ts';
import { whoseEvent } from './who.ts';

/** What a program posted in the form of Amplitude's HTTP V2 API, without a key. */
export interface Posted {
  /** None of them may be queued while one is refused: the whole request comes again. */
  readonly events: readonly RelayEvent[];
  readonly refused: readonly Refused[];
  /** Fields that were left out. */
  readonly scrubbed: number;
}

export interface Refused {
  /** In the list of the request. */
  readonly index: number;
  readonly reason: string;
}

/** As many as Amplitude takes in one request. */
export const MOST_EVENTS = 2_000;

/**
 * https://amplitude.com/docs/apis/analytics/http-v2
 * @param requestId of this request alone
 * @throws KeysError EVENTS_UNREADABLE, API_KEY_POSTED
 */
export function readPosted(body: Uint8Array, requestId: string, shaping: Shaping): Posted {
  const events: RelayEvent[] = [];
  const refused: Refused[] = [];
  let scrubbed = 0;
  const ownId = ownIds(body, requestId, shaping);
  for (const [index, event] of eventsIn(boundedJson(body)).entries()) {
    const posted = postedEvent(event);
    if (typeof posted === 'string') {
      refused.push({ index, reason: posted });
      continue;
    }
    const shaped = shapePosted(posted, posted.insertId ?? ownId(index, posted), shaping);
    events.push(shaped.event);
    scrubbed += shaped.scrubbed;
  }
  return { events, refused, scrubbed };
}

/**
 * For events without an insert_id. One that says when it was has the same when its request comes again;
 * of others nobody can tell whether it is the same one, and of two clicks none may be lost.
 */
function ownIds(body: Uint8Array, requestId: string, { digest }: Shaping) {
  let ofBody: string | undefined;
  return (index: number, { time }: PostedEvent) => {
    if (time === undefined) return `${requestId}-${index}`;
    ofBody ??= digest(Buffer.from(body).toString());
    return `${ofBody}-${index}`;
  };
}

function eventsIn(body: unknown): readonly unknown[] {
  if (!isObject(body)) throw unreadable('it is not a JSON object, or has too many fields');
  refuseKeys(body, 'body');
  const { events } = body;
  if (!Array.isArray(events)) throw unreadable('its field events is not a list');
  if (events.length > MOST_EVENTS) {
    throw new KeysError(
      'EVENTS_UNREADABLE',
      `The body holds ${told(events.length)} events. Send at most ${told(MOST_EVENTS)} at once; none of these was taken.`,
    );
  }
  for (const event of events) if (isObject(event)) refuseKeys(event, 'event');
  return events;
}

const told = (count: number) => count.toLocaleString('en');

function refuseKeys(fields: Fields, where: 'body' | 'event'): void {
  const names = Object.keys(fields).filter((name) => /^api[-_]?key$/i.test(name));
  if (names.length === 0) return;
  const isEmpty = names.every((name) => fields[name] === null || fields[name] === '');
  const subject = where === 'body' ? 'The body' : 'An event';
  throw new KeysError(
    'API_KEY_POSTED',
    isEmpty
      ? `${subject} has a field for an API key, which isn't needed: leave the field out.`
      : `${subject} holds an API key. The relay sends with its own: leave the field out, and rotate that key if it was sent anywhere but here.`,
  );
}

const unreadable = (what: string) =>
  new KeysError(
    'EVENTS_UNREADABLE',
    `The body can't be read: ${what}. Send {"events": [{"event_type": …, "user_id" or "device_id": …}]}, as to Amplitude's HTTP V2 API, without api_key.`,
  );

function shapePosted(posted: PostedEvent, insertId: string, shaping: Shaping) {
  const { settings, digest, receivedAt } = shaping;
  const device = posted.deviceId ?? `relay-${insertId}`;
  const { properties, scrubbed } = allowed(posted.properties, settings.postedProperties);
  const event: RelayEvent = {
    event: {
      event_type: posted.type,
      ...whoseEvent(posted.userId, device, settings, digest),
      ...(posted.deviceId === undefined ? {} : { device_id: posted.deviceId }),
      time: timeOf(posted.time, receivedAt),
      insert_id: insertId,
      event_properties: properties,
    },
    receivedAt: receivedAt.toISOString(),
  };
  return { event, scrubbed: posted.others + scrubbed };
}

function allowed(properties: Fields, names: readonly string[]) {
  const kept = names.flatMap((name) => {
    const value = Object.hasOwn(properties, name) ? valueIn(properties[name]) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  const scrubbed = Object.keys(properties).length - kept.length;
  return { properties: Object.fromEntries(kept), scrubbed };
}

function valueIn(value: unknown): AttributeValue | undefined {
  if (typeof value === 'string') return nameIn(withoutQuery(value));
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'boolean' ? value : undefined;
}
