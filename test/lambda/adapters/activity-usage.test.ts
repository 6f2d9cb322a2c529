import { describe, expect, it } from 'vitest';
import { logsInsights } from '../../../lambda/adapters/activity-insights.ts';
import { lookupEvents } from '../../../lambda/adapters/activity-lookup.ts';
import { usageActivity } from '../../../lambda/adapters/activity-usage.ts';
import type { Activity, ActivityQuestion, TraceRow } from '../../../lambda/domain/activity.ts';
import { EVENT_NAMES, EVENT_NAMES_BUT_READS } from '../../../lambda/domain/trail-event.ts';
import type { FakeAws } from '../../aws/fakes/fake-aws.ts';
import {
  backend,
  hoursAgo,
  LOG_GROUP,
  leak,
  NAME,
  question,
  replaced,
  revoked,
  staged,
  thief,
  timerOf,
} from './leak.ts';
import { type Recording, recordUses, USAGE } from './uses.ts';

function recorded(recording: Recording = { forHours: 80 }): FakeAws {
  const aws = leak();
  recordUses(aws, recording);
  aws.resetCalls();
  return aws;
}

function about(aws: FakeAws, asked: ActivityQuestion = question) {
  const timer = timerOf(aws);
  const record = { client: aws.clients.logs, environment: 'dev', logGroupName: USAGE };
  const others = lookupEvents(aws.clients.cloudTrail, timer, EVENT_NAMES_BUT_READS);
  const all = lookupEvents(aws.clients.cloudTrail, timer);
  return usageActivity(record, timer, { others, all }).about(asked);
}

const ofTrail = (aws: FakeAws, asked: ActivityQuestion) =>
  logsInsights(aws.clients.logs, LOG_GROUP, timerOf(aws)).about(asked);

const sorted = (rows: readonly object[]) =>
  rows.map((row) => JSON.stringify(Object.fromEntries(Object.entries(row).sort()))).sort();
/** The record has an endpoint in place of the address. */
const withoutAddress = ({ address, ...trace }: TraceRow) =>
  address && !trace.vpcEndpoint ? { ...trace, address } : trace;
const byOtherWords = ({ actions }: Activity) =>
  actions.map(({ name, error, ...rest }) =>
    name === 'GetSecretValue' ? { name, ...rest } : { name, error, ...rest },
  );
const namesAsked = (aws: FakeAws) =>
  aws.calls
    .filter(({ command }) => command === 'LookupEvents')
    .map(
      ({ input }) =>
        (input as { LookupAttributes: { AttributeValue: string }[] }).LookupAttributes[0]
          ?.AttributeValue,
    );

describe('the usage record', () => {
  it.each([
    ['the current version', question],
    ['a replaced version', replaced],
    ['a revoked version', revoked],
    ['a staged key', staged],
  ])(
    'answers of %s what the log group of a trail answers, though it has each read twice',
    async (_, asked) => {
      const aws = recorded();
      const [uses, trail] = [await about(aws, asked), await ofTrail(aws, asked)];
      expect(sorted(uses.readers)).toEqual(sorted(trail.readers));
      expect(sorted(uses.hours)).toEqual(sorted(trail.hours));
      expect(sorted(uses.traces)).toEqual(sorted(trail.traces.map(withoutAddress)));
      expect(sorted(byOtherWords(uses))).toEqual(sorted(byOtherWords(trail)));
      expect(uses).toMatchObject({
        source: { kind: 'usage-record', complete: true },
        hasAllReads: true,
      });
    },
  );

  it('tells refused reads in its own word', async () => {
    const { actions } = await about(recorded());
    expect(actions.filter(({ name }) => name === 'GetSecretValue')).toMatchObject([
      { error: 'denied', count: 1 },
    ]);
  });

  it('says what it covers, and what of it is of the event history', async () => {
    const { covers } = (await about(recorded())).source;
    expect(covers).toContain(
      "The access guard's usage record /amplitude/dev/usage from 2026-11-21T12:00:00.000Z to 2026-11-24T12:00:00.000Z, without a gap since 2026-11-21T12:00:00.000Z;",
    );
    expect(covers).toContain("For all but reads: CloudTrail's event history of this Region");
  });

  it('makes the same number of calls for a thousand reads as for a few, and asks nobody else for reads', async () => {
    const calls: number[] = [];
    for (const more of [0, 1_000]) {
      const aws = leak();
      for (let read = 0; read < more; read += 1)
        aws.cloudTrail.seedRead({ secretId: NAME, by: thief, at: hoursAgo(1) });
      recordUses(aws, { forHours: 80 });
      aws.resetCalls();
      const { readers, source } = await about(aws);
      expect(readers.find(({ principal }) => principal === thief.roleArn)?.reads).toBe(2 + more);
      expect(source.calls).toBe(aws.calls.length);
      expect(namesAsked(aws)).toEqual(EVENT_NAMES_BUT_READS);
      calls.push(aws.calls.length);
    }
    expect(calls[0]).toBe(calls[1]);
    expect(EVENT_NAMES).toContain('GetSecretValue');
  });

  it('finds a label that it has told without the key in it', async () => {
    const label = `mine-${'1f0e9d8c'.repeat(4)}`;
    const aws = leak();
    aws.cloudTrail.seedRead({ secretId: NAME, by: backend, at: hoursAgo(2), versionStage: label });
    recordUses(aws, { forHours: 80 });
    expect(aws.logs.messagesOf(USAGE).join()).not.toContain(label);
    const wanted = { of: 'version', versionId: 'none', labels: [label], tenures: [] } as const;
    const { readers } = await about(aws, { ...question, wanted });
    expect(
      readers.map(({ principal, reads, byVersionId }) => [principal, reads, byVersionId]),
    ).toEqual([[backend.roleArn, 1, 0]]);
  });
});

describe('the event history is asked for reads too', () => {
  it.each<[string, () => FakeAws, string]>([
    [
      'has begun after the time asked about',
      () => recorded({ forHours: 5 }),
      'without a gap since 2026-11-24T07:00:00.000Z',
    ],
    [
      'has a gap',
      () => recorded({ forHours: 80, silent: [11, 12, 13, 14, 15] }),
      'without a gap since 2026-11-24T02:00:00.000Z',
    ],
    [
      'has fallen silent',
      () => recorded({ forHours: 80, silent: [0, 1, 2, 3, 4] }),
      'not known to be without a gap',
    ],
    ['is not there', () => leak(), 'StartQuery of log group /amplitude/dev/usage failed'],
  ])('when the record %s', async (_, world, told) => {
    const aws = world();
    const { readers, source, hasAllReads } = await about(aws);
    expect(readers.find(({ principal }) => principal === backend.roleArn)?.reads).toBe(3);
    expect(source).toMatchObject({ kind: 'lookup-events', complete: true });
    expect(source.covers).toContain("Asked since the usage record hasn't all of that time:");
    expect(source.covers).toContain(told);
    expect(hasAllReads).toBeUndefined();
  });

  it('and the record answers nevertheless where it saw more', async () => {
    const aws = recorded({ forHours: 60 });
    aws.faults.fail('LookupEvents', { error: 'throttled', times: 1 });
    const { readers, actions, source, hasAllReads } = await about(aws);
    expect(readers.find(({ principal }) => principal === backend.roleArn)?.reads).toBe(3);
    expect(actions.filter(({ name }) => name === 'GetSecretValue')).toHaveLength(1);
    expect(source).toMatchObject({ kind: 'usage-record', complete: false });
    expect(source.covers).toContain('AWS throttles the call');
    expect(hasAllReads).toBe(false);
  });
});

describe('an answer that is not all', () => {
  it('of other calls than reads leaves the reads complete', async () => {
    const aws = recorded();
    aws.faults.fail('LookupEvents', { error: 'throttled', times: 1 });
    const { source, hasAllReads } = await about(aws);
    expect({ complete: source.complete, hasAllReads }).toEqual({
      complete: false,
      hasAllReads: true,
    });
  });

  it('of a staged key is one of the event history', async () => {
    const aws = recorded();
    aws.faults.fail('LookupEvents', { error: 'throttled', times: 1 });
    expect(await about(aws, staged)).toMatchObject({ hasAllReads: false });
  });

  it('is not waited for over 12 seconds, and stopped', async () => {
    const aws = recorded();
    aws.logs.queriesTake(1_000);
    const begun = aws.clock.now().getTime();
    const { source } = await about(aws);
    expect(aws.clock.now().getTime() - begun).toBeLessThan(35_000);
    expect(aws.countOf('StopQuery')).toBe(5);
    expect(source.covers).toContain('A query took over 12 seconds, it was not waited for.');
  });

  it('has no rows that are of no event', async () => {
    const aws = recorded();
    aws.logs.onQuery = () => [
      { reads: '1' },
      { principal: 'p', call: 'GetSecretValue', first: 'soon' },
    ];
    aws.faults.fail('LookupEvents', { error: 'throttled', times: 1 });
    expect(await about(aws)).toMatchObject({ readers: [], hours: [], actions: [] });
  });
});
