import { beforeEach, describe, expect, it } from 'vitest';
import { usageRecord } from '../../../lambda/adapters/usage-record.ts';
import type { UsageLine } from '../../../lambda/domain/access-guard/usage-line.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-24T00:00:00Z');
const GROUP = '/amplitude/dev/usage';
let aws: FakeAws;

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
  aws.logs.seedGroup(GROUP);
});

const record = () => usageRecord(aws.clients.logs, GROUP, () => aws.clock.now());
const line = (daysAgo: number, text = 'x') => ({
  at: new Date(NOW.getTime() - daysAgo * DAY),
  line: { event_id: text } as UsageLine,
});
const puts = () => aws.calls.filter(({ command, error }) => command === 'PutLogEvents' && !error);

describe('the usage record', () => {
  it('is written by time, in one call where it can be', async () => {
    await record().write([line(0, 'b'), line(0.5, 'a')]);
    expect(aws.logs.messagesOf(GROUP)).toEqual(['{"event_id":"a"}', '{"event_id":"b"}']);
    expect(puts()).toHaveLength(1);
  });

  it('is written in as many calls as days and bytes ask for', async () => {
    await record().write([line(0), line(1), line(2.5), line(3)]);
    expect(puts()).toHaveLength(3);
    aws.resetCalls();
    await record().write(Array.from({ length: 9 }, () => line(0, 'x'.repeat(250_000))));
    expect(puts()).toHaveLength(3);
    aws.resetCalls();
    await record().write(Array.from({ length: 10_001 }, () => line(0)));
    expect(puts()).toHaveLength(2);
  });

  it('has what is older, or early, at the nearest time that CloudWatch takes', async () => {
    await record().write([line(400, 'old'), line(-1, 'early')]);
    expect(aws.logs.messagesOf(GROUP)).toEqual(['{"event_id":"old"}', '{"event_id":"early"}']);
  });

  it('says so where the retention is too short for what came late', async () => {
    aws.logs.seedGroup(GROUP, 1);
    await expect(record().write([line(2)])).rejects.toMatchObject({
      code: 'AWS_CALL_FAILED',
      message: expect.stringContaining('retention'),
    });
  });
});
