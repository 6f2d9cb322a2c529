import {
  CancelMessageMoveTaskCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import type { Queue } from './fakes/queue.ts';
import { refusal } from './recorded/row.ts';

const DAY = 86_400_000;
let aws: FakeAws;
let queue: Queue;
let failed: Queue;

beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  failed = aws.sqs.seedQueue('failed', { retentionSeconds: 14 * 86_400 });
  queue = aws.sqs.seedQueue('queue', { redrive: { queue: failed, maxReceiveCount: 2 } });
});

const send = (...Entries: SendMessageBatchRequestEntry[]) =>
  aws.clients.sqs.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries }));
const entry = (Id: string, MessageBody = 'one', more = {}) => ({ Id, MessageBody, ...more });
const bodies = (of: Queue) => of.messages.map(({ body }) => body);
const text = (StringValue: string) => ({ DataType: 'String', StringValue });

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
describe('SendMessageBatch', () => {
  it('takes ten messages, each with an id', async () => {
    const entries = Array.from({ length: 10 }, (_, at) => entry(String(at), `body ${at}`));
    const { Successful = [], Failed } = await send(...entries);
    expect(Successful.map(({ Id }) => Id)).toEqual(entries.map(({ Id }) => Id));
    expect(Failed).toEqual([]);
    expect(bodies(queue)).toEqual(entries.map(({ MessageBody }) => MessageBody));
  });

  it.each<[string, SendMessageBatchRequestEntry[], string]>([
    ['none', [], 'EmptyBatchRequest'],
    [
      'eleven',
      Array.from({ length: 11 }, (_, at) => entry(String(at))),
      'TooManyEntriesInBatchRequest',
    ],
    ['two with one id', [entry('a'), entry('a')], 'BatchEntryIdsNotDistinct'],
    ['an id with a dot', [entry('a.b')], 'InvalidBatchEntryId'],
    ['an id of 81 letters', [entry('a'.repeat(81))], 'InvalidBatchEntryId'],
    [
      'more than 1 MiB together',
      [entry('a', 'x'.repeat(524_288)), entry('b', 'x'.repeat(524_289))],
      'BatchRequestTooLong',
    ],
    [
      'more than 1 MiB with their attributes',
      [entry('a', 'x'.repeat(1_048_570), { MessageAttributes: { a: text('b') } })],
      'BatchRequestTooLong',
    ],
  ])('of %s is refused as a whole', async (_, entries, name) => {
    expect(await refusal(send(...entries))).toMatchObject({ name });
    expect(queue.messages).toEqual([]);
  });

  it('takes 1 MiB together', async () => {
    await send(entry('a', 'x'.repeat(524_288)), entry('b', 'x'.repeat(524_288)));
    expect(queue.messages).toHaveLength(2);
  });

  it.each(['', '\u0000', '\u000b', '\ufffe', '\uffff', '\ud800'])(
    'answers 200 and refuses the content %j of one',
    async (body) => {
      const { Successful, Failed } = await send(entry('a', body), entry('b'));
      expect(Failed).toEqual([{ Id: 'a', Code: 'InvalidMessageContents', SenderFault: true }]);
      expect(Successful).toMatchObject([{ Id: 'b' }]);
    },
  );

  it('answers 200 and refuses some on request of the test', async () => {
    aws.sqs.refuse = (body) =>
      body === 'two' ? { Code: 'InternalError', SenderFault: false } : undefined;
    const { Failed } = await send(entry('a'), entry('b', 'two'));
    expect(Failed).toEqual([{ Id: 'b', Code: 'InternalError', SenderFault: false }]);
    expect(bodies(queue)).toEqual(['one']);
  });

  it('is of a queue that exists, and knows no other field', async () => {
    const QueueUrl = `${queue.url}s`;
    const other = aws.clients.sqs.send(
      new SendMessageBatchCommand({ QueueUrl, Entries: [entry('a')] }),
    );
    expect(await refusal(other)).toMatchObject({ name: 'QueueDoesNotExist' });
    await expect(send(entry('a', 'one', { MessageGroupId: 'x' }))).rejects.toThrow('does not know');
  });
});

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html */
describe('a message', () => {
  it('is handed out after its delay, hidden then, and handed out again unless it is deleted', async () => {
    await send(entry('a', 'one', { DelaySeconds: 10 }));
    expect(queue.receive(10)).toEqual([]);
    aws.clock.advance(10_000);
    const [first] = queue.receive(10);
    expect(first).toMatchObject({ body: 'one', receives: 1 });
    const receipt = first?.receipt ?? '';
    expect(queue.receive(10)).toEqual([]);
    aws.clock.advance(30_000);
    expect(queue.receive(10)).toMatchObject([{ receives: 2 }]);
    expect(queue.delete(receipt)).toBe(false);
    expect(queue.delete(queue.messages[0]?.receipt ?? '')).toBe(true);
    expect(queue.messages).toEqual([]);
  });

  it('that was handed out too often goes to the dead letters, and keeps its age', async () => {
    await send(entry('a'));
    for (let times = 0; times < 2; times += 1) {
      expect(queue.receive(1)).toHaveLength(1);
      aws.clock.advance(30_000);
    }
    expect(queue.receive(1)).toEqual([]);
    expect(failed.messages).toMatchObject([
      { body: 'one', receives: 0, source: queue.arn, sentAt: Date.parse('2026-11-24T00:00:00Z') },
    ]);
  });

  it('is gone once its time is over', async () => {
    await send(entry('a'));
    aws.clock.advance(4 * DAY);
    expect(queue.messages).toHaveLength(1);
    aws.clock.advance(1);
    expect(queue.messages).toEqual([]);
  });
});

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
describe('GetQueueAttributes', () => {
  const attributes = async (...AttributeNames: string[]) => {
    const input = { QueueUrl: queue.url, AttributeNames: AttributeNames as never };
    return (await aws.clients.sqs.send(new GetQueueAttributesCommand(input))).Attributes;
  };

  it('counts what would be handed out, what is handed out, what waits for its delay', async () => {
    await send(entry('a'), entry('b'), entry('c', 'late', { DelaySeconds: 60 }));
    queue.receive(1);
    expect(await attributes('All')).toMatchObject({
      QueueArn: queue.arn,
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      VisibilityTimeout: '30',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: failed.arn, maxReceiveCount: 2 }),
    });
  });

  it('answers what is asked, and refuses what is none', async () => {
    expect(await attributes('DelaySeconds')).toEqual({ DelaySeconds: '0' });
    expect(await refusal(attributes('Length'))).toMatchObject({ name: 'InvalidAttributeName' });
  });
});

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
describe('ReceiveMessage', () => {
  const receive = async (more = {}) => {
    const command = new ReceiveMessageCommand({ QueueUrl: failed.url, ...more });
    return (await aws.clients.sqs.send(command)).Messages;
  };

  it('answers one message, or ten at most, with the attributes that are named', async () => {
    const attributes = { reason: text('odd'), other: text('x') };
    for (const body of ['one', 'two']) failed.send({ body, attributes });
    expect(await receive()).toMatchObject([{ Body: 'one', Attributes: {}, MessageAttributes: {} }]);
    const [second] = (await receive({
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['reason'],
      MessageSystemAttributeNames: ['SentTimestamp', 'ApproximateReceiveCount'],
    })) ?? [{}];
    expect(second).toMatchObject({
      Body: 'two',
      Attributes: {
        SentTimestamp: String(failed.messages[1]?.sentAt),
        ApproximateReceiveCount: '1',
      },
      MessageAttributes: { reason: text('odd') },
    });
    expect(second?.MessageAttributes).not.toHaveProperty('other');
    expect(await refusal(receive({ MaxNumberOfMessages: 11 }))).toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  it('hides what it answers for as long as is asked, and then answers no list', async () => {
    failed.send({ body: 'one', attributes: {} });
    expect(await receive({ VisibilityTimeout: 2 })).toHaveLength(1);
    expect(await receive()).toBeUndefined();
    aws.clock.advance(2_000);
    expect(await receive()).toHaveLength(1);
    aws.clock.advance(29_000);
    expect(await receive()).toBeUndefined();
  });
});

it('GetQueueUrl finds a queue by its name', async () => {
  const urlOf = (QueueName: string) => aws.clients.sqs.send(new GetQueueUrlCommand({ QueueName }));
  expect(await urlOf('failed')).toMatchObject({ QueueUrl: failed.url });
  expect(await refusal(urlOf('none'))).toMatchObject({ name: 'QueueDoesNotExist' });
});

/**
 * As recorded from AWS by others, 2024-01 and 2024-03:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
describe('a move of dead letters', () => {
  const start = (more: Partial<StartMessageMoveTaskCommandInput> = {}) =>
    aws.clients.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: failed.arn, ...more }));
  const tasks = async (MaxResults = 10) => {
    const input = { SourceArn: failed.arn, MaxResults };
    return (await aws.clients.sqs.send(new ListMessageMoveTasksCommand(input))).Results;
  };
  const directly = (body: string) => failed.send({ body, attributes: { reason: text('odd') } });
  const DestinationArn = () => ({ DestinationArn: queue.arn });

  it('takes its time, gives new ids and ages, and keeps the attributes', async () => {
    for (const body of ['one', 'two', 'three']) directly(body);
    aws.clock.advance(13 * DAY);
    const { TaskHandle } = await start({ ...DestinationArn(), MaxNumberOfMessagesPerSecond: 1 });
    aws.clock.advance(2_000);
    expect(await tasks()).toMatchObject([
      {
        TaskHandle,
        Status: 'RUNNING',
        ApproximateNumberOfMessagesMoved: 2,
        ApproximateNumberOfMessagesToMove: 3,
        MaxNumberOfMessagesPerSecond: 1,
      },
    ]);
    aws.clock.advance(5_000);
    const [task = {}] = (await tasks()) ?? [];
    expect(task).toMatchObject({ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 3 });
    expect(task).not.toHaveProperty('TaskHandle');
    expect(bodies(aws.sqs.queue('queue'))).toEqual(['one', 'two', 'three']);
    expect(queue.messages[0]?.attributes).toEqual({ reason: text('odd') });
    expect(queue.messages[0]?.sentAt).toBeGreaterThan(Date.parse('2026-12-07T00:00:00Z') - 1);
    expect(failed.messages).toEqual([]);
  });

  it('that is cancelled leaves what it has moved, once', async () => {
    for (const body of ['one', 'two', 'three']) directly(body);
    const { TaskHandle } = await start({ ...DestinationArn(), MaxNumberOfMessagesPerSecond: 1 });
    const cancel = () => aws.clients.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
    aws.clock.advance(2_000);
    expect(await cancel()).toMatchObject({ ApproximateNumberOfMessagesMoved: 2 });
    aws.clock.advance(5_000);
    expect(await tasks()).toMatchObject([{ Status: 'CANCELLED' }]);
    expect(bodies(failed)).toEqual(['three']);
    expect(await refusal(cancel())).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('without a destination knows the source of what a queue gave up, and of nothing else', async () => {
    await send(entry('a', 'given up'));
    for (let times = 0; times < 3; times += 1) {
      queue.receive(1);
      aws.clock.advance(30_000);
    }
    directly('sent there');
    await start();
    aws.clock.advance(1_000);
    expect(await tasks()).toMatchObject([
      { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' },
    ]);
    expect(bodies(queue)).toEqual(['given up']);
  });

  it.each([
    [
      "from a queue that is nobody's dead letters",
      () => ({ SourceArn: queue.arn }),
      'InvalidParameterValue',
      'Source queue must be configured as a Dead Letter Queue.',
    ],
    [
      'to a queue that is none',
      () => ({ DestinationArn: `${queue.arn}s` }),
      'ResourceNotFoundException',
      "The resource that you specified for the DestinationArn parameter doesn't exist.",
    ],
    [
      'at 501 messages a second',
      () => ({ MaxNumberOfMessagesPerSecond: 501 }),
      'InvalidParameterValue',
      'Value for parameter MaxNumberOfMessagesPerSecond is invalid.',
    ],
  ])('%s is refused', async (_, input, name, message) => {
    expect(await refusal(start(input()))).toEqual({ name, message });
  });

  it('is refused while another runs', async () => {
    directly('one');
    await start(DestinationArn());
    expect(await refusal(start(DestinationArn()))).toMatchObject({
      message:
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    });
  });
});
