import { type CallsByTrace, modelsDuring, modelsTold } from '../models.ts';
import type { AmplitudeEvent } from '../relay-event.ts';
import type { EventMessage } from './message.ts';

/** An event that is sent once, for all the messages that hold it. */
export interface Parcel {
  readonly event: AmplitudeEvent;
  /** Of its JSON. */
  readonly bytes: number;
  readonly messages: readonly EventMessage[];
}

/** @param calls of models, of each trace that is known */
export function parcelsOf(messages: readonly EventMessage[], calls: CallsByTrace): Parcel[] {
  const same = Map.groupBy(messages, ({ content }) => identityOf(content.event));
  return [...same.values()].flatMap((group) => {
    const [event] = group.map((message) => joined(message, calls)).sort(byModels);
    if (!event) return [];
    return [{ event, bytes: Buffer.byteLength(JSON.stringify(event)), messages: group }];
  });
}

/** What Amplitude counts once; of an event without a device it makes one of the user. */
const identityOf = ({ insert_id, device_id, user_id }: AmplitudeEvent) =>
  JSON.stringify([insert_id, device_id ?? '', user_id ?? '']);

/** Of an execution that was told twice, once without its models, that with them is sent. */
const byModels = (one: AmplitudeEvent, other: AmplitudeEvent) =>
  Object.keys(other.event_properties).length - Object.keys(one.event_properties).length;

/** With the models that its spans told of; without, if none are known. */
function joined({ content: { event, awaits } }: EventMessage, calls: CallsByTrace): AmplitudeEvent {
  if (!awaits) return event;
  const later = modelsDuring(awaits, calls.get(awaits.trace) ?? []);
  if (later.length === 0) return event;
  const told = { [awaits.property]: modelsTold([...awaits.models, ...later]) };
  return { ...event, event_properties: { ...event.event_properties, ...told } };
}
