import { beforeEach, describe, expect, it } from 'vitest';
import { logsInsights } from '../../../lambda/adapters/activity-insights.ts';
import type { FakeAws } from '../../aws/fakes/fake-aws.ts';
import type { Row } from '../../aws/fakes/insights.ts';
import { backend, LOG_GROUP, leak, question, timerOf } from './leak.ts';

let aws: FakeAws;
beforeEach(() => {
  aws = leak();
});
const about = () => logsInsights(aws.clients.logs, LOG_GROUP, timerOf(aws)).about(question);

/** As the service would aggregate so many reads. */
function rowsOf(reads: number): (query: string) => readonly Row[] {
  const last = '2026-11-24T11:00:00Z';
  return (query) => {
    if (query.includes('by principal\n')) {
      const counted = { reads: String(reads), byVersionId: '0', first: last, last };
      return [{ principal: backend.roleArn, ...counted }];
    }
    return query.includes('by hour') ? [{ hour: '2026-11-24T11', reads: String(reads) }] : [];
  };
}

describe('Logs Insights', () => {
  it('takes the same number of calls for a million reads as for a hundred', async () => {
    const calls: number[] = [];
    for (const reads of [100, 1_000_000]) {
      aws.resetCalls();
      aws.logs.onQuery = rowsOf(reads);
      aws.logs.queriesTake(3);
      const { readers, hours, source } = await about();
      expect(readers).toMatchObject([{ principal: backend.roleArn, reads }]);
      expect(hours).toMatchObject([{ reads }]);
      expect(source.calls).toBe(aws.calls.length);
      calls.push(aws.calls.length);
    }
    expect(calls).toEqual([4 + 4 * 4, 4 + 4 * 4]);
  });

  it.each(['1e999', '-1', 'NaN', ''])('counts no reads from %j', async (reads) => {
    aws.logs.onQuery = (query) =>
      query.includes('by hour') ? [{ hour: '2026-11-24T11', reads }] : [];
    expect((await about()).hours).toMatchObject([{ reads: 0 }]);
  });

  it('starts one query for each question, at most ten calls a second', async () => {
    aws.limits.enable();
    aws.logs.queriesTake(5);
    expect((await about()).source.complete).toBe(true);
    expect(aws.countOf('StartQuery')).toBe(4);
    expect(aws.calls.filter(({ error }) => error)).toEqual([]);
  });

  it('tells what was scanned and what that costs', async () => {
    aws.logs.queriesScan({ bytesScanned: 5e9 });
    const { source } = await about();
    expect(source).toMatchObject({ kind: 'logs-insights', bytesScanned: 20e9, priceUsd: 0.1 });
    expect(source.covers).toBe(
      "CloudTrail's log group cloudtrail from 2026-11-21T12:00:00.000Z to 2026-11-24T12:00:00.000Z, as far as its trail delivers to it and its retention goes; it lags by about 5 minutes on average.",
    );
  });

  it('waits for no query longer than its bound, stops it and keeps what it found so far', async () => {
    aws.logs.queriesTake(1_000);
    const begun = aws.clock.now().getTime();
    const { readers, source } = await about();
    expect(aws.clock.now().getTime() - begun).toBe(20_000);
    expect(aws.countOf('GetQueryResults')).toBe(4 * 20);
    expect(aws.countOf('StopQuery')).toBe(4);
    expect(readers.length).toBeGreaterThan(0);
    expect(source.complete).toBe(false);
    expect(source.covers).toContain('A query took over 20 seconds, it was not waited for.');
  });

  it.each(['Failed', 'Timeout'] as const)('says that a query ended as %s', async (end) => {
    aws.logs.queriesTake(1, end);
    const { source } = await about();
    expect(source).toMatchObject({
      complete: false,
      covers: expect.stringContaining(`ended as ${end}.`),
    });
    expect(aws.countOf('StopQuery')).toBe(0);
  });

  it('polls again when a poll is throttled', async () => {
    aws.faults.fail('GetQueryResults', { error: 'throttled', times: 4 });
    const { readers, source } = await about();
    expect(source).toMatchObject({ complete: true, calls: 4 + 4 + 8 });
    expect(readers).toHaveLength(3);
  });

  it.each([
    ['StartQuery', 'access-denied', 'AWS denied it'],
    ['StartQuery', 'throttled', 'AWS throttles the call'],
    ['GetQueryResults', 'access-denied', 'AWS denied it'],
  ] as const)('is incomplete, and no error, when %s is %s', async (call, error, why) => {
    aws.faults.fail(call, { error, times: 4 });
    const { readers, source } = await about();
    expect(readers).toEqual([]);
    expect(source).toMatchObject({ complete: false, covers: expect.stringContaining(why) });
    expect(aws.faults.pending).toEqual([]);
  });

  it('says that there is no such log group', async () => {
    const none = logsInsights(aws.clients.logs, 'none', timerOf(aws));
    const { source } = await none.about(question);
    expect(source).toMatchObject({ complete: false, calls: 4, bytesScanned: 0, priceUsd: 0 });
    expect(source.covers).toContain('StartQuery of log group none failed');
  });

  it('is incomplete when there are more rows than an answer has room for', async () => {
    aws.logs.onQuery = (query) =>
      query.includes('vpcEndpointId')
        ? Array.from({ length: 10_000 }, () => ({ principal: 'p', reads: '1' }))
        : [];
    const { source } = await about();
    expect(source).toMatchObject({ complete: false });
    expect(source.covers).toContain('more than 10000 rows');
  });

  it('passes over rows that are of no event of CloudTrail', async () => {
    aws.logs.onQuery = () => [{ reads: '1' }, { principal: 'p', hour: 'x', first: 'soon' }];
    expect(await about()).toMatchObject({ readers: [], hours: [], actions: [] });
  });
});
