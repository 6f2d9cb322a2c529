import {
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { expect } from 'vitest';
import { refusal } from '../recorded/row.ts';
import type { DocumentedRow, Stage } from './stage.ts';

const logStreamName = 'lifecycle';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/ */
export const rows: readonly DocumentedRow[] = [
  {
    title: 'a log stream is created once, in a group that is there',
    async run(stage) {
      const group = await streamed(stage);
      expect(await refusal(group.create(logStreamName))).toEqual({
        name: 'ResourceAlreadyExistsException',
        message: 'The specified log stream already exists',
      });
      const elsewhere = { logGroupName: `${group.name}-other`, logStreamName };
      expect(await refusal(stage.logs.send(new CreateLogStreamCommand(elsewhere)))).toEqual(
        NO_GROUP,
      );
    },
  },
  {
    title: 'a log stream or group that is missing takes no lines',
    async run(stage) {
      const group = await streamed(stage);
      expect(await refusal(group.put([[0, 'line']], 'rotation'))).toEqual({
        name: 'ResourceNotFoundException',
        message: 'The specified log stream does not exist.',
      });
      const elsewhere = { logGroupName: `${group.name}-other`, logStreamName };
      const logEvents = [{ timestamp: stage.now().getTime(), message: 'line' }];
      const put = new PutLogEventsCommand({ ...elsewhere, logEvents });
      expect(await refusal(stage.logs.send(put))).toEqual(NO_GROUP);
    },
  },
  {
    title: 'lines that are out of order are refused whole',
    async run(stage) {
      const group = await streamed(stage);
      const unordered = group.put([
        [-1, 'later'],
        [-2, 'earlier'],
      ]);
      expect(await refusal(unordered)).toEqual({
        name: 'InvalidParameterException',
        message: 'Log events in a single PutLogEvents request must be in chronological order.',
      });
      expect(await group.messages()).toEqual([]);
    },
  },
  {
    title: 'a search mixes the streams by time, within both times',
    async run(stage) {
      const group = await streamed(stage);
      await group.create('rotation');
      await group.put([
        [-3, 'first'],
        [-1, 'third'],
      ]);
      await group.put([[-2, 'second']], 'rotation');
      expect(await group.messages()).toEqual(['first', 'second', 'third']);
      const time = group.at(-2);
      const { events } = await group.find({ startTime: time, endTime: time });
      expect(events).toEqual([
        {
          logStreamName: 'rotation',
          timestamp: time,
          message: 'second',
          ingestionTime: expect.any(Number),
          eventId: expect.any(String),
        },
      ]);
    },
  },
  {
    title: 'a search compares fields of lines that are JSON',
    async run(stage) {
      const group = await streamed(stage);
      const line = (key: string, by: string) => JSON.stringify({ key, by });
      const all = [line('web', 'hand'), line('web', 'rotation'), line('ios', 'hand'), 'no JSON'];
      await group.put(all.map((message) => [0, message]));
      const web = { filterPattern: '{ $.key = "web" }' };
      expect(await group.messages(web)).toEqual(all.slice(0, 2));
      const both = { filterPattern: '{ ($.key = "web") && ($.by = "hand") }' };
      expect(await group.messages(both)).toEqual(all.slice(0, 1));
      expect(await group.messages({ filterPattern: '' })).toEqual(all);
    },
  },
  {
    title: 'a search has pages, which may be empty although more follow',
    async run(stage) {
      const group = await streamed(stage);
      await group.put([
        [0, '{"key":"ios"}'],
        [0, '{"key":"web"}'],
      ]);
      const request = { filterPattern: '{ $.key = "web" }', limit: 1 };
      const first = await group.find(request);
      expect(first).toMatchObject({ events: [], nextToken: expect.any(String) });
      const second = await group.find({ ...request, nextToken: first.nextToken });
      expect(second.events).toHaveLength(1);
      expect(second.nextToken).toBeUndefined();
    },
  },
];

const NO_GROUP = {
  name: 'ResourceNotFoundException',
  message: 'The specified log group does not exist.',
};

/** A new group with one stream; lines are dated in milliseconds from now. */
async function streamed({ logs, now, freshGroup }: Stage) {
  const logGroupName = await freshGroup();
  const start = now().getTime();
  const group = {
    name: logGroupName,
    at: (milliseconds: number) => start + milliseconds,
    create: (name: string) =>
      logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName: name })),
    put(lines: readonly (readonly [number, string])[], stream = logStreamName) {
      const logEvents = lines.map(([ms, message]) => ({ timestamp: start + ms, message }));
      const batch = { logGroupName, logStreamName: stream, logEvents };
      return logs.send(new PutLogEventsCommand(batch));
    },
    find: (input: Partial<FilterLogEventsCommandInput> = {}) =>
      logs.send(new FilterLogEventsCommand({ logGroupName, ...input })),
    messages: async (input: Partial<FilterLogEventsCommandInput> = {}) =>
      (await group.find(input)).events?.map(({ message }) => message),
  };
  await group.create(logStreamName);
  return group;
}
