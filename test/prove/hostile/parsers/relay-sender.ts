import { sentOf } from '../../../../lambda/adapters/batch-answer.ts';
import type { Sent } from '../../../../lambda/domain/relay/sender/ports.ts';
import { awaited, runEvent } from '../../../lambda/relay.ts';
import { createWorld } from '../../../lambda/world.ts';
import { ofJson } from '../inputs.ts';
import { untyped } from '../judge.ts';
import type { Parser } from '../parser.ts';
import { KEY_LIKE } from '../words.ts';

interface Sending {
  readonly told: string;
  readonly error?: unknown;
}

/** What SQS takes. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const IN_A_QUEUE = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]+$/u;

/** Texts of the relay's queue: the intake writes them, and whoever else may send there. */
export async function relayMessages(): Promise<Parser> {
  const world = await createWorld({ relay: {} });
  let sent = 0;
  const parser = ofJson(
    [
      runEvent(),
      runEvent({ device_id: 'device-1', event_properties: { tokens: 1, is_test: true } }),
      runEvent({}, { awaits: awaited(KEY_LIKE) }),
      runEvent({ user_id: KEY_LIKE, insert_id: KEY_LIKE, event_properties: { app: KEY_LIKE } }),
    ],
    {
      name: "messages of the relay's queue",
      // A message has 1 MiB, and a character three bytes
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
      limit: 349_000,
      boundMs: 1_000,
      climbs: { short: 1, long: 8 },
      runs: { short: 150, long: 2_000 },
      async parse(body): Promise<Sending> {
        world.printed.length = 0;
        world.amplitude.events.length = 0;
        sent += 1;
        const batch = { Records: [{ messageId: `message-${sent}`, body }] };
        try {
          const answer = await world.relay.invoke(batch);
          const { batchItemFailures = [] } = answer as { batchItemFailures?: unknown[] };
          const error = batchItemFailures.length > 0 ? { error: 'retried' } : {};
          return { told: world.printed.join('\n'), ...error };
        } catch (error) {
          return { told: world.printed.join('\n'), error };
        }
      },
      // What can't be read can't be read later either: it is put among the failed
      fault: (result) => {
        const { error } = result as Sending;
        return error === undefined ? undefined : (untyped(error) ?? 'it is refused');
      },
      told: (result) => (result as Sending).told,
    },
  );
  const inputs = parser.inputs.filter((body) => IN_A_QUEUE.test(body));
  return { ...parser, inputs, close: () => world.close() } as Parser;
}

const SENT = [runEvent().event, runEvent({ device_id: KEY_LIKE }).event];
const ANSWERS = [
  { code: 200, events_ingested: 2, payload_size_bytes: 100, server_upload_time: 1 },
  { code: 400, error: `Invalid API key: ${KEY_LIKE}` },
  {
    code: 400,
    error: 'Request missing required field',
    events_with_invalid_fields: { time: [0], [KEY_LIKE]: [1] },
    events_with_missing_fields: { event_type: [1] },
    silenced_devices: [KEY_LIKE],
  },
  { code: 413, error: 'Payload too large' },
  { code: 429, error: 'Too many requests', throttled_devices: { [KEY_LIKE]: 1_001 } },
  { code: 503, error: 'Service unavailable' },
];

/** Of any status, since a proxy may answer in Amplitude's place. */
const STATUSES = [200, 307, 400, 401, 413, 429, 503];

export const batchAnswers: Parser<string> = ofJson(ANSWERS, {
  name: "answers of Amplitude's Batch API",
  limit: 1_048_576,
  boundMs: 1_000,
  climbs: { short: 1, long: 8 },
  parse: (body): Sent[] => STATUSES.map((status) => sentOf(status, body, SENT)),
  fault: (result) => {
    const named = (result as Sent[]).flatMap((sent) => {
      if (sent.outcome === 'refused') return [...sent.reasons.keys()];
      return sent.outcome === 'throttled' ? [...sent.indexes] : [];
    });
    return named.every((index) => index in SENT)
      ? undefined
      : 'it names an event that was not sent';
  },
  told: (result) =>
    (result as Sent[])
      .flatMap((sent) => {
        if (sent.outcome === 'refused') return [...sent.reasons.values()];
        return sent.outcome === 'unavailable' ? [sent.reason] : [];
      })
      .join(' '),
});
