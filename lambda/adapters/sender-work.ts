import * as z from 'zod/mini';
import { keyRotatedEvent, RELAY_WAKE } from '../contract.ts';
import { json } from '../domain/json.ts';
import type { RelayEvent } from '../domain/relay/relay-event.ts';
import type { QueuedMessage } from '../domain/relay/sender/message.ts';
import { dataIn } from './data-in.ts';

/** What the sender is invoked with. */
export type SenderWork =
  | { readonly of: 'batch'; readonly messages: readonly QueuedMessage[] }
  | { readonly of: 'rotation'; readonly environment: string; readonly key: string }
  | { readonly of: 'wake' };

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html */
const batch = z.object({
  Records: z.array(
    z.object({
      messageId: z.string(),
      body: z.string(),
      attributes: z.optional(z.object({ ApproximateReceiveCount: z.optional(z.string()) })),
    }),
  ),
});
const rotation = z.object({
  source: z.literal(keyRotatedEvent.source),
  'detail-type': z.literal(keyRotatedEvent.detailType),
  detail: z.object({ environment: z.string(), key: z.string() }),
});
const wake = z.object({ action: z.literal(RELAY_WAKE.action) });

/** Undefined of what is none. */
export function senderWork(event: unknown): SenderWork | undefined {
  const messages = dataIn(batch, event);
  if (messages) return { of: 'batch', messages: messages.Records.map(messageOf) };
  const rotated = dataIn(rotation, event);
  if (rotated) return { of: 'rotation', ...rotated.detail };
  return dataIn(wake, event) ? { of: 'wake' } : undefined;
}

type SqsRecord = z.infer<typeof batch>['Records'][number];

const messageOf = ({ messageId: id, body, attributes }: SqsRecord): QueuedMessage => ({
  id,
  body,
  receives: Number(attributes?.ApproximateReceiveCount ?? 1),
  content: dataIn(relayEvent, json(body)) as RelayEvent | undefined,
});

/** As the intake writes it; other fields are left out, whoever wrote them. */
const relayEvent = z.object({
  event: z.object({
    event_type: z.string(),
    user_id: z.optional(z.string()),
    device_id: z.optional(z.string()),
    time: z.number(),
    insert_id: z.string(),
    event_properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  receivedAt: z.string(),
  awaits: z.optional(
    z.object({
      trace: z.string(),
      property: z.string(),
      models: z._default(z.array(z.string()), []),
      startedMs: z._default(z.number(), 0),
      endedMs: z._default(z.number(), 0),
    }),
  ),
});
