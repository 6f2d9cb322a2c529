import type { AmplitudeEvent } from './relay-event.ts';
import { modelsTold } from './shape.ts';
import type { Readable } from './waiting.ts';

/** An event that is sent once, for all the messages that hold it. */
export interface Parcel {
  readonly event: AmplitudeEvent;
  /** Of its JSON. */
  readonly bytes: number;
  readonly messages: readonly Readable[];
}

/** @param models those of each trace that is known */
export function parcelsOf(
  messages: readonly Readable[],
  models: ReadonlyMap<string, readonly string[]>,
): Parcel[] {
  const same = Map.groupBy(messages, ({ content }) => identityOf(content.event));
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const event = joined(first, models);
    return [{ event, bytes: Buffer.byteLength(JSON.stringify(event)), messages: group }];
  });
}

/** What Amplitude counts once; of an event without a device it makes one of the user. */
const identityOf = ({ insert_id, device_id, user_id }: AmplitudeEvent) =>
  JSON.stringify([insert_id, device_id ?? '', user_id ?? '']);

/** With the models that its spans told of; without, if none are known. */
function joined(
  { content: { event, awaits } }: Readable,
  models: ReadonlyMap<string, readonly string[]>,
): AmplitudeEvent {
  const known = awaits ? (models.get(awaits.trace) ?? []) : [];
  if (!awaits || known.length === 0) return event;
  const told = { [awaits.property]: modelsTold(known) };
  return { ...event, event_properties: { ...event.event_properties, ...told } };
}
