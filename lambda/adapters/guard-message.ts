import * as z from 'zod/mini';
import type { Message } from '../domain/access-guard/cases.ts';
import { json } from '../domain/json.ts';
import { recordedCall } from './cloudtrail-event.ts';

const batch = z.object({
  Records: z.array(z.object({ messageId: z.string(), body: z.string() })),
});
const envelope = z.object({
  source: z.string(),
  account: z.string(),
  region: z.string(),
  'detail-type': z.string(),
  detail: z.unknown(),
});

/** Nobody but AWS may put events whose source begins with `aws.`. */
const TYPES = ['AWS API Call via CloudTrail', 'AWS Console Sign In via CloudTrail'];

/** The messages of a batch of the queue; undefined of what is no batch. */
export function messagesIn(event: unknown): Message[] | undefined {
  const { data } = batch.safeParse(event);
  return data?.Records.map(({ messageId: id, body }) => ({ id, content: contentOf(body) }));
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html */
function contentOf(body: string): Message['content'] {
  const { data } = envelope.safeParse(json(body));
  if (!data || !TYPES.includes(data['detail-type'])) return 'EVENT_UNREADABLE';
  const call = recordedCall(data.detail, data.account);
  if (!call || data.source !== `aws.${call.service}`) return 'EVENT_UNREADABLE';
  const isTheirs = data.account !== call.account || data.region !== call.region;
  return isTheirs ? 'EVENT_OF_OTHER_ACCOUNT' : call;
}
