import {
  BatchEntryIdsNotDistinct,
  BatchRequestTooLong,
  type CancelMessageMoveTaskRequest,
  EmptyBatchRequest,
  type GetQueueAttributesRequest,
  type GetQueueUrlRequest,
  InvalidAttributeName,
  InvalidBatchEntryId,
  type ListMessageMoveTasksRequest,
  type MessageAttributeValue,
  QueueDoesNotExist,
  type ReceiveMessageRequest,
  type SendMessageBatchRequest,
  type SendMessageBatchRequestEntry,
  type StartMessageMoveTaskRequest,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs';
import type { Clock } from './clock.ts';
import { raise, serviceError } from './errors.ts';
import type { Ids } from './ids.ts';
import { MessageMoves } from './message-moves.ts';
import { type Operations, operation, refuseUnknown } from './operation.ts';
import type { FakeService } from './pipeline.ts';
import type { Place } from './place.ts';
import { Queue, type QueueSeed } from './queue.ts';

/** Of a message of a batch that is otherwise taken. */
export interface Refusal {
  readonly Code: string;
  readonly SenderFault: boolean;
}

/** Standard queues. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/ */
export class FakeSqs implements FakeService {
  readonly name = 'sqs';
  /** Asked of each message of a batch that may be taken. */
  refuse: (body: string) => Refusal | undefined = () => undefined;
  readonly operations: Operations;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #place: Place;
  readonly #queues = new Map<string, Queue>();
  readonly #moves: MessageMoves;

  constructor(clock: Clock, ids: Ids, place: Place) {
    this.#clock = clock;
    this.#ids = ids;
    this.#place = place;
    this.#moves = new MessageMoves(clock, ids, () => [...this.#queues.values()]);
    this.operations = {
      SendMessageBatch: operation<SendMessageBatchRequest, 'QueueUrl' | 'Entries'>(
        ['QueueUrl', 'Entries'],
        [],
        ({ QueueUrl, Entries }) => this.#send(this.#find(QueueUrl), Entries),
      ),
      GetQueueAttributes: operation<GetQueueAttributesRequest, 'QueueUrl' | 'AttributeNames'>(
        ['QueueUrl', 'AttributeNames'],
        [],
        ({ QueueUrl, AttributeNames }) => ({
          Attributes: attributesOf(this.#find(QueueUrl), AttributeNames),
        }),
      ),
      GetQueueUrl: operation<GetQueueUrlRequest, 'QueueName'>(
        ['QueueName'],
        [],
        ({ QueueName }) => ({
          QueueUrl: this.#named(QueueName).url,
        }),
      ),
      ReceiveMessage: operation<ReceiveMessageRequest, 'QueueUrl'>(
        ['QueueUrl'],
        [
          'MaxNumberOfMessages',
          'VisibilityTimeout',
          'WaitTimeSeconds',
          'MessageAttributeNames',
          'MessageSystemAttributeNames',
        ],
        (input) => receive(this.#find(input.QueueUrl), input),
      ),
      StartMessageMoveTask: operation<StartMessageMoveTaskRequest, 'SourceArn'>(
        ['SourceArn'],
        ['DestinationArn', 'MaxNumberOfMessagesPerSecond'],
        (input) => this.#moves.start(input),
      ),
      CancelMessageMoveTask: operation<CancelMessageMoveTaskRequest, 'TaskHandle'>(
        ['TaskHandle'],
        [],
        (input) => this.#moves.cancel(input),
      ),
      ListMessageMoveTasks: operation<ListMessageMoveTasksRequest, 'SourceArn'>(
        ['SourceArn'],
        ['MaxResults'],
        (input) => this.#moves.list(input),
      ),
    };
  }

  seedQueue(name: string, seed: QueueSeed = {}): Queue {
    const { region, account } = this.#place;
    const arn = `arn:aws:sqs:${region}:${account}:${name}`;
    const url = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    const queue = new Queue({ name, arn, url }, seed, this.#clock, this.#ids);
    this.#queues.set(url, queue);
    return queue;
  }

  /** By name or ARN, with what has been moved there until now. */
  queue(nameOrArn: string): Queue {
    this.#moves.advance();
    const queue = [...this.#queues.values()].find(({ name, arn }) =>
      [name, arn].includes(nameOrArn),
    );
    if (!queue) throw new Error(`The fake of sqs has no queue ${nameOrArn}.`);
    return queue;
  }

  #named(name: string): Queue {
    return [...this.#queues.values()].find((queue) => queue.name === name) ?? noQueue();
  }

  #find(url: string): Queue {
    this.#moves.advance();
    return this.#queues.get(url) ?? noQueue();
  }

  #send(queue: Queue, entries: readonly SendMessageBatchRequestEntry[]) {
    check(entries);
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const { Id, MessageBody = '', MessageAttributes = {}, DelaySeconds } of entries) {
      const refusal = contentFault(MessageBody, MessageAttributes) ?? this.refuse(MessageBody);
      if (refusal) {
        Failed.push({ Id, ...refusal });
        continue;
      }
      const message = { body: MessageBody, attributes: MessageAttributes };
      const { id: MessageId } = queue.send(message, DelaySeconds);
      Successful.push({ Id, MessageId });
    }
    return { Successful, Failed };
  }
}

const noQueue = () =>
  raise(QueueDoesNotExist, 'The specified queue does not exist for this wsdl version.');

const MOST_RECEIVED = 10;

/**
 * Without an answer there is no list at all; of attributes none comes that isn't named.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
function receive(
  queue: Queue,
  {
    MaxNumberOfMessages: most = 1,
    VisibilityTimeout: hiddenSeconds,
    MessageAttributeNames: names = [],
    MessageSystemAttributeNames: systemNames = [],
  }: ReceiveMessageRequest,
) {
  if (!(most >= 1 && most <= MOST_RECEIVED)) {
    const words = `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and ${MOST_RECEIVED}, if provided.`;
    throw serviceError('sqs', 'InvalidParameterValue', words);
  }
  const Messages = queue
    .receive(most, { hiddenSeconds })
    .map(({ id, body, receipt, attributes, sentAt, receives }) => {
      const system = {
        SentTimestamp: String(sentAt),
        ApproximateReceiveCount: String(receives),
      };
      return {
        MessageId: id,
        ReceiptHandle: receipt,
        Body: body,
        Attributes: only(system, systemNames),
        MessageAttributes: only(attributes, names),
      };
    });
  return Messages.length > 0 ? { Messages } : {};
}

const only = <Value>(all: Readonly<Record<string, Value>>, names: readonly string[]) =>
  Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));

const MOST = { entries: 10, bytes: 1_048_576 } as const;

/** What refuses the whole call. */
function check(entries: readonly SendMessageBatchRequestEntry[]): void {
  const ids = entries.map(({ Id = '' }) => Id);
  for (const entry of entries) {
    const known = ['Id', 'MessageBody', 'MessageAttributes', 'DelaySeconds'];
    refuseUnknown('entry of SendMessageBatch', entry, known);
  }
  if (entries.length === 0) {
    raise(
      EmptyBatchRequest,
      'There should be at least one SendMessageBatchRequestEntry in the request.',
    );
  }
  if (entries.length > MOST.entries) {
    raise(
      TooManyEntriesInBatchRequest,
      `Maximum number of entries per request are ${MOST.entries}. You have sent ${entries.length}.`,
    );
  }
  if (ids.some((id) => !/^[\w-]{1,80}$/.test(id))) {
    raise(
      InvalidBatchEntryId,
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  }
  if (new Set(ids).size < ids.length) {
    raise(BatchEntryIdsNotDistinct, 'Two or more batch entries in the request have the same Id.');
  }
  const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
  if (bytes > MOST.bytes) {
    raise(
      BatchRequestTooLong,
      `Batch requests cannot be longer than ${MOST.bytes} bytes. You have sent ${bytes} bytes.`,
    );
  }
}

/** Names, types and values of attributes count. */
function bytesOf({ MessageBody = '', MessageAttributes = {} }: SendMessageBatchRequestEntry) {
  const texts = Object.entries(MessageAttributes).flatMap(([name, attribute]) => [
    name,
    attribute.DataType ?? '',
    attribute.StringValue ?? '',
  ]);
  return [MessageBody, ...texts].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

/** #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF; all else is refused. */
const ALLOWED = /^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]+$/u;
const MOST_ATTRIBUTES = 10;

function contentFault(
  body: string,
  attributes: Readonly<Record<string, MessageAttributeValue>>,
): Refusal | undefined {
  const values = Object.values(attributes);
  const isString = ({ DataType, StringValue = '' }: MessageAttributeValue) =>
    DataType === 'String' && ALLOWED.test(StringValue);
  if (!ALLOWED.test(body)) return { Code: 'InvalidMessageContents', SenderFault: true };
  if (values.length > MOST_ATTRIBUTES || !values.every(isString)) {
    return { Code: 'InvalidParameterValue', SenderFault: true };
  }
  return undefined;
}

function attributesOf(queue: Queue, names: readonly string[]): Record<string, string> {
  const { visible, inFlight, delayed } = queue.counts;
  const { delaySeconds, visibilitySeconds, retentionSeconds, redrive } = queue.seed;
  const all: Record<string, string> = {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    DelaySeconds: String(delaySeconds),
    VisibilityTimeout: String(visibilitySeconds),
    MessageRetentionPeriod: String(retentionSeconds),
    ...(redrive
      ? {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: redrive.queue.arn,
            maxReceiveCount: redrive.maxReceiveCount,
          }),
        }
      : {}),
  };
  if (names.includes('All')) return all;
  const unknown = names.find((name) => !(name in all) && name !== 'RedrivePolicy');
  if (unknown) raise(InvalidAttributeName, `Unknown Attribute ${unknown}.`);
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name)));
}
