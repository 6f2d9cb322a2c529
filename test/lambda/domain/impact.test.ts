import { describe, expect, it } from 'vitest';
import type { Activity } from '../../../lambda/domain/activity.ts';
import { impactOf } from '../../../lambda/domain/impact.ts';
import { ago, HOUR } from './lifecycle/seen.ts';

const arn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:amplitude/dev/web-AbCdEf';
const place = {
  secret: { arn, name: 'amplitude/dev/web' },
  stagedPath: '/amplitude/dev/web/staged',
};
const nothing = { readers: [], hours: [], traces: [], actions: [] };
const impact = (activity: Partial<Activity>, known: readonly string[] = []) =>
  impactOf(place, { ...nothing, ...activity }, known);
const reader = (principal: string, reads: number, from = 2, to = 1) => ({
  principal,
  reads,
  byVersionId: 0,
  first: ago(from * HOUR),
  last: ago(to * HOUR),
});

describe('the impact', () => {
  it('of no reads is nothing', () => {
    expect(impact({})).toEqual({ reads: 0, byHour: [], readers: [], activity: [] });
  });

  it('is the sum of all readers, from the first read to the last, strangers first', () => {
    const readers = [reader('known', 100, 9, 5), reader('few', 1, 3, 3), reader('many', 5, 4, 1)];
    const { reads, first, last, ...report } = impact({ readers }, ['known']);
    expect({ reads, first, last }).toEqual({
      reads: 106,
      first: ago(9 * HOUR).toISOString(),
      last: ago(HOUR).toISOString(),
    });
    const told = report.readers.map(({ principal, known }) => [principal, known]);
    expect(told).toEqual([
      ['many', false],
      ['few', false],
      ['known', true],
    ]);
  });

  it('tells the hours in order', () => {
    const hours = [
      { hour: ago(HOUR), reads: 2 },
      { hour: ago(3 * HOUR), reads: 1 },
    ];
    expect(impact({ hours }).byHour).toEqual([
      { hour: ago(3 * HOUR).toISOString(), reads: 1 },
      { hour: ago(HOUR).toISOString(), reads: 2 },
    ]);
  });

  it('tells no session and no user agent that a key may be in', () => {
    const trace = { principal: 'a', session: 'ab'.repeat(16), userAgent: `app ${'1'.repeat(32)}` };
    const { readers } = impact({ readers: [reader('a', 1)], traces: [trace] });
    expect(readers).toMatchObject([{ sessions: ['[redacted]'], userAgents: ['app [redacted]'] }]);
  });

  it('tells a few of the sessions, addresses and user agents of a reader, each once', () => {
    const mine = Array.from({ length: 9 }, (_, index) => ({
      principal: 'a',
      session: `task-${index}`,
      address: '192.0.2.10',
      vpcEndpoint: 'vpce-1',
    }));
    const traces = [...mine, { principal: 'b', userAgent: 'curl/8' }];
    const { readers } = impact({ readers: [reader('a', 9), reader('b', 1)], traces });
    expect(readers).toMatchObject([
      {
        sessions: ['task-0', 'task-1', 'task-2', 'task-3', 'task-4'],
        from: ['vpce-1', '192.0.2.10'],
        userAgents: [],
      },
      { sessions: [], from: [], userAgents: ['curl/8'] },
    ]);
  });
});

describe('the activity', () => {
  const act = (name: string, more: object = {}) => ({
    name,
    principal: 'p',
    count: 1,
    last: ago(HOUR),
    ...more,
  });
  const eventsOf = (...actions: ReturnType<typeof act>[]) =>
    impact({ actions }).activity.map(({ event, count }) => [event, count]);

  it('says what was decrypted, as far as the context tells', () => {
    const parameterArn = (path: string) => `arn:aws:ssm:us-east-1:111122223333:parameter${path}`;
    expect(
      eventsOf(
        act('Decrypt', { decrypted: { secretArn: arn } }),
        act('Decrypt', {
          decrypted: { parameterArn: parameterArn('/amplitude/dev/web/staged/0123456789ab') },
        }),
        act('Decrypt', { decrypted: { secretArn: `${arn}-2` } }),
        act('Decrypt', { decrypted: { parameterArn: parameterArn('/other') } }),
        act('Decrypt'),
      ),
    ).toEqual([
      ['Decrypt of this secret', 1],
      ['Decrypt of a staged key', 1],
      ['Decrypt of another secret or parameter', 2],
      ['Decrypt without a context', 1],
    ]);
  });

  it('says what failed, the latest first', () => {
    const failed = act('PutResourcePolicy', { error: 'AccessDenied', last: ago(0) });
    expect(eventsOf(act('PutResourcePolicy', { count: 3 }), failed)).toEqual([
      ['PutResourcePolicy (AccessDenied)', 1],
      ['PutResourcePolicy', 3],
    ]);
  });
});
