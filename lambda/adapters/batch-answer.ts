import * as z from 'zod/mini';
import { json } from '../domain/json.ts';
import type { AmplitudeEvent } from '../domain/relay/relay-event.ts';
import type { Sent } from '../domain/relay/sender/ports.ts';
import { dataIn } from './data-in.ts';

const index = z.number().check(z.int(), z.gte(0));
/** A field that isn't as documented tells nothing, and the others are read all the same. */
const ifFine = <T extends z.ZodMiniType>(field: T) => z.catch(z.optional(field), undefined);
/** Indexes of events by the name of their field. */
const byField = ifFine(z.record(z.string(), z.array(index)));
const byId = ifFine(z.record(z.string(), z.number()));
/** Of the answers' fields those that say which events; the rest echoes the request, the key with it. */
const taken = z.object({ code: z.literal(200) });
const invalidKey = z.object({ error: z.string().check(z.startsWith('Invalid API key')) });
const refused = z.object({
  events_with_invalid_fields: byField,
  events_with_missing_fields: byField,
  events_with_invalid_id_lengths: byField,
  silenced_events: ifFine(z.array(index)),
  silenced_devices: ifFine(z.array(z.string())),
});
const throttled = z.object({
  throttled_events: ifFine(z.array(index)),
  throttled_devices: byId,
  throttled_users: byId,
  exceeded_daily_quota_devices: byId,
  exceeded_daily_quota_users: byId,
});

/** Amplitude asks for 15 seconds. https://amplitude.com/docs/apis/analytics/batch-event-upload */
const WAIT_MS = 15_000;

/**
 * An answer of the Batch API to these events, without anything of its body but what is known. A 400
 * that names no event is about one of them all the same: else it would hold back all its neighbours.
 */
export function sentOf(status: number, body: string, events: readonly AmplitudeEvent[]): Sent {
  const answer = json(body);
  if (status === 200) {
    return dataIn(taken, answer)
      ? { outcome: 'taken' }
      : { outcome: 'unavailable', reason: 'not_amplitude' };
  }
  if (status === 413) return { outcome: 'too large' };
  if (status === 429) return throttledIn(answer, events);
  const isOfClient = status >= 400 && status < 500;
  if (isOfClient && dataIn(invalidKey, answer)) return { outcome: 'key rejected' };
  if (status === 400) {
    return { outcome: 'refused', reasons: reasonsIn(dataIn(refused, answer) ?? {}, events) };
  }
  return { outcome: 'unavailable', reason: `http_${status}` };
}

function reasonsIn(
  answer: Partial<z.infer<typeof refused>>,
  events: readonly AmplitudeEvent[],
): ReadonlyMap<number, string> {
  const reasons = new Map<number, string>();
  const add = (at: number, reason: string) => {
    if (at < events.length && !reasons.has(at)) reasons.set(at, reason);
  };
  const fields = [
    ['invalid', answer.events_with_invalid_fields],
    ['missing', answer.events_with_missing_fields],
    ['too_short', answer.events_with_invalid_id_lengths],
  ] as const;
  for (const [what, named = {}] of fields) {
    for (const [field, indexes] of Object.entries(named)) {
      for (const at of indexes) add(at, `${what}_${word(field)}`);
    }
  }
  for (const at of answer.silenced_events ?? []) add(at, 'silenced');
  const devices = new Set(answer.silenced_devices);
  events.forEach(({ device_id }, at) => {
    if (device_id !== undefined && devices.has(device_id)) add(at, 'silenced');
  });
  return reasons;
}

/** A name of a field of ours; Amplitude might quote anything. */
const word = (field: string) => (/^[a-z_]{1,40}$/.test(field) ? field : 'field');

function throttledIn(answer: unknown, events: readonly AmplitudeEvent[]): Sent {
  const data = dataIn(throttled, answer) ?? {};
  const named = new Set(data.throttled_events);
  const devices = namesIn(data.throttled_devices, data.exceeded_daily_quota_devices);
  const users = namesIn(data.throttled_users, data.exceeded_daily_quota_users);
  const isThrottled = ({ device_id = '', user_id = '' }: AmplitudeEvent, at: number) =>
    named.has(at) || devices.has(device_id) || users.has(user_id);
  const indexes = events.flatMap((event, at) => (isThrottled(event, at) ? [at] : []));
  return { outcome: 'throttled', indexes: new Set(indexes), waitMs: WAIT_MS };
}

const namesIn = (...records: (Readonly<Record<string, number>> | undefined)[]) =>
  new Set(records.flatMap((record) => Object.keys(record ?? {})));
