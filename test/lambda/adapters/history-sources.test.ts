import { expect, it } from 'vitest';
import { insightsHistory } from '../../../lambda/adapters/history-insights.ts';
import { eventHistory } from '../../../lambda/adapters/history-lookup.ts';
import type { History } from '../../../lambda/domain/readers/history.ts';
import { daysAgo, OWN, QUESTION, recorded } from './history.ts';
import { ARN, backend, LOG_GROUP, NAME, thief, timerOf } from './leak.ts';

const SOURCES = {
  'the log group': (aws = recorded()) => {
    return insightsHistory(aws.clients.logs, LOG_GROUP, timerOf(aws), OWN).of(QUESTION);
  },
  'the event history': (aws = recorded()) => {
    return eventHistory(aws.clients.cloudTrail, timerOf(aws)).of(QUESTION);
  },
};

const sorted = ({ rows }: History) =>
  rows.map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).sort()))).sort();
const row = (secretId: string, principal: string, more: object) => ({
  secretId,
  principal,
  refused: false,
  in72Hours: 0,
  in30Days: 0,
  ...more,
});

it.each(Object.entries(SOURCES))(
  '%s answers who read which secret of the environment when, allowed and refused apart',
  async (_, ask) => {
    const { rows, since, source } = await ask();
    expect(rows).toHaveLength(6);
    expect(rows).toEqual(
      expect.arrayContaining([
        row(NAME, backend.roleArn, {
          first: daysAgo(80),
          last: daysAgo(1),
          in72Hours: 1,
          in30Days: 1,
        }),
        row(ARN, backend.roleArn, {
          first: daysAgo(2),
          last: daysAgo(2),
          in72Hours: 1,
          in30Days: 1,
        }),
        row(ARN.slice(0, -7), backend.roleArn, {
          first: daysAgo(29),
          last: daysAgo(29),
          in30Days: 1,
        }),
        row(NAME, thief.roleArn, {
          refused: true,
          first: daysAgo(6),
          last: daysAgo(5),
          in30Days: 2,
        }),
        row(NAME, thief.roleArn, { first: daysAgo(40), last: daysAgo(40) }),
        row('amplitude/dev/export', backend.roleArn, {
          first: daysAgo(10),
          last: daysAgo(10),
          in30Days: 1,
        }),
      ]),
    );
    expect(since).toEqual(daysAgo(90));
    expect(source).toMatchObject({ complete: true });
    expect(source).not.toHaveProperty('failure');
  },
);

it.each(Object.entries(SOURCES))(
  '%s answers the hours of the last 72, without refused reads',
  async (_, ask) => {
    const aws = recorded();
    const refused = { secretId: NAME, by: backend, errorCode: 'AccessDenied' };
    for (const days of [1, 1.5]) aws.cloudTrail.seedRead({ ...refused, at: daysAgo(days) });
    const { hours } = await ask(aws);
    const principal = backend.roleArn;
    expect(hours?.since).toEqual(daysAgo(3));
    expect(hours?.rows).toHaveLength(2);
    expect(hours?.rows).toEqual(
      expect.arrayContaining([
        { secretId: NAME, principal, hour: daysAgo(1), reads: 1 },
        { secretId: ARN, principal, hour: daysAgo(2), reads: 1 },
      ]),
    );
  },
);

it('both sources give the same answer', async () => {
  const [one, other] = await Promise.all(Object.values(SOURCES).map((ask) => ask()));
  if (!one || !other) throw new Error('a source is missing');
  expect(sorted(one)).toEqual(sorted(other));
});
