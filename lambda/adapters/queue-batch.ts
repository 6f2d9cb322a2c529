import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import pRetry from 'p-retry';
import { inBatches } from '../domain/in-batches.ts';
import type { AtOnce } from '../domain/ports.ts';
import type { Untaken } from '../domain/relay/sender/ports.ts';
import { awsFailure } from './aws-error.ts';

/** One message: its text, and string attributes. */
export interface Message {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

export interface QueueOptions {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly atOnce: AtOnce;
  /** Waits between tries double from this, with jitter. @default 100 ms */
  readonly backoffMs?: number;
}

/**
 * Of a batch, all its messages together.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
 */
const MOST = { count: 10, bytes: 1_048_576 } as const;
const CALLS_AT_ONCE = 10;
const RETRIES = 3;

/** @throws KeysError unless all were taken; some may have been */
export async function putAll(options: QueueOptions, messages: readonly Message[]): Promise<void> {
  const { error } = await putEach(options, messages);
  if (error) throw error;
}

/**
 * Puts messages into a queue, whatever their number. SQS may take some of a batch and refuse others,
 * for a passing reason too: those are sent again. Never throws.
 */
export async function putEach(
  options: QueueOptions,
  messages: readonly Message[],
): Promise<Untaken> {
  const call = options.atOnce(CALLS_AT_ONCE);
  const batches = inBatches(messages.map(sized), ({ bytes }) => bytes, MOST);
  const ends = await Promise.all(batches.map((batch) => call(() => putUntilTaken(options, batch))));
  const failed = ends.find(({ error }) => error !== undefined);
  return { ...failed, untaken: new Set(ends.flatMap(({ untaken }) => [...untaken])) };
}

interface Sized {
  readonly entry: SendMessageBatchRequestEntry;
  readonly bytes: number;
}

/** A message that leaves its attributes no room goes without: it came from a queue, and has to go on. */
function sized({ body, attributes = {} }: Message, index: number): Sized {
  const [Id, MessageBody] = [String(index), allowed(body)];
  const named = Object.entries(attributes);
  const MessageAttributes = Object.fromEntries(
    named.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  const texts = [MessageBody, ...named.flatMap(([name, value]) => [name, 'String', value])];
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  if (bytes > MOST.bytes) {
    return { entry: { Id, MessageBody }, bytes: Buffer.byteLength(MessageBody) };
  }
  return { entry: { Id, MessageBody, ...(named.length > 0 ? { MessageAttributes } : {}) }, bytes };
}

/**
 * SQS refuses these two for ever, and JSON writes them as they are; a message here is JSON.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const allowed = (json: string) =>
  json.replace(/[\uFFFE\uFFFF]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);

async function putUntilTaken(
  { client, queueUrl, backoffMs = 100 }: QueueOptions,
  batch: readonly Sized[],
): Promise<Untaken> {
  let left = batch.map(({ entry }) => entry);
  const attempt = async () => {
    const input = { QueueUrl: queueUrl, Entries: left };
    const { Failed = [] } = await client.send(new SendMessageBatchCommand(input));
    const refused = new Set(Failed.map(({ Id }) => Id));
    left = left.filter(({ Id }) => refused.has(Id));
    if (left.length > 0) throw new SomeRefused(Failed[0]?.Code);
  };
  try {
    await pRetry(attempt, {
      retries: RETRIES,
      minTimeout: backoffMs,
      randomize: true,
      // The SDK has tried again what failed as a whole
      shouldRetry: ({ error }) => error instanceof SomeRefused,
    });
    return { untaken: new Set() };
  } catch (error) {
    return {
      untaken: new Set(left.map(({ Id }) => Number(Id))),
      error: awsFailure('SendMessageBatch', `queue ${queueUrl}`, error),
    };
  }
}

/** In the form of the SDK's errors: SendMessageBatch answers 200 where it took nothing. */
class SomeRefused extends Error {
  constructor(code = 'Error') {
    super('SQS did not take all messages');
    this.name = code;
  }
}
