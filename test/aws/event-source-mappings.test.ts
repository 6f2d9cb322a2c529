import {
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import type { Queue } from './fakes/queue.ts';
import { refusal } from './recorded/row.ts';

const NAME = 'amplitude-dev-relay-sender';
let aws: FakeAws;
let queue: Queue;
let mapping: string;

beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  queue = aws.sqs.seedQueue('queue');
  mapping = seed();
});

const seed = (more = {}) =>
  aws.lambda.mappings.seed({
    functionName: NAME,
    queue,
    batchSize: 100,
    windowSeconds: 1,
    ...more,
  });
const update = (Enabled: boolean, UUID = mapping) =>
  aws.clients.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
const put = (...bodies: string[]) => {
  for (const body of bodies) queue.send({ body, attributes: {} });
};
const poll = () => aws.lambda.mappings.poll(mapping);
const MINUTE = 60_000;

/** https://docs.aws.amazon.com/lambda/latest/api/API_UpdateEventSourceMapping.html */
describe('an event source mapping', () => {
  it('takes a while to be turned off and on', async () => {
    expect(await update(false)).toMatchObject({ UUID: mapping, State: 'Disabling' });
    aws.clock.advance(MINUTE);
    expect(aws.lambda.mappings.stateOf(mapping)).toBe('Disabled');
    expect(await update(true)).toMatchObject({ State: 'Enabling' });
    aws.clock.advance(MINUTE);
    expect(aws.lambda.mappings.stateOf(mapping)).toBe('Enabled');
    expect(await update(true)).toMatchObject({ State: 'Updating' });
  });

  it('tells when it was changed', async () => {
    const changed = async () => {
      const answer = await aws.clients.lambda.send(new ListEventSourceMappingsCommand({}));
      return answer.EventSourceMappings?.[0]?.LastModified;
    };
    expect(await changed()).toEqual(new Date('2026-11-24T00:00:00Z'));
    aws.clock.advance(MINUTE);
    await update(false);
    aws.clock.advance(MINUTE);
    expect(await changed()).toEqual(new Date('2026-11-24T00:01:00Z'));
  });

  it('takes no change while it changes, or is made', async () => {
    const inUse = { name: 'ResourceInUseException' };
    await update(false);
    expect(await refusal(update(true))).toMatchObject(inUse);
    expect(await refusal(update(true, seed({ state: 'Creating' })))).toMatchObject(inUse);
    expect(await refusal(update(true, 'none'))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('is listed by its function or its queue', async () => {
    const list = async (input: object) => {
      const command = new ListEventSourceMappingsCommand(input);
      const { EventSourceMappings = [] } = await aws.clients.lambda.send(command);
      return EventSourceMappings.map(({ UUID }) => UUID);
    };
    expect(await list({ FunctionName: NAME })).toEqual([mapping]);
    expect(await list({ EventSourceArn: queue.arn })).toEqual([mapping]);
    expect(await list({ FunctionName: 'other' })).toEqual([]);
  });

  it('of large batches has a window', () => {
    expect(() => seed({ windowSeconds: 0 })).toThrow('window');
  });
});

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html */
describe('the poller', () => {
  it('hands over a batch with the receives of each message, and deletes what succeeded', async () => {
    const events: unknown[] = [];
    aws.functions.set(NAME, async (event) => void events.push(event));
    put('one', 'two');
    expect(await poll()).toBe(2);
    expect(events).toMatchObject([
      {
        Records: [
          {
            body: 'one',
            attributes: { ApproximateReceiveCount: '1' },
            eventSource: 'aws:sqs',
            eventSourceARN: queue.arn,
          },
          { body: 'two' },
        ],
      },
    ]);
    expect(queue.messages).toEqual([]);
    expect(await poll()).toBe(0);
  });

  it('leaves what the function names as failed, to be handed out again later', async () => {
    aws.functions.set(NAME, async (event) => {
      const [first] = (event as { Records: { messageId: string }[] }).Records;
      return { batchItemFailures: [{ itemIdentifier: first?.messageId }] };
    });
    put('one', 'two');
    await poll();
    expect(queue.messages).toMatchObject([{ body: 'one', receives: 1 }]);
    expect(await poll()).toBe(0);
    aws.clock.advance(30_000);
    expect(await poll()).toBe(1);
  });

  it.each([
    ['an error', () => Promise.reject(new Error('no'))],
    ['a failure without a name', async () => ({ batchItemFailures: [{}] })],
    [
      'a failure of no message of the batch',
      async () => ({ batchItemFailures: [{ itemIdentifier: 'x' }] }),
    ],
  ])('leaves all of a batch that ends in %s', async (_, handler) => {
    aws.functions.set(NAME, handler);
    put('one', 'two');
    await poll();
    expect(queue.messages).toHaveLength(2);
  });

  it('hands over no more than an event may hold', async () => {
    const sizes: number[] = [];
    aws.functions.set(NAME, async (event) => {
      sizes.push(JSON.stringify(event).length);
    });
    put(...Array.from({ length: 12 }, () => 'x'.repeat(1_000_000)));
    while ((await poll()) > 0);
    expect(sizes).toHaveLength(2);
    expect(Math.max(...sizes)).toBeLessThan(6 * 1024 * 1024);
  });

  it('runs still while it is being turned off, and not while it is off or being turned on', async () => {
    aws.functions.set(NAME, async () => undefined);
    put('one');
    await update(false);
    expect(await poll()).toBe(1);
    put('two');
    aws.clock.advance(MINUTE);
    expect(await poll()).toBe(0);
    await update(true);
    expect(await poll()).toBe(0);
    aws.clock.advance(MINUTE);
    expect(await poll()).toBe(1);
    expect(aws.calls.every(({ service }) => service === 'lambda')).toBe(true);
  });
});
