import {
  GetQueryResultsCommand,
  StartQueryCommand,
  type StartQueryCommandInput,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeAws } from './fakes/fake-aws.ts';
import { refusal } from './recorded/row.ts';

const HOUR = 3_600_000;
const NOW = new Date('2026-11-24T02:30:00Z');
const group = 'cloudtrail';
const backend = { roleArn: 'arn:aws:iam::111122223333:role/backend', session: 'task-1' };
const ann = { userArn: 'arn:aws:iam::111122223333:user/ann' };
const seconds = (date: Date) => date.getTime() / 1000;
const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * HOUR);
let aws: FakeAws;

const start = (queryString: string, over: Partial<StartQueryCommandInput> = {}) =>
  aws.clients.logs.send(
    new StartQueryCommand({
      logGroupName: group,
      startTime: seconds(hoursAgo(72)),
      endTime: seconds(NOW),
      queryString,
      ...over,
    }),
  );
const poll = (queryId: string | undefined) =>
  aws.clients.logs.send(new GetQueryResultsCommand({ queryId }));
async function ask(queryString: string, over: Partial<StartQueryCommandInput> = {}) {
  aws.logs.queriesTake(0);
  const { results = [] } = await poll((await start(queryString, over)).queryId);
  return results.map((cells) =>
    Object.fromEntries(cells.map(({ field = '', value }) => [field, value])),
  );
}

beforeEach(() => {
  aws = new FakeAws({ now: NOW });
  aws.logs.seedCloudTrail(group);
  const secretId = 'amplitude/dev/web';
  aws.cloudTrail.seedRead({ secretId, by: backend, at: hoursAgo(2) });
  aws.cloudTrail.seedRead({ secretId, by: backend, at: hoursAgo(1.9), versionId: 'v1' });
  aws.cloudTrail.seedRead({ secretId: 'other', by: ann, at: hoursAgo(1) });
});

describe('a query', () => {
  it('counts by field and hour, with the first and last of each', async () => {
    const query = `filter eventName = "GetSecretValue"
      | stats count(*) as reads, earliest(eventTime) as first, latest(eventTime) as last
          by userIdentity.arn as who, bin(1h)
      | sort reads desc`;
    expect(await ask(query)).toEqual([
      {
        who: 'arn:aws:sts::111122223333:assumed-role/backend/task-1',
        'bin(1h)': '2026-11-24 00:00:00.000',
        reads: '2',
        first: '2026-11-24T00:30:00Z',
        last: '2026-11-24T00:36:00Z',
      },
      {
        who: ann.userArn,
        'bin(1h)': '2026-11-24 01:00:00.000',
        reads: '1',
        first: '2026-11-24T01:30:00Z',
        last: '2026-11-24T01:30:00Z',
      },
    ]);
  });

  it('knows a field count, distinct values, extremes and the first field that is there', async () => {
    const query = `stats count(requestParameters.versionId) as byId, count_distinct(eventName) as names,
      min(@timestamp) as first, max(eventTime) as last
      by coalesce(userIdentity.sessionContext.sessionIssuer.arn, userIdentity.arn) as who | sort who asc`;
    const first = String(hoursAgo(2).getTime());
    expect(await ask(query)).toEqual([
      { who: backend.roleArn, byId: '1', names: '1', first, last: '2026-11-24T00:36:00Z' },
      {
        who: ann.userArn,
        byId: '0',
        names: '1',
        first: String(hoursAgo(1).getTime()),
        last: '2026-11-24T01:30:00Z',
      },
    ]);
  });

  it.each([
    ['requestParameters.secretId in ["other", "none"]', 1],
    ['requestParameters.secretId not in ["other", "none"]', 2],
    ['requestParameters.secretId like /^amplitude\\/dev\\//', 2],
    ['requestParameters.secretId like /(?i)^AMPLITUDE/', 2],
    ["requestParameters.secretId like 'plitude'", 2],
    ['`userIdentity.type` = "IAMUser" or requestParameters.versionId = "v1"', 2],
    ['(eventName = "x" or ispresent(requestParameters.versionId)) and awsRegion = "us-east-1"', 1],
    ['not ispresent(requestParameters.versionId)', 2],
    ['eventTime >= "2026-11-24T00:36:00Z"', 2],
    ['eventTime <= "2026-11-24T00:36:00Z" and requestParameters.versionId <= "v0"', 0],
    ['errorCode = "AccessDenied"', 0],
  ])('filters by %s', async (filter, count) => {
    expect(await ask(`filter ${filter}`)).toHaveLength(count);
  });

  it('refuses to guess what "not in" says of a field that is not there', async () => {
    await expect(ask('filter requestParameters.versionId not in ["v1"]')).rejects.toThrow(
      'The fake doesn\'t know what "not in" says of no requestParameters.versionId.',
    );
  });

  it('groups by a part of a text', async () => {
    const query =
      'fields substr(eventTime, 0, 13) as hour | stats count(*) as reads by hour | sort hour asc';
    expect(await ask(query)).toEqual([
      { hour: '2026-11-24T00', reads: '2' },
      { hour: '2026-11-24T01', reads: '1' },
    ]);
  });

  it('shows lines newest first, with a pointer and only the fields that are there', async () => {
    const query = 'fields @timestamp, requestParameters.versionId as id | limit 2';
    expect(await ask(query)).toEqual([
      { '@timestamp': '2026-11-24 01:30:00.000', '@ptr': expect.any(String) },
      { '@timestamp': '2026-11-24 00:36:00.000', id: 'v1', '@ptr': expect.any(String) },
    ]);
  });

  it('of no lines has no rows', async () => {
    expect(await ask('filter eventName = "x" | stats count(*) as reads')).toEqual([]);
  });

  it.each([
    'parse @message "*" as all',
    'filter eventName != "x"',
    'filter not eventName = "x"',
    'filter readOnly = 1',
    'stats pct(@duration, 95)',
    'stats count(*) by floor(x)',
    'fields substr(eventTime, none)',
    'filter eventTime > "x"',
    'stats count(*) by bin(1w)',
    'sort @timestamp',
    'fields @timestamp | limit none',
    'filter eventName = "a" extra',
    'fields "a\\"b"',
    '',
  ])('that the fake cannot run is refused: %s', async (query) => {
    await expect(start(query)).rejects.toThrow('does not know');
  });
});

describe('the window of a query', () => {
  it('includes both ends, in seconds', async () => {
    const window = { startTime: seconds(hoursAgo(2)), endTime: seconds(hoursAgo(1)) };
    expect(await ask('fields eventName', window)).toHaveLength(3);
    const inner = { startTime: window.startTime + 1, endTime: window.endTime - 1 };
    expect(await ask('fields eventName', inner)).toHaveLength(1);
  });

  it('in milliseconds, or with parts of a second, is a mistake', async () => {
    for (const endTime of [NOW.getTime(), seconds(NOW) + 0.5]) {
      await expect(start('fields eventName', { endTime })).rejects.toThrow('whole seconds');
    }
    const endTime = seconds(hoursAgo(73));
    expect(await refusal(start('fields eventName', { endTime }))).toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('is of groups that exist, named in one of two ways', async () => {
    const startTime = seconds(hoursAgo(72));
    const input = { startTime, endTime: seconds(NOW), queryString: 'fields eventName' };
    const send = (more: Partial<StartQueryCommandInput>) =>
      aws.clients.logs.send(new StartQueryCommand({ ...input, ...more }));
    await send({ logGroupNames: [group] });
    expect(await refusal(send({ logGroupName: 'none' }))).toMatchObject({
      name: 'ResourceNotFoundException',
    });
    for (const none of [{}, { logGroupName: group, logGroupNames: [group] }]) {
      expect(await refusal(send(none))).toMatchObject({ name: 'InvalidParameterException' });
    }
    await expect(send({ logGroupIdentifiers: [group] })).rejects.toThrow('does not know');
  });
});

describe('the results of a query', () => {
  it('come after some polls; before, they are nothing or a part', async () => {
    aws.logs.queriesTake(3);
    const { queryId } = await start('fields eventTime');
    const states: unknown[] = [];
    for (let count = 0; count < 5; count += 1) {
      const { status, results = [] } = await poll(queryId);
      states.push([status, results.length]);
    }
    expect(states).toEqual([
      ['Scheduled', 0],
      ['Running', 1],
      ['Running', 1],
      ['Complete', 3],
      ['Complete', 3],
    ]);
  });

  it('tell what was scanned, or what a test says', async () => {
    aws.logs.queriesTake(0);
    const query = 'filter requestParameters.secretId = "other" | stats count(*)';
    const { statistics } = await poll((await start(query)).queryId);
    const bytesScanned = aws.logs.messagesOf(group).join('').length;
    expect(statistics).toEqual({ recordsMatched: 1, recordsScanned: 3, bytesScanned });
    aws.logs.queriesScan({ bytesScanned: 5e9 });
    expect((await poll((await start(query)).queryId)).statistics?.bytesScanned).toBe(5e9);
  });

  it('may fail at the end', async () => {
    aws.logs.queriesTake(1, 'Failed');
    const { queryId } = await start('fields eventTime');
    expect((await poll(queryId)).status).toBe('Running');
    expect(await poll(queryId)).toMatchObject({ status: 'Failed', results: [] });
  });

  it('are none once it was stopped, which it can be once and while it runs', async () => {
    aws.logs.queriesTake(5);
    const { queryId } = await start('fields eventTime');
    const stop = () => aws.clients.logs.send(new StopQueryCommand({ queryId }));
    expect(await stop()).toMatchObject({ success: true });
    expect(await poll(queryId)).toMatchObject({ status: 'Cancelled', results: [] });
    expect(await refusal(stop())).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('of a query that nobody started are refused', async () => {
    expect(await refusal(poll('none'))).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('may be a test’s own, at most as many as asked for', async () => {
    const asked: unknown[] = [];
    aws.logs.onQuery = (query, { groups, to }) => {
      asked.push(query, groups, to);
      return query.startsWith('parse') ? [{ who: 'a' }, { who: 'b' }] : undefined;
    };
    expect(await ask('parse everything', { limit: 1 })).toEqual([{ who: 'a' }]);
    expect(asked).toEqual(['parse everything', [group], NOW]);
    expect(await ask('stats count(*) as all')).toEqual([{ all: '3' }]);
  });
});

describe('the limits of queries', () => {
  it('are 100 at once', async () => {
    for (let count = 0; count < 100; count += 1) await start('limit 1');
    expect(await refusal(start('limit 1'))).toEqual({
      name: 'LimitExceededException',
      message: 'Account maximum query concurrency limit of [100] reached.',
    });
  });

  it('are ten starts and ten polls a second', async () => {
    aws.limits.enable();
    const { queryId } = await start('limit 1');
    for (let count = 1; count < 10; count += 1) await start('limit 1');
    expect(await refusal(start('limit 1'))).toMatchObject({ name: 'ThrottlingException' });
    for (let count = 0; count < 10; count += 1) await poll(queryId);
    expect(await refusal(poll(queryId))).toMatchObject({ name: 'ThrottlingException' });
  });
});
