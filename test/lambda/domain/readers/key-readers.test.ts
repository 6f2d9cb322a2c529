import { describe, expect, it } from 'vitest';
import type { Consumer } from '../../../../lambda/domain/consumer.ts';
import type {
  History,
  HistoryHour,
  HistoryRow,
} from '../../../../lambda/domain/readers/history.ts';
import { keyReaders } from '../../../../lambda/domain/readers/key-readers.ts';

const NAME = 'amplitude/dev/web';
const ARN = `arn:aws:secretsmanager:us-east-1:111122223333:secret:${NAME}-AbCdEf`;
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const day = (number: number) => new Date(Date.UTC(2026, 10, number));
const OWN = roleArn('AmplitudeKeys-dev-lifecycle');

const row = (principal: string, more: Partial<HistoryRow> = {}): HistoryRow => ({
  secretId: NAME,
  principal,
  refused: false,
  first: day(2),
  last: day(20),
  in72Hours: 1,
  in30Days: 10,
  ...more,
});
const readersOf = (
  rows: readonly HistoryRow[],
  {
    since = day(1),
    consumers = [],
    hours,
  }: { since?: Date; consumers?: Consumer[]; hours?: NonNullable<History['hours']> } = {},
) =>
  keyReaders(
    { secret: { arn: ARN, name: NAME }, managed: { name: 'web', environment: 'dev', consumers } },
    {
      rows,
      since,
      ...(hours ? { hours } : {}),
      source: { kind: 'lookup-events', covers: '', complete: true, calls: 1 },
    },
  );

describe('the readers of a key', () => {
  it('have the highest risk of all their reads, and none where none is known', () => {
    const { readers } = readersOf([
      row(roleArn('web'), { risk: 12 }),
      row(roleArn('web'), { secretId: ARN, refused: true, risk: 45, last: day(19) }),
      row(roleArn('web'), { secretId: ARN.slice(0, -7) }),
      row(roleArn('idle'), { risk: 0, last: day(18) }),
      row(roleArn('old'), { last: day(17) }),
    ]);
    expect(readers).toMatchObject([{ risk: 45 }, { risk: 0 }, {}]);
    expect(readers[2]).not.toHaveProperty('risk');
  });

  it('are counted by whom they are, however they named the secret, refused reads apart', () => {
    const { readers } = readersOf([
      row(roleArn('web')),
      row(roleArn('web'), { secretId: ARN, last: day(22) }),
      row(roleArn('web'), { secretId: ARN.slice(0, -7), refused: true, last: day(23) }),
      row(roleArn('other'), { secretId: 'amplitude/dev/web-2' }),
    ]);
    expect(readers).toEqual([
      {
        principal: roleArn('web'),
        in72Hours: 2,
        in30Days: 20,
        last: '2026-11-22T00:00:00.000Z',
        refusedIn30Days: 10,
        lastRefused: '2026-11-23T00:00:00.000Z',
      },
    ]);
  });

  it('come with the latest first, a refused read included', () => {
    const { readers } = readersOf([
      row(roleArn('a'), { last: day(3) }),
      row(roleArn('b'), { last: day(5), refused: true }),
      row(roleArn('c'), { last: day(4) }),
    ]);
    expect(readers.map(({ principal }) => principal.slice(-1))).toEqual(['b', 'c', 'a']);
  });

  it("leave this worker's own roles out, but no such role of another account", () => {
    const foreign = OWN.replace('111122223333', '999988887777');
    const { readers } = readersOf([row(OWN), row(foreign)]);
    expect(readers.map(({ principal }) => principal)).toEqual([foreign]);
  });

  it('tell no principal that has a key in its name', () => {
    const { readers } = readersOf([row(roleArn('1f0e9d8c'.repeat(4)))]);
    expect(readers).toMatchObject([{ principal: roleArn('[redacted]') }]);
  });
});

describe('the hours of a key', () => {
  const hour = (principal: string, at: number, more: Partial<HistoryHour> = {}): HistoryHour => ({
    secretId: NAME,
    principal,
    hour: new Date(Date.UTC(2026, 10, 20, at)),
    reads: 1,
    ...more,
  });
  const web = roleArn('web');
  const known = (since: Date, ...rows: HistoryHour[]) => ({ since, rows });

  it('are those of each reader, earliest first, however it named the secret', () => {
    const { readers } = readersOf([row(web), row(roleArn('refused'), { refused: true })], {
      hours: known(
        day(17),
        hour(web, 9, { reads: 2 }),
        hour(web, 8),
        hour(web, 9, { secretId: ARN, reads: 3 }),
        hour(web, 7, { reads: 0 }),
        hour(web, 9, { secretId: 'amplitude/dev/web-2' }),
        hour(roleArn('other'), 9),
      ),
    });
    expect(readers.map(({ hours }) => hours)).toEqual([
      [
        { hour: '2026-11-20T08:00:00.000Z', reads: 1 },
        { hour: '2026-11-20T09:00:00.000Z', reads: 5 },
      ],
      [],
    ]);
  });

  it.each([
    [2, 17, 17],
    [18, 17, 18],
    [2, 19, 19],
  ])(
    'are known since the %d November where reads are, and hours since the %d: the later',
    (first, hoursSince, since) => {
      const rows = [row(OWN, { first: day(first) })];
      const report = readersOf(rows, { hours: known(day(hoursSince)) });
      expect(report).toMatchObject({ hoursSince: day(since).toISOString() });
    },
  );

  it('are not told where the source has none, and are never sure where its reads are not', () => {
    const without = readersOf([row(web)]);
    expect(without).not.toHaveProperty('hoursSince');
    expect(without.readers[0]).not.toHaveProperty('hours');
    const unsure = readersOf([], { hours: known(day(17)) });
    expect(unsure).not.toHaveProperty('hoursSince');
  });
});

describe('what is known of a key', () => {
  it('begins with the first read of it that the source has, mostly one of this worker', () => {
    expect(readersOf([row(OWN, { first: day(8) })])).toMatchObject({
      since: '2026-11-08T00:00:00.000Z',
    });
  });

  it('begins no earlier than all reads were seen', () => {
    const known = readersOf([row(OWN, { first: day(2) })], { since: day(9) });
    expect(known).toMatchObject({ since: '2026-11-09T00:00:00.000Z' });
  });

  it('is nothing when there is no read of it at all', () => {
    expect(readersOf([row(OWN, { secretId: 'amplitude/dev/other' })])).not.toHaveProperty('since');
  });

  it('names its grants and when they end', () => {
    const consumers = [{ principal: roleArn('web'), expires: day(30) }, { principal: 'tag' }];
    expect(readersOf([], { consumers }).consumers).toEqual([
      { principal: roleArn('web'), expires: '2026-11-30T00:00:00.000Z' },
      { principal: 'tag' },
    ]);
  });
});
