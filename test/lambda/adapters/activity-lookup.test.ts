import { beforeEach, describe, expect, it } from 'vitest';
import { lookupEvents } from '../../../lambda/adapters/activity-lookup.ts';
import { EVENT_NAMES } from '../../../lambda/domain/trail-event.ts';
import type { FakeAws } from '../../aws/fakes/fake-aws.ts';
import { backend, hoursAgo, leak, NAME, NOW, question, timerOf } from './leak.ts';

let aws: FakeAws;
beforeEach(() => {
  aws = leak();
});
const about = () => lookupEvents(aws.clients.cloudTrail, timerOf(aws)).about(question);
const seedReads = (count: number) => {
  for (let index = 0; index < count; index += 1) {
    aws.cloudTrail.seedRead({ secretId: NAME, by: backend, at: hoursAgo(1 + index / 10_000) });
  }
};

describe('LookupEvents', () => {
  it('asks once for each kind of call where there are few, twice a second', async () => {
    aws.limits.enable();
    const { source } = await about();
    expect(source).toMatchObject({
      kind: 'lookup-events',
      complete: true,
      calls: EVENT_NAMES.length,
    });
    expect(aws.calls.filter(({ error }) => error)).toEqual([]);
    expect(aws.clock.now().getTime() - NOW.getTime()).toBe((EVENT_NAMES.length - 1) * 500);
  });

  it('reads on, page after page', async () => {
    seedReads(120);
    const { readers, source } = await about();
    expect(readers).toMatchObject([{ reads: 123 }, {}, {}]);
    expect(source).toMatchObject({ complete: true, calls: EVENT_NAMES.length + 2 });
  });

  it('stops at its bound of pages, and says what it left out', async () => {
    seedReads(5_000);
    const { readers, source } = await about();
    expect(source).toMatchObject({ complete: false, calls: 40 });
    expect(aws.countOf('LookupEvents')).toBe(40);
    expect(readers[0]?.reads).toBe((40 - EVENT_NAMES.length + 1) * 50);
    expect(source.covers).toContain(
      'Left out: older calls of GetSecretValue. It stopped at its bound',
    );
  });

  it('stops at its bound of time, and says what it did not ask for', async () => {
    aws.takeTime(4_000);
    const { source } = await about();
    expect(aws.countOf('LookupEvents')).toBe(5);
    expect(source.complete).toBe(false);
    expect(source.covers).toContain(`Not asked for: ${EVENT_NAMES.slice(5).join(', ')}.`);
  });

  it('keeps what it has and says why when CloudTrail does not answer', async () => {
    aws.faults.fail('LookupEvents', { nth: 2, error: 'throttled' });
    const { readers, source } = await about();
    expect(readers.length).toBeGreaterThan(0);
    expect(source).toMatchObject({ complete: false, calls: 2 });
    expect(source.covers).toMatch(
      /Not asked for: GetParameter, .* LookupEvents of event name GetParameter failed: AWS throttles/,
    );
  });

  it('counts events that it can not read', async () => {
    const { send } = aws.clients.cloudTrail;
    const client = Object.create(aws.clients.cloudTrail, {
      send: {
        value: async (command: Parameters<typeof send>[0]) => {
          const answer = (await send(command)) as { Events?: object[] };
          const odd = [{ CloudTrailEvent: '{', EventTime: NOW }, { CloudTrailEvent: '{}' }];
          return { ...answer, Events: [...(answer.Events ?? []), ...odd] };
        },
      },
    });
    const { readers, source } = await lookupEvents(client, timerOf(aws)).about(question);
    expect(readers).toHaveLength(3);
    expect(source.complete).toBe(false);
    expect(source.covers).toContain(`Passed over: ${2 * EVENT_NAMES.length} events`);
  });
});
