import { beforeEach, describe, expect, it } from 'vitest';
import { insightsHistory } from '../../../lambda/adapters/history-insights.ts';
import type { FakeAws } from '../../aws/fakes/fake-aws.ts';
import type { Window } from '../../aws/fakes/insights.ts';
import { daysAgo, OWN, QUESTION, recorded } from './history.ts';
import { backend, LOG_GROUP, NAME, timerOf } from './leak.ts';

const DAY = 86_400_000;
let aws: FakeAws;
beforeEach(() => {
  aws = recorded();
});
const ask = () => insightsHistory(aws.clients.logs, LOG_GROUP, timerOf(aws), OWN).of(QUESTION);
const daysOf = ({ from, to }: Window) => (to.getTime() - from.getTime()) / DAY;
const last = '2026-11-24T11:00:00Z';
const rowsOf = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    secretId: `amplitude/dev/key-${at}`,
    principal: backend.roleArn,
    reads: '1000000',
    first: last,
    last,
  }));

describe('the history by Logs Insights', () => {
  it('takes the same number of calls for a hundred keys of a million reads as for one', async () => {
    const calls: number[] = [];
    for (const keys of [1, 100]) {
      aws.resetCalls();
      aws.logs.onQuery = () => rowsOf(keys);
      aws.logs.queriesTake(3);
      const { rows, source } = await ask();
      expect(rows).toHaveLength(keys);
      expect(rows[0]).toMatchObject({ in72Hours: 1_000_000, in30Days: 1_000_000 });
      expect(source.calls).toBe(aws.calls.length);
      calls.push(aws.calls.length);
    }
    expect(calls).toEqual([4 + 4 * 4, 4 + 4 * 4]);
  });

  it('asks one question of three periods and one of hours, and tells what was scanned and what that costs', async () => {
    const asked: number[] = [];
    aws.logs.onQuery = (_, window) => {
      asked.push(daysOf(window));
      return undefined;
    };
    aws.logs.queriesScan({ bytesScanned: 4e9 });
    const { source } = await ask();
    expect(asked.sort((one, other) => one - other)).toEqual([3, 3, 30, 90]);
    expect(source).toMatchObject({ kind: 'logs-insights', bytesScanned: 16e9, priceUsd: 0.08 });
    expect(source.covers).toBe(
      "CloudTrail's log group cloudtrail from 2026-08-26T12:00:00.000Z to 2026-11-24T12:00:00.000Z, as far as its trail delivers to it and its retention goes; it lags by about 5 minutes on average.",
    );
  });

  it.each([
    [90, 30],
    [30, 3],
  ])('of which the %d days could not be counted, is sure of %d days', async (failing, sure) => {
    aws.logs.onQuery = (_, window) => (daysOf(window) === failing ? rowsOf(10_000) : rowsOf(1));
    const { since, source } = await ask();
    expect(since).toEqual(daysAgo(sure));
    expect(source).toMatchObject({
      complete: false,
      failure: 'A query found more than 10000 rows.',
    });
  });

  it('of which not even the last 72 hours could be counted, is sure of nothing', async () => {
    aws.logs.onQuery = (_, window) => (daysOf(window) === 3 ? rowsOf(10_000) : rowsOf(1));
    expect(await ask()).not.toHaveProperty('since');
  });

  it('waits no longer than 40 seconds, stops what still runs and keeps what it found', async () => {
    aws.logs.queriesTake(1_000);
    const begun = aws.clock.now().getTime();
    const { rows, since, source } = await ask();
    expect(aws.clock.now().getTime() - begun).toBe(40_000);
    expect(aws.countOf('StopQuery')).toBe(4);
    expect(rows.length).toBeGreaterThan(0);
    expect(since).toBeUndefined();
    expect(source.covers).toContain('A query took over 40 seconds, it was not waited for.');
  });

  it.each([
    ['StartQuery', 'access-denied', 'AWS denied it'],
    ['GetQueryResults', 'access-denied', 'AWS denied it'],
  ] as const)('knows nothing, and is no error, when %s is %s', async (call, error, why) => {
    aws.faults.fail(call, { error, times: 4 });
    const { rows, since, source } = await ask();
    expect({ rows, since }).toEqual({ rows: [], since: undefined });
    expect(source).toMatchObject({ complete: false, failure: expect.stringContaining(why) });
  });

  describe('of the hours', () => {
    const onHours = (answer: () => ReturnType<NonNullable<FakeAws['logs']['onQuery']>>) => {
      aws.logs.onQuery = (query) =>
        query.includes('| sort hour desc | limit 10000') ? answer() : undefined;
    };
    const hourRows = (count: number, hour: string) =>
      rowsOf(count).map(({ secretId, principal }) => ({ secretId, principal, hour, reads: '2' }));

    it("leaves this worker's own out, who would fill it, but no such role of another account", async () => {
      const foreign = OWN[0]?.replace('111122223333', '999988887777') ?? '';
      for (const roleArn of [...OWN, foreign]) {
        aws.cloudTrail.seedRead({ secretId: NAME, by: { roleArn, session: 's' }, at: daysAgo(1) });
      }
      const { hours } = await ask();
      const readers = new Set(hours?.rows.map(({ principal }) => principal));
      expect([...readers].sort()).toEqual([backend.roleArn, foreign].sort());
    });

    it('has the latest where there are too many, says since when, and calls that no failure', async () => {
      onHours(() => [...hourRows(9_999, '2026-11-24T11'), ...hourRows(1, '2026-11-24T09')]);
      const { since, hours, source } = await ask();
      expect(since).toEqual(daysAgo(90));
      expect(hours?.since).toEqual(new Date('2026-11-24T10:00:00Z'));
      expect(hours?.rows).toHaveLength(10_000);
      expect(source).toMatchObject({ complete: true });
      expect(source).not.toHaveProperty('failure');
      expect(source.covers).toContain(
        'average. Reads by hour are known since 2026-11-24T10:00:00.000Z only: there are more than 10000 rows of them.',
      );
    });

    it('knows none, and the rest as well as ever, when its query fails', async () => {
      aws.faults.fail('StartQuery', { nth: 4, error: 'throttled' });
      const { rows, since, hours, source } = await ask();
      expect(hours).toBeUndefined();
      expect(since).toEqual(daysAgo(90));
      expect(rows).toHaveLength(6);
      expect(source).toMatchObject({ complete: false, failure: expect.any(String) });
    });

    it('passes over what is no hour', async () => {
      onHours(() => [...hourRows(1, 'noon'), ...hourRows(1, '2026-11-24T11'), { reads: '1' }]);
      expect((await ask()).hours?.rows).toEqual([
        {
          secretId: 'amplitude/dev/key-0',
          principal: backend.roleArn,
          hour: new Date('2026-11-24T11:00:00Z'),
          reads: 2,
        },
      ]);
    });
  });

  it('passes over rows that are of no event of CloudTrail', async () => {
    const odd = { secretId: NAME, principal: 'p', reads: '1' };
    aws.logs.onQuery = () => [odd, { ...odd, first: 'soon', last }, { first: last, last }];
    expect((await ask()).rows).toEqual([]);
  });

  it('counts no reads from what is no number', async () => {
    aws.logs.onQuery = () => rowsOf(1).map((row) => ({ ...row, reads: '1e999' }));
    expect((await ask()).rows).toMatchObject([{ in72Hours: 0, in30Days: 0 }]);
  });
});
