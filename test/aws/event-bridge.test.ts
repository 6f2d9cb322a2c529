import { PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const ENTRY = { Source: 'amplitude-keys', DetailType: 'Amplitude Key Rotated', Detail: '{"a":1}' };
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
});

const put = (...Entries: PutEventsRequestEntry[]) =>
  aws.clients.events.send(new PutEventsCommand({ Entries }));

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
describe('events that are put', () => {
  it('are taken with their time, and each is given an id', async () => {
    const { Entries, FailedEntryCount } = await put({ ...ENTRY, Resources: ['arn'] }, ENTRY);
    expect(FailedEntryCount).toBe(0);
    expect(new Set(Entries?.map(({ EventId }) => EventId)).size).toBe(2);
    expect(aws.events.taken[0]).toEqual({
      source: 'amplitude-keys',
      detailType: 'Amplitude Key Rotated',
      detail: { a: 1 },
      resources: ['arn'],
      at: NOW,
    });
  });

  it.each([
    ['without a source', { Source: '' }, 'InvalidArgument'],
    ['without a type', { DetailType: '' }, 'InvalidArgument'],
    ['of too long a type', { DetailType: 'x'.repeat(129) }, 'InvalidArgument'],
    ['without detail', { Detail: '' }, 'InvalidArgument'],
    ['with a detail that is no JSON', { Detail: '{' }, 'MalformedDetail'],
    ['with a detail that is no object', { Detail: '[]' }, 'MalformedDetail'],
    ["in AWS's name", { Source: 'aws.secretsmanager' }, 'NotAuthorizedForSourceException'],
  ])(
    '%s are told as failed in an answer that is no error, and the others taken',
    async (...row) => {
      const [, over, ErrorCode] = row;
      const answer = await put({ ...ENTRY, ...over }, ENTRY);
      expect(answer).toMatchObject({
        FailedEntryCount: 1,
        Entries: [{ ErrorCode, ErrorMessage: expect.any(String) }, { EventId: expect.any(String) }],
      });
      expect(aws.events.taken).toHaveLength(1);
    },
  );

  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
  it('are one to ten a call, of less than 256 KB together', async () => {
    const overhead = ENTRY.Source.length + ENTRY.DetailType.length + '{"a":""}'.length;
    const large = (size: number) => ({
      ...ENTRY,
      Detail: JSON.stringify({ a: 'x'.repeat(size - overhead) }),
    });
    await put(large(256 * 1024 - 1));
    for (const wrong of [[], Array(11).fill(ENTRY), [large(256 * 1024)]]) {
      expect((await refusal(put(...wrong))).name).toBe('ValidationException');
    }
    expect(aws.events.taken).toHaveLength(1);
  });

  it('go to the default bus alone: a field that names another is not known', async () => {
    await expect(put({ ...ENTRY, EventBusName: 'other' })).rejects.toThrow('EventBusName');
  });
});
