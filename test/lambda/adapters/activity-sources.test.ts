import { describe, expect, it } from 'vitest';
import { logsInsights } from '../../../lambda/adapters/activity-insights.ts';
import { lookupEvents } from '../../../lambda/adapters/activity-lookup.ts';
import type { Activity, ActivityQuestion } from '../../../lambda/domain/activity.ts';
import {
  backend,
  eve,
  hoursAgo,
  LOG_GROUP,
  leak,
  question,
  replaced,
  revoked,
  staged,
  thief,
  timerOf,
} from './leak.ts';

const SOURCES = {
  'the log group': (asked: ActivityQuestion) => {
    const aws = leak();
    return logsInsights(aws.clients.logs, LOG_GROUP, timerOf(aws)).about(asked);
  },
  'the event history': (asked: ActivityQuestion) => {
    const aws = leak();
    return lookupEvents(aws.clients.cloudTrail, timerOf(aws)).about(asked);
  },
};
const readsOf = ({ readers }: Activity) =>
  Object.fromEntries(readers.map(({ principal, reads }) => [principal, reads]));
const ECS = 'ecs-tasks.amazonaws.com';

describe.each(Object.entries(SOURCES))('by %s', (_, about) => {
  it('the reads of the current version are those that name it, its label, or nothing since it is current', async () => {
    const activity = await about(question);
    expect(readsOf(activity)).toEqual({ [backend.roleArn]: 3, [thief.roleArn]: 2, [ECS]: 1 });
    expect(activity.source).toMatchObject({ complete: true });
  });

  it('the reads of a replaced version are those of the time when it was current, and by AWSPREVIOUS after that', async () => {
    expect(readsOf(await about(replaced))).toEqual({ [backend.roleArn]: 4 });
  });

  it('the reads by a retention label count after a revocation took it off, and those by a label of another version do not', async () => {
    expect(readsOf(await about(revoked))).toEqual({ [thief.roleArn]: 2 });
  });

  it('the first and last read and those by version id are told of each reader', async () => {
    const { readers } = await about(question);
    expect(readers.find(({ principal }) => principal === backend.roleArn)).toEqual({
      principal: backend.roleArn,
      reads: 3,
      byVersionId: 1,
      first: hoursAgo(48),
      last: hoursAgo(20),
    });
  });

  it('the hours are those of the reads', async () => {
    const { hours } = await about(question);
    const counted = hours.map(({ hour, reads }) => [hour.toISOString(), reads]).sort();
    expect(counted).toEqual([
      ['2026-11-22T12:00:00.000Z', 1],
      ['2026-11-23T06:00:00.000Z', 1],
      ['2026-11-23T16:00:00.000Z', 1],
      ['2026-11-24T02:00:00.000Z', 2],
      ['2026-11-24T03:00:00.000Z', 1],
    ]);
  });

  it('sessions, addresses, endpoints and user agents are told', async () => {
    const { traces } = await about(question);
    const theirs = traces.filter(({ principal }) => principal === thief.roleArn);
    expect(theirs).toHaveLength(2);
    expect(theirs).toContainEqual({
      principal: thief.roleArn,
      session: 'laptop',
      address: '192.0.2.10',
      vpcEndpoint: 'vpce-1',
      userAgent: 'curl/8',
    });
  });

  it('the reads of a staged key are those of its parameter, by name, history or a path above it', async () => {
    expect(readsOf(await about(staged))).toEqual({ [eve.userArn]: 2, [thief.roleArn]: 1 });
  });

  it('whatever else was done or tried is counted, and nothing of other secrets and keys', async () => {
    const { actions } = await about(question);
    const told = actions.map(
      ({ name, error = '', count, decrypted: { secretArn, parameterArn } = {} }) =>
        `${count} ${name} ${error}${secretArn?.slice(-6) ?? ''}${parameterArn?.slice(-4) ?? ''}`,
    );
    expect(told.toSorted()).toEqual([
      '1 CreateGrant ',
      '1 Decrypt ',
      '1 Decrypt 89ab',
      '1 Decrypt CdEf-2',
      '1 DeleteResourcePolicy AccessDenied',
      '1 DisableKey ',
      '1 GetParameter ',
      '1 GetParameter AccessDenied',
      '1 GetParameterHistory ',
      '1 GetParameters ',
      '1 GetParametersByPath ',
      '1 GetSecretValue AccessDenied',
      '1 PutResourcePolicy ',
      '1 StopLogging ',
      '1 TagResource ',
      '1 UntagResource ',
      '2 Decrypt AbCdEf',
    ]);
  });
});

it('both sources give the same answer', async () => {
  const sorted = (rows: readonly object[]) =>
    rows.map((row) => JSON.stringify(sortKeys(row))).sort();
  const sortKeys = (row: object) => Object.fromEntries(Object.entries(row).sort());
  for (const asked of [question, replaced, revoked, staged]) {
    const [one, other] = await Promise.all(Object.values(SOURCES).map((about) => about(asked)));
    if (!one || !other) throw new Error('a source is missing');
    for (const part of ['readers', 'hours', 'traces', 'actions'] as const) {
      expect(sorted(one[part]), part).toEqual(sorted(other[part]));
    }
  }
});
