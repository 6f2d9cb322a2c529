import { beforeEach, describe, expect, it } from 'vitest';
import { failedEvents } from '../../../lambda/adapters/failed-events.ts';
import { putAll } from '../../../lambda/adapters/queue-batch.ts';
import { relayQueue } from '../../../lambda/adapters/relay-queue.ts';
import type { AtOnce } from '../../../lambda/domain/ports.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';
import type { Queue } from '../../aws/fakes/queue.ts';
import { runEvent } from '../relay.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
let aws: FakeAws;
let queue: Queue;
let most = 0;

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
  queue = aws.sqs.seedQueue('queue');
});

/** Lets all run, and keeps how many were asked for. */
const atOnce: AtOnce = (allowed) => {
  most = allowed;
  return (work) => work();
};
const options = () => ({
  client: aws.clients.sqs,
  queueUrl: queue.url,
  atOnce,
  backoffMs: 0,
});
const bodies = () => queue.messages.map(({ body }) => body);
const put = (...texts: string[]) =>
  putAll(
    options(),
    texts.map((body) => ({ body })),
  );
const many = (count: number) => Array.from({ length: count }, (_, at) => `body ${at}`);
const thrown = (work: Promise<unknown>) => work.catch((error: unknown) => error);

describe('messages for a queue', () => {
  it('are put ten at a time, a bounded number of times at once', async () => {
    await put(...many(25));
    expect(bodies().sort()).toEqual(many(25).sort());
    expect(aws.countOf('SendMessageBatch')).toBe(3);
    expect(most).toBe(10);
  });

  it('are put in batches of a MiB at most, in bytes', async () => {
    await put(...Array.from({ length: 4 }, () => 'ü'.repeat(200_000)));
    expect(aws.countOf('SendMessageBatch')).toBe(2);
    expect(queue.messages).toHaveLength(4);
  });

  it('are put although they hold what SQS takes in no message', async () => {
    const text = JSON.stringify({ app: '\ufffe\uffff\u0000\ud800 and €' });
    await put(text);
    expect(bodies().map((body) => JSON.parse(body))).toEqual([JSON.parse(text)]);
  });

  it('may be none', async () => {
    await put();
    expect(aws.calls).toEqual([]);
  });
});

describe('a batch of which SQS takes a part', () => {
  const refuseTimes = (times: number, Code = 'InternalError') => {
    let left = times;
    aws.sqs.refuse = (body) => {
      if (body !== 'body 1' || left === 0) return undefined;
      left -= 1;
      return { Code, SenderFault: false };
    };
  };

  it('is put again without the rest', async () => {
    refuseTimes(3);
    await put(...many(3));
    expect(bodies().sort()).toEqual(many(3));
    expect(aws.countOf('SendMessageBatch')).toBe(4);
  });

  it('again and again is an error; what was taken stays', async () => {
    refuseTimes(4);
    expect(await thrown(put(...many(3)))).toMatchObject({
      code: 'AWS_CALL_FAILED',
      fields: { call: 'SendMessageBatch', awsError: 'InternalError' },
    });
    expect(bodies()).toEqual(['body 0', 'body 2']);
  });

  it('since KMS throttles is told so', async () => {
    refuseTimes(4, 'KmsThrottled');
    expect(await thrown(put(...many(3)))).toMatchObject({ code: 'THROTTLED' });
  });
});

describe('a call that SQS refuses', () => {
  it.each([
    ['throttled' as const, 'THROTTLED'],
    ['access-denied' as const, 'ACCESS_DENIED'],
    ['timeout' as const, 'AWS_CALL_FAILED'],
  ])('as %s is an error at once, which the others are waited for', async (error, code) => {
    aws.faults.fail('SendMessageBatch', { error });
    expect(await thrown(put(...many(25)))).toMatchObject({ code });
    expect(queue.messages).toHaveLength(15);
    expect(aws.countOf('SendMessageBatch')).toBe(3);
  });

  it('never tells what the messages hold', async () => {
    aws.faults.fail('SendMessageBatch', { error: { name: 'X', message: 'secret word' } });
    const error = (await thrown(put('secret word'))) as Error;
    expect(error.message).not.toContain('secret word');
  });
});

describe("the relay's queue", () => {
  it('holds one event in a message', async () => {
    const events = [runEvent(), runEvent()];
    await relayQueue(options()).put(events);
    expect(bodies().map((body) => JSON.parse(body))).toEqual(events);
  });
});

describe('failed events', () => {
  it('that leave no room for a reason lie there without', async () => {
    const bodies = ['x'.repeat(1_048_576), 'y'];
    const put = bodies.map((body) => ({ body, reason: 'unreadable' }));
    await failedEvents(options(), () => NOW).put(put);
    expect(queue.messages.map(({ attributes }) => Object.keys(attributes))).toEqual([
      [],
      ['reason', 'failed_at'],
    ]);
  });

  it('that SQS does not take are told by their indexes, and why', async () => {
    aws.sqs.refuse = (body) =>
      body === 'body 12' ? { Code: 'KmsThrottled', SenderFault: false } : undefined;
    const put = many(25).map((body) => ({ body, reason: 'unreadable' }));
    const { untaken, error } = await failedEvents(options(), () => NOW).put(put);
    expect(untaken).toEqual(new Set([12]));
    expect(error).toMatchObject({ code: 'THROTTLED' });
    expect(queue.messages).toHaveLength(24);
  });

  it('of a call without an answer are all told', async () => {
    aws.faults.fail('SendMessageBatch', { error: 'timeout' });
    const put = many(12).map((body) => ({ body, reason: 'unreadable' }));
    const { untaken } = await failedEvents(options(), () => NOW).put(put);
    expect([...untaken]).toEqual(Array.from({ length: 10 }, (_, at) => at));
  });

  it('lie there as they came, with the reason and the time', async () => {
    await failedEvents(options(), () => NOW).put([{ body: '{"a":1}', reason: 'too_large' }]);
    expect(queue.messages).toMatchObject([
      {
        body: '{"a":1}',
        attributes: {
          reason: { StringValue: 'too_large' },
          failed_at: { StringValue: '2026-11-24T00:00:00.000Z' },
        },
      },
    ]);
  });
});
