import { describe, expect, it } from 'vitest';
import type { Consumer } from '../../../../lambda/domain/consumer.ts';
import { isTimeToAsk, planReaders } from '../../../../lambda/domain/lifecycle/monthly-readers.ts';
import { planSweep } from '../../../../lambda/domain/lifecycle/plan-sweep.ts';
import type { History, HistoryRow } from '../../../../lambda/domain/readers/history.ts';
import { ago, atRest, DAY, HOUR, NOTHING, NOW, type Seed, seen } from './seen.ts';

const TAG = 'amplitude-note-readers';
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const [web, batch] = [roleArn('web'), roleArn('batch')];
const OWN = roleArn('AmplitudeKeys-dev-lifecycle');

const row = (principal: string, more: Partial<HistoryRow> = {}): HistoryRow => ({
  secretId: 'amplitude/dev/web',
  principal,
  refused: false,
  first: ago(90 * DAY),
  last: ago(DAY),
  in72Hours: 1,
  in30Days: 7,
  ...more,
});
const own = row(OWN);
const history = (rows: readonly HistoryRow[], more: Partial<History> = {}): History => ({
  rows: [own, ...rows],
  since: ago(90 * DAY),
  source: { kind: 'lookup-events', covers: 'What it covers.', complete: true, calls: 1 },
  ...more,
});
const FAILED: History = {
  rows: [],
  source: { kind: 'lookup-events', covers: 'AWS denied it.', complete: false, calls: 1 },
};

const sighting = (
  known: History | undefined,
  consumers: Consumer[] = [],
  seed?: Partial<Seed>,
) => ({
  ...seen(atRest({ managed: { consumers }, ...seed })),
  ...(known ? { readers: { history: known, unusedAfterDays: 30 } } : {}),
});
const noted = (id: string, at: Date) => ({ tags: { [TAG]: `${id} ${at.toISOString()}` } });
const plan = (...args: Parameters<typeof sighting>) => planReaders(sighting(...args));
const linesOf = (...args: Parameters<typeof sighting>) =>
  plan(...args).notices.flatMap(({ details = [] }) => details);
const remember = (id: string) => ({
  do: 'remember',
  tag: TAG,
  value: `${id} ${NOW.toISOString()}`,
});

describe('once a month a person is told', () => {
  it('which grants nobody uses, which have ended, and who reads without one', () => {
    const ended = { principal: roleArn('old'), expires: ago(DAY) };
    const rows = [
      row(web, { last: ago(40 * DAY), in72Hours: 0, in30Days: 0 }),
      row(roleArn('stranger')),
      row(roleArn('thief'), { refused: true, in30Days: 3, last: ago(HOUR) }),
    ];
    const told = plan(history(rows), [{ principal: web }, { principal: batch }, ended]);
    expect(told).toEqual({
      ...NOTHING,
      notices: [
        {
          kind: 'readers',
          subject: 'Readers of Amplitude key dev/web are worth a look',
          happened: 'Who reads dev/web, and to whom it is granted:',
          details: [
            `Granted to ${web}: not read for 30 days (last on 2026-10-15), or granted since.`,
            `Granted to ${batch}: not read for 30 days, or granted since.`,
            `Granted to ${ended.principal}: ended on 2026-11-23.`,
            `Without a grant: ${roleArn('thief')}, in 30 days 0 reads and 3 that AWS refused, the last at 2026-11-24T11:00:00.000Z.`,
            `Without a grant: ${roleArn('stranger')}, in 30 days 7 reads and 0 that AWS refused, the last at 2026-11-23T12:00:00.000Z.`,
          ],
          todo: 'See more, and the change to lib/environments.ts: npx keyctl readers --env dev --key web',
        },
      ],
      told: [remember('asked')],
    });
  });

  it('that nobody read a key for 90 days', () => {
    expect(linesOf(history([]))).toEqual(['Nobody but this worker read the key for 90 days.']);
  });

  it('of ten strangers, and how many more there are', () => {
    const strangers = Array.from({ length: 13 }, (_, at) => row(roleArn(`s${at}`)));
    const lines = linesOf(history(strangers));
    expect(lines).toHaveLength(11);
    expect(lines.at(-1)).toBe('And 3 more without a grant.');
  });

  it.each<[string, readonly HistoryRow[], Consumer[]]>([
    ['all is used', [row(web)], [{ principal: web }]],
    [
      'a stranger may have read by a tag',
      [row(roleArn('stranger'))],
      [{ principal: 'PrincipalTag/team=web' }],
    ],
    [
      'a stranger has not read for a month',
      [row(web), row(roleArn('stranger'), { last: ago(31 * DAY), in72Hours: 0, in30Days: 0 })],
      [{ principal: web }],
    ],
  ])('nothing, and the note is written, when %s', (_, rows, consumers) => {
    expect(plan(history(rows), consumers)).toEqual({ ...NOTHING, told: [remember('asked')] });
  });

  it('what an incomplete source is sure of, and nothing else', () => {
    const since = ago(5 * DAY);
    const known = history([row(roleArn('stranger'))], { since });
    const lines = linesOf(known, [{ principal: web }]);
    expect(lines).toEqual([expect.stringContaining('Without a grant')]);
  });

  it('of a key that is locked down or can not be read too', () => {
    const locked = sighting(history([]), [], { tags: { 'amplitude-lockdown': 'on' } });
    expect(planSweep(locked).notices.map(({ kind }) => kind)).toContain('readers');
  });
});

describe('a source that knows nothing', () => {
  it('is asked again a day later, without a word', () => {
    expect(plan(FAILED)).toEqual({ ...NOTHING, told: [remember('failed')] });
    const before = noted('failed', ago(DAY));
    expect(plan(history([row(web)]), [{ principal: web }], before).told).toEqual([
      remember('asked'),
    ]);
  });

  it('is told when it fails again, once for the environment, and then left for a month', () => {
    const again = plan(FAILED, [], noted('failed', ago(DAY)));
    expect(again.notices).toMatchObject([
      { kind: 'readers', ofAll: true, happened: expect.stringContaining('AWS denied it.') },
    ]);
    expect(again.told).toEqual([remember('failed-again')]);
    expect(plan(FAILED, [], noted('failed-again', ago(29 * DAY)))).toEqual(NOTHING);
  });

  it("is a log group too in which not even this worker's own reads are", () => {
    const empty: History = {
      ...history([]),
      rows: [],
      source: { ...FAILED.source, kind: 'logs-insights', covers: 'The group.', complete: true },
    };
    expect(plan(empty).told).toEqual([remember('failed')]);
    const [notice] = plan(empty, [], noted('failed', ago(DAY))).notices;
    expect(notice?.happened).toContain("not even this worker's hourly reads are in it: The group.");
  });
});

describe('CloudTrail is asked', () => {
  const facts = (tags: Record<string, string>) => seen(atRest({ tags })).facts;
  const fresh = facts({});
  const old = facts(noted('asked', ago(30 * DAY)).tags);
  const recent = facts(noted('asked', ago(30 * DAY - HOUR)).tags);

  it.each([
    ['of no key', [], false],
    ['the first time', [fresh, fresh], true],
    ['after 30 days', [old], true],
    ['no sooner', [recent], false],
    ['for a new key not by itself', [recent, fresh], false],
    ['for a new key together with the others', [old, fresh], true],
    ['where one failed, a day later', [recent, facts(noted('failed', ago(DAY)).tags)], true],
    ['where a note can not be read', [facts({ [TAG]: 'soon' })], true],
  ] as const)('%s: %s', (_, keys, isAsked) => {
    expect(isTimeToAsk(keys, NOW)).toBe(isAsked);
  });

  it('and only keys whose time it is are told of', () => {
    expect(plan(history([]), [], noted('asked', ago(29 * DAY)))).toEqual(NOTHING);
    expect(plan(undefined)).toEqual(NOTHING);
  });
});
