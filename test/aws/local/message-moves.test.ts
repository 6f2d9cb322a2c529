import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { beforeEach, expect, it } from 'vitest';
import { describeOnLocalAws } from './suite.ts';

interface Queue {
  readonly url: string;
  readonly arn: string;
}

let sqs: SQSClient;
let queues = 0;
let failed: Queue;
let origin: Queue;

describeOnLocalAws("the local AWS's move of failed messages", (suite) => {
  beforeEach(async () => {
    sqs = suite().sqs;
    failed = await create();
    origin = await create({ deadLetterTargetArn: failed.arn, maxReceiveCount: 1 });
  });

  it('puts them back into the queue that they failed in', async () => {
    await send('one');
    await send('two');
    await start();
    expect(await bodiesIn(origin)).toEqual(['one', 'two']);
    expect(await bodiesIn(failed)).toEqual([]);
  });

  it('puts them with their attributes into the queue that is named', async () => {
    const other = await create();
    await send('one');
    await start(other.arn);
    const [message] = await receive(other);
    expect(message?.MessageAttributes?.reason?.StringValue).toBe('silenced');
    expect(await bodiesIn(origin)).toEqual([]);
  });

  it('leaves what somebody has been handed', async () => {
    await send('one');
    await receive(failed);
    await start();
    expect(await bodiesIn(origin)).toEqual([]);
    expect(await latest()).toMatchObject([{ ApproximateNumberOfMessagesMoved: 0 }]);
  });

  it('is listed, the latest first, and only that unless more are asked for', async () => {
    expect(await latest()).toEqual([]);
    await send('one');
    const before = Date.now() + suite().aws.clock.offset();
    await start();
    await start(origin.arn);
    expect(await latest()).toEqual([
      {
        Status: 'COMPLETED',
        SourceArn: failed.arn,
        DestinationArn: origin.arn,
        ApproximateNumberOfMessagesMoved: 0,
        ApproximateNumberOfMessagesToMove: 0,
        StartedTimestamp: expect.any(Number),
      },
    ]);
    const [, first] = await latest(10);
    expect(first).toMatchObject({ SourceArn: failed.arn, ApproximateNumberOfMessagesMoved: 1 });
    expect(first).not.toHaveProperty('DestinationArn');
    expect(first?.StartedTimestamp).toBeGreaterThan(before - 2_000);
    expect(first?.StartedTimestamp).toBeLessThan(before + 60_000);
  });

  it('is refused of a queue that nothing fails into, and of none', async () => {
    const alone = await create();
    await expect(start(undefined, alone.arn)).rejects.toThrow(
      'Source queue must be configured as a Dead Letter Queue.',
    );
    await expect(start(`${alone.arn}-none`)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(await latest()).toEqual([]);
  });
});

async function create(redrive?: object): Promise<Queue> {
  queues += 1;
  const Attributes = redrive ? { RedrivePolicy: JSON.stringify(redrive) } : {};
  const made = new CreateQueueCommand({ QueueName: `queue-${queues}`, Attributes });
  const { QueueUrl = '' } = await sqs.send(made);
  const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  return { url: QueueUrl, arn: (await sqs.send(asked)).Attributes?.QueueArn ?? '' };
}

const send = (MessageBody: string) =>
  sqs.send(
    new SendMessageCommand({
      QueueUrl: failed.url,
      MessageBody,
      MessageAttributes: { reason: { DataType: 'String', StringValue: 'silenced' } },
    }),
  );

const start = (DestinationArn?: string, SourceArn = failed.arn) =>
  sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn }));

async function latest(MaxResults?: number) {
  const input = { SourceArn: failed.arn, MaxResults };
  return (await sqs.send(new ListMessageMoveTasksCommand(input))).Results ?? [];
}

async function receive({ url }: Queue) {
  const input = { QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
  return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? [];
}

const bodiesIn = async (queue: Queue) => (await receive(queue)).map(({ Body }) => Body);
