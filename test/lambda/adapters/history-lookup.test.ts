import { beforeEach, describe, expect, it } from 'vitest';
import { eventHistory } from '../../../lambda/adapters/history-lookup.ts';
import type { FakeAws } from '../../aws/fakes/fake-aws.ts';
import { daysAgo, QUESTION, recorded } from './history.ts';
import { backend, NAME, NOW, timerOf } from './leak.ts';

let aws: FakeAws;
beforeEach(() => {
  aws = recorded();
});
const ask = () => eventHistory(aws.clients.cloudTrail, timerOf(aws)).of(QUESTION);
/** One a minute, backwards. */
const seedReads = (count: number, secretId = NAME) => {
  for (let at = 0; at < count; at += 1) {
    const time = new Date(NOW.getTime() - at * 60_000);
    aws.cloudTrail.seedRead({ secretId, by: backend, at: time });
  }
};

describe('the history by LookupEvents', () => {
  it('is read to its end, page after page, twice a second', async () => {
    aws.limits.enable();
    seedReads(120);
    const { rows, source } = await ask();
    expect(rows.find(({ secretId }) => secretId === NAME)).toMatchObject({ in72Hours: 121 });
    expect(source).toMatchObject({ kind: 'lookup-events', complete: true, calls: 3 });
    expect(aws.calls.filter(({ error }) => error)).toEqual([]);
    expect(aws.clock.now().getTime() - NOW.getTime()).toBe(2 * 500);
  });

  it('stops at its bound of pages, and is sure of what came after the oldest that it saw', async () => {
    seedReads(5_000, 'database');
    const { since, source } = await ask();
    expect(aws.countOf('LookupEvents')).toBe(80);
    expect(since?.getTime()).toBeGreaterThan(daysAgo(3).getTime());
    expect(since?.getTime()).toBeLessThan(daysAgo(2.7).getTime());
    expect(source).toMatchObject({ complete: false, calls: 80 });
    expect(source).not.toHaveProperty('failure');
    expect(source.covers).toContain(
      `from ${since?.toISOString()} to 2026-11-24T12:00:00.000Z; it lags by about 5 minutes on average. It stopped at its bound and knows nothing older`,
    );
  });

  it('stops at its bound of time', async () => {
    seedReads(5_000, 'database');
    aws.takeTime(4_500);
    expect((await ask()).source).toMatchObject({ complete: false, calls: 9 });
  });

  it('keeps what it has and says why when CloudTrail does not answer any more', async () => {
    seedReads(120);
    aws.faults.fail('LookupEvents', { nth: 2, error: 'throttled' });
    const { rows, since, source } = await ask();
    expect(rows).toMatchObject([{ in72Hours: 50 }]);
    expect(since).toEqual(new Date(NOW.getTime() - 49 * 60_000));
    expect(source.failure).toMatch(/^LookupEvents of event name GetSecretValue failed: AWS thrott/);
  });

  it('is sure of nothing when CloudTrail does not answer at all', async () => {
    aws.faults.fail('LookupEvents', { error: 'access-denied' });
    const { rows, since, source } = await ask();
    expect({ rows, since }).toEqual({ rows: [], since: undefined });
    expect(source).toMatchObject({ complete: false, failure: expect.stringContaining('denied') });
  });

  it('is sure of nothing when it can not read an event', async () => {
    const { send } = aws.clients.cloudTrail;
    const client = Object.create(aws.clients.cloudTrail, {
      send: {
        value: async (command: Parameters<typeof send>[0]) => {
          const answer = (await send(command)) as { Events?: object[] };
          return { ...answer, Events: [...(answer.Events ?? []), { CloudTrailEvent: '{' }] };
        },
      },
    });
    const { since, source } = await eventHistory(client, timerOf(aws)).of(QUESTION);
    expect(since).toBeUndefined();
    expect(source.covers).toContain("Passed over: 1 events that can't be read.");
  });
});
