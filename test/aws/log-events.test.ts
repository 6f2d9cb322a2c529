import {
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  type InputLogEvent,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = new Date('2026-11-24T00:00:00Z').getTime();
const logGroupName = '/amplitude/dev/trail';
let aws: FakeAws;

const create = (logStreamName: string, group = logGroupName) =>
  aws.clients.logs.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName }));
const put = (logEvents: InputLogEvent[], logStreamName = 'lifecycle') =>
  aws.clients.logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
const find = (input: Partial<FilterLogEventsCommandInput> = {}) =>
  aws.clients.logs.send(new FilterLogEventsCommand({ logGroupName, ...input }));
const messages = async (input: Partial<FilterLogEventsCommandInput> = {}) =>
  (await find(input)).events?.map(({ message }) => message);
const at = (timestamp: number, message = 'line') => ({ timestamp, message });
const lines = (count: number, message: string) => Array(count).fill(at(NOW, message));

beforeEach(async () => {
  aws = new FakeAws({ now: new Date(NOW) });
  aws.logs.seedGroup(logGroupName);
  await create('lifecycle');
});

describe('a log stream', () => {
  it('is created once, in a group that is there, under a valid name', async () => {
    expect(aws.logs.streamsOf(logGroupName)).toEqual(['lifecycle']);
    expect(await refusal(create('lifecycle'))).toEqual({
      name: 'ResourceAlreadyExistsException',
      message: 'The specified log stream already exists',
    });
    expect(await refusal(create('lifecycle', 'other'))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
    expect(await refusal(create('a:b'))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('that is missing takes no lines', async () => {
    expect(await refusal(put([at(NOW)], 'rotation'))).toEqual({
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
  });
});

describe('a batch of lines', () => {
  it.each<[string, () => InputLogEvent[], string]>([
    ['none', () => [], 'length greater than or equal to 1'],
    ['more than 10,000', () => lines(10_001, 'x'), 'length less than or equal to 10000'],
    ['more than 1 MiB', () => lines(2, 'x'.repeat(524_263)), 'Upload too large: 1048578 bytes'],
    ['an empty one', () => lines(1, ''), 'at least one character'],
    ['a later one first', () => [at(NOW), at(NOW - 1)], 'must be in chronological order'],
    ['more than a day', () => [at(NOW - DAY - 1), at(NOW)], 'cannot span more than 24 hours'],
  ])('with %s is refused whole', async (_, batch, message) => {
    expect(await refusal(put(batch()))).toEqual({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    });
    expect(aws.logs.messagesOf(logGroupName)).toEqual([]);
  });

  it('may have 10,000 lines, 1 MiB with 26 bytes for each, and a day', async () => {
    await put(lines(10_000, 'x'));
    await put(lines(2, 'x'.repeat(524_262)));
    await put([at(NOW - DAY), at(NOW)]);
    expect(aws.logs.messagesOf(logGroupName)).toHaveLength(10_004);
  });

  it('loses the lines over 14 days old or 2 hours ahead, and is told which', async () => {
    const old = at(NOW - 14 * DAY - 1, 'old');
    const early = at(NOW + 2 * HOUR + 1, 'early');
    const { rejectedLogEventsInfo } = await put([old, old, at(NOW, 'in time'), early]);
    expect(rejectedLogEventsInfo).toEqual({
      tooOldLogEventEndIndex: 2,
      tooNewLogEventStartIndex: 3,
    });
    expect(aws.logs.messagesOf(logGroupName)).toEqual(['in time']);
  });

  it("loses the lines that are past the group's retention", async () => {
    aws.logs.seedGroup(logGroupName, 1);
    await create('lifecycle');
    const { rejectedLogEventsInfo } = await put([at(NOW - DAY - 1, 'old'), at(NOW, 'new')]);
    expect(rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    expect(await messages()).toEqual(['new']);
    aws.clock.advance(DAY + 1);
    expect(await messages()).toEqual([]);
  });
});

describe('a search', () => {
  it('mixes the streams by time, within both times', async () => {
    await create('rotation');
    await put([at(NOW - 3, 'first'), at(NOW - 1, 'third')]);
    await put([at(NOW - 2, 'second')], 'rotation');
    expect(await messages()).toEqual(['first', 'second', 'third']);
    expect(await messages({ startTime: NOW - 2, endTime: NOW - 2 })).toEqual(['second']);
    expect((await find()).events?.[1]).toEqual({
      logStreamName: 'rotation',
      timestamp: NOW - 2,
      message: 'second',
      ingestionTime: NOW,
      eventId: expect.any(String),
    });
  });

  it('compares fields of lines that are JSON', async () => {
    const line = (key: string, by: string) => JSON.stringify({ key, by });
    const all = [line('web', 'hand'), line('web', 'rotation'), line('ios', 'hand'), 'no JSON'];
    await put(all.map((message) => at(NOW, message)));
    expect(await messages({ filterPattern: '{ $.key = "web" }' })).toEqual(all.slice(0, 2));
    const both = '{ ($.key = "web") && ($.by = "hand") }';
    expect(await messages({ filterPattern: both })).toEqual(all.slice(0, 1));
    expect(await messages({ filterPattern: '' })).toEqual(all);
  });

  it.each(['ERROR', '{ $.key = "we*" }', '{ $.age > 3 }', '{ $.key = "web" || $.key = "ios" }'])(
    'by the pattern %s, which the fake does not know, is refused by name',
    async (filterPattern) => {
      await expect(find({ filterPattern })).rejects.toThrow('does not know the pattern');
    },
  );

  it('has pages that may be empty although more follow', async () => {
    await put([at(NOW, '{"key":"ios"}'), at(NOW, '{"key":"web"}')]);
    const request = { filterPattern: '{ $.key = "web" }', limit: 1 };
    const first = await find(request);
    expect(first).toMatchObject({ events: [], nextToken: expect.any(String) });
    const second = await find({ ...request, nextToken: first.nextToken });
    expect(second.events).toHaveLength(1);
    expect(second.nextToken).toBeUndefined();
    expect(await refusal(find({ nextToken: 'mine' }))).toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
