import { describe, expect, it } from 'vitest';
import { insightsHistory } from '../../../lambda/adapters/history-insights.ts';
import { eventHistory } from '../../../lambda/adapters/history-lookup.ts';
import { usageHistory } from '../../../lambda/adapters/history-usage.ts';
import type { History } from '../../../lambda/domain/readers/history.ts';
import type { FakeAws } from '../../aws/fakes/fake-aws.ts';
import { daysAgo, OWN, QUESTION, recorded as recordedByTrail } from './history.ts';
import { ARN, backend, LOG_GROUP, NAME, thief, timerOf } from './leak.ts';
import { type Recording, recordUses, USAGE } from './uses.ts';

const DAYS = 24;

function recorded(recording: Recording = { forHours: 91 * DAYS }): FakeAws {
  const aws = recordedByTrail();
  recordUses(aws, recording);
  aws.resetCalls();
  return aws;
}

function ask(aws: FakeAws) {
  const record = {
    client: aws.clients.logs,
    environment: 'dev',
    logGroupName: USAGE,
    ownRoles: OWN,
  };
  const events = eventHistory(aws.clients.cloudTrail, timerOf(aws));
  return usageHistory(record, timerOf(aws), events).of(QUESTION);
}

const nameOf = (secretId: string) => ([ARN, ARN.slice(0, -7)].includes(secretId) ? NAME : secretId);

/** One row of each key, reader and outcome, however the reader named the key. */
function counted({ rows }: History) {
  const alike = Map.groupBy(rows, ({ secretId, principal, refused }) =>
    JSON.stringify([nameOf(secretId), principal, refused]),
  );
  return [...alike].map(([who, same]) => [
    who,
    same.reduce((sum, { in72Hours }) => sum + in72Hours, 0),
    same.reduce((sum, { in30Days }) => sum + in30Days, 0),
    Math.max(...same.map(({ last }) => last.getTime())),
  ]);
}

describe('the history by the usage record', () => {
  it('is what the log group of a trail has, though each read is in it twice', async () => {
    const aws = recorded();
    const trail = await insightsHistory(aws.clients.logs, LOG_GROUP, timerOf(aws), OWN).of(
      QUESTION,
    );
    const uses = await ask(aws);
    expect(counted(uses).sort()).toEqual(counted(trail).sort());
    expect(uses.since).toEqual(daysAgo(90));
    expect(uses.source).toMatchObject({ kind: 'usage-record', complete: true });
    expect(uses.source.covers).toContain("The access guard's usage record /amplitude/dev/usage");
    expect(aws.countOf('LookupEvents')).toBe(0);
  });

  it('takes five queries and the same number of calls, however many reads there are', async () => {
    const aws = recorded();
    aws.logs.onQuery = (query) =>
      query.includes('api_key_name,')
        ? Array.from({ length: 100 }, (_, key) => ({
            api_key_name: `key-${key}`,
            principal: backend.roleArn,
            outcome: 'read',
            reads: '1000000',
            first: '2026-11-24T11:00:00.000Z',
            last: '2026-11-24T11:00:00.000Z',
          }))
        : undefined;
    const { rows, source } = await ask(aws);
    expect(rows).toHaveLength(100);
    expect(rows[0]).toMatchObject({ in72Hours: 1_000_000, secretId: 'amplitude/dev/key-0' });
    expect(aws.countOf('StartQuery')).toBe(5);
    expect(source.calls).toBe(aws.calls.length);
  });

  it("has the hours of the last 72, each read once, without refused ones and this worker's own", async () => {
    const aws = recordedByTrail();
    const refused = { secretId: NAME, by: backend, errorCode: 'AccessDenied' };
    for (const days of [1, 1.5]) aws.cloudTrail.seedRead({ ...refused, at: daysAgo(days) });
    recordUses(aws, { forHours: 91 * DAYS });
    const { hours } = await ask(aws);
    const one = { secretId: NAME, principal: backend.roleArn, reads: 1 };
    expect(hours).toEqual({
      since: daysAgo(3),
      rows: [
        { ...one, hour: daysAgo(1) },
        { ...one, hour: daysAgo(2) },
      ],
    });
  });

  it('has the latest hours where there are too many, and calls that no failure', async () => {
    const aws = recorded();
    const cells = { principal: backend.roleArn, hour: '2026-11-24T09', reads: '1' };
    aws.logs.onQuery = (query) =>
      query.includes('principal, hour\n    | sort hour desc | limit 10000')
        ? Array.from({ length: 10_000 }, (_, key) => ({ ...cells, api_key_name: `key-${key}` }))
        : undefined;
    const { since, hours, source } = await ask(aws);
    expect(since).toEqual(daysAgo(90));
    expect(hours?.since).toEqual(new Date('2026-11-24T10:00:00Z'));
    expect(source).toMatchObject({ complete: true });
    expect(source.covers).toContain('Reads by hour are known since 2026-11-24T10:00:00.000Z only');
  });

  it('is known since the guard was there, and no read before that counts', async () => {
    const { rows, since, source } = await ask(recorded({ forHours: 10 * DAYS }));
    expect(since).toEqual(daysAgo(10));
    expect(rows.filter(({ secretId }) => secretId === NAME)).toMatchObject([
      { principal: backend.roleArn, in30Days: 2 },
      { principal: thief.roleArn, refused: true, in30Days: 2 },
    ]);
    expect(source).toMatchObject({ kind: 'usage-record', complete: true });
    expect(source.covers).toContain('without a gap since 2026-11-14T12:00:00.000Z');
  });

  it('is known since the latest gap only', async () => {
    const silent = Array.from({ length: 6 }, (_, at) => 8 * DAYS + at);
    const { since } = await ask(recorded({ forHours: 91 * DAYS, silent }));
    expect(since).toEqual(new Date(daysAgo(8).getTime() + 3_600_000));
  });
});

describe('the risk of a reader', () => {
  const rowsOf = async (aws: FakeAws) => {
    const { rows } = await ask(aws);
    return rows.filter(({ secretId }) => secretId === NAME);
  };
  /** As the guard writes it since it weighs risks. */
  const weighed = (aws: FakeAws, days: number, more: object) => {
    const line = {
      event_type: 'API_KEY_USED',
      api_key_name: 'web',
      principal: backend.roleArn,
      timestamp: daysAgo(days).toISOString(),
      outcome: 'read',
      event_id: `${days} ${JSON.stringify(more)}`,
      ...more,
    };
    aws.logs.seedLine(USAGE, daysAgo(days), JSON.stringify(line));
  };

  it('is the highest of 90 days, as a number, and lines without one count none', async () => {
    const aws = recorded();
    for (const [days, risk] of [
      [0.5, 9],
      [80, 100],
      [2, 45],
    ] as const) {
      weighed(aws, days, { risk });
    }
    weighed(aws, 1, { principal: thief.roleArn, outcome: 'denied', risk: 0 });
    expect(await rowsOf(aws)).toEqual([
      expect.objectContaining({ principal: backend.roleArn, refused: false, risk: 100 }),
      expect.objectContaining({ principal: thief.roleArn, refused: true, risk: 0 }),
      expect.not.objectContaining({ risk: expect.anything() }),
    ]);
  });

  it.each(['', 'high', '-1', '101', '1e9', '45.5', 'Infinity'])(
    'is not known where a line says %j',
    async (risk) => {
      const aws = recorded();
      weighed(aws, 0.5, { risk });
      for (const row of await rowsOf(aws)) expect(row).not.toHaveProperty('risk');
    },
  );

  it('is not known of a record that has none', async () => {
    for (const row of await rowsOf(recorded())) expect(row).not.toHaveProperty('risk');
  });
});

describe('the event history is asked', () => {
  it.each<[string, () => FakeAws]>([
    ['has begun in the last 72 hours', () => recorded({ forHours: 20 })],
    ['is silent', () => recorded({ forHours: 91 * DAYS, silent: [0, 1, 2, 3, 4] })],
    ['is not there', recordedByTrail],
  ])('when the record %s, and answers since it goes further back', async (_, world) => {
    const aws = world();
    const { since, source, rows } = await ask(aws);
    expect(since).toEqual(daysAgo(90));
    expect(source).toMatchObject({ kind: 'lookup-events', complete: true });
    expect(source).not.toHaveProperty('failure');
    expect(source.covers).toContain("The access guard's usage record can't tell as much yet:");
    expect(rows.some(({ principal }) => principal === thief.roleArn)).toBe(true);
  });

  it('when the record has begun lately, which answers if CloudTrail does not', async () => {
    const aws = recorded({ forHours: 20 });
    aws.faults.fail('LookupEvents', { error: 'throttled' });
    const { since, source } = await ask(aws);
    expect(since).toEqual(new Date(daysAgo(1).getTime() + 4 * 3_600_000));
    expect(source.kind).toBe('usage-record');
    expect(source.calls).toBe(aws.calls.length);
  });

  it.each([
    ['throttles', 'throttled'],
    ['denies', 'access-denied'],
  ] as const)('and nothing is sure when AWS %s both', async (_, error) => {
    const aws = recorded();
    aws.faults.fail('StartQuery', { error, times: 5 });
    aws.faults.fail('LookupEvents', { error });
    const { rows, since, source } = await ask(aws);
    expect({ rows, since }).toEqual({ rows: [], since: undefined });
    expect(source).toMatchObject({ complete: false, failure: expect.any(String) });
  });

  it('and what could be counted before a bound is kept', async () => {
    const aws = recorded();
    aws.logs.queriesTake(1_000);
    aws.faults.fail('LookupEvents', { error: 'throttled' });
    const { rows, since, source } = await ask(aws);
    expect(rows.length).toBeGreaterThan(0);
    expect(since).toBeUndefined();
    expect(source.covers).toContain('A query took over 12 seconds');
  });
});
