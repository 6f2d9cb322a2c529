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

const create = (logStreamName: string) =>
  aws.clients.logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
const put = (logEvents: InputLogEvent[]) =>
  aws.clients.logs.send(
    new PutLogEventsCommand({ logGroupName, logStreamName: 'lifecycle', logEvents }),
  );
const find = (input: Partial<FilterLogEventsCommandInput> = {}) =>
  aws.clients.logs.send(new FilterLogEventsCommand({ logGroupName, ...input }));
const at = (timestamp: number, message = 'line') => ({ timestamp, message });
const lines = (count: number, message: string) => Array(count).fill(at(NOW, message));

beforeEach(async () => {
  aws = new FakeAws({ now: new Date(NOW) });
  aws.logs.seedGroup(logGroupName);
  await create('lifecycle');
});

describe('a batch of lines', () => {
  it.each<[string, () => InputLogEvent[], string]>([
    ['none', () => [], 'length greater than or equal to 1'],
    ['more than 10,000', () => lines(10_001, 'x'), 'length less than or equal to 10000'],
    ['more than 1 MiB', () => lines(2, 'x'.repeat(524_263)), 'Upload too large: 1048578 bytes'],
    ['an empty one', () => lines(1, ''), 'at least one character'],
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
    const indexes = { tooOldLogEventEndIndex: 2, tooNewLogEventStartIndex: 3 };
    expect(rejectedLogEventsInfo).toEqual(indexes);
    expect(aws.logs.messagesOf(logGroupName)).toEqual(['in time']);
  });

  it("loses the lines that are past the group's retention", async () => {
    aws.logs.seedGroup(logGroupName, 1);
    await create('lifecycle');
    const { rejectedLogEventsInfo } = await put([at(NOW - DAY - 1, 'old'), at(NOW, 'new')]);
    expect(rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    expect((await find()).events).toMatchObject([{ message: 'new', ingestionTime: NOW }]);
    aws.clock.advance(DAY + 1);
    expect((await find()).events).toEqual([]);
  });
});

it('a log stream has a valid name', async () => {
  expect(await refusal(create('a:b'))).toMatchObject({ name: 'InvalidParameterException' });
  expect(aws.logs.streamsOf(logGroupName)).toEqual(['lifecycle']);
});

describe('a search', () => {
  it.each(['ERROR', '{ $.key = "we*" }', '{ $.age > 3 }', '{ $.key = "web" || $.key = "ios" }'])(
    'by the pattern %s, which the fake does not know, is refused by name',
    async (filterPattern) => {
      await expect(find({ filterPattern })).rejects.toThrow('does not know the pattern');
    },
  );

  it('refuses a token that it did not give out', async () => {
    expect(await refusal(find({ nextToken: 'mine' }))).toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
