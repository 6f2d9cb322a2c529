import { describe, expect, it } from 'vitest';
import { judgeReaders } from '../../../../lambda/domain/readers/judge-readers.ts';
import type { KeyReadersReport, PrincipalReads } from '../../../../lambda/payloads.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString();
const roleArn = (name: string, account = '111122223333') => `arn:aws:iam::${account}:role/${name}`;
const WEB = roleArn('web');
const TAG = 'PrincipalTag/team=web';
const ABROAD = roleArn('web', '444455556666');

const reads = (principal: string, more: Partial<PrincipalReads> = {}): PrincipalReads => ({
  principal,
  in72Hours: 0,
  in30Days: 0,
  refusedIn30Days: 0,
  ...more,
});
const judge = (report: Partial<KeyReadersReport>, days = 30) =>
  judgeReaders(
    { key: 'web', since: daysAgo(90), consumers: [{ principal: WEB }], readers: [], ...report },
    NOW,
    days,
  );
const grantOf = (report: Partial<KeyReadersReport>, days?: number) => {
  const [{ state, why } = { state: 'none', why: '' }] = judge(report, days).grants;
  return `${state} ${why}`.trim();
};

describe('a grant', () => {
  it('is used when its role read within the days, and unused when it did not', () => {
    expect(grantOf({ readers: [reads(WEB, { last: daysAgo(30) })] })).toBe('used');
    expect(grantOf({ readers: [reads(WEB, { last: daysAgo(30.1) })] })).toBe(
      'unused not read for 30 days (last on 2026-10-25), or granted since',
    );
    expect(grantOf({ readers: [reads(WEB, { last: daysAgo(30.1) })] }, 31)).toBe('used');
    expect(grantOf({}, 1)).toBe('unused not read for 1 day, or granted since');
  });

  it.each([
    [daysAgo(29.74), 'unknown reads are known since 2026-10-25 only'],
    // The hourly read of this worker that shows it comes within hours
    [daysAgo(29.76), 'unused not read for 30 days, or granted since'],
  ])('is not called unused by a source that knows less than those days: %s', (since, told) => {
    expect(grantOf({ since })).toBe(told);
  });

  it('is not known to be unused when nothing is known', () => {
    const { since: _, ...nothing } = { key: 'web', since: '', consumers: [{ principal: WEB }] };
    const [grant] = judgeReaders({ ...nothing, readers: [] }, NOW, 30).grants;
    expect(grant).toMatchObject({ state: 'unknown', why: 'no reads are known' });
  });

  it('is used all the same when an incomplete source saw a read', () => {
    const readers = [reads(WEB, { last: daysAgo(1) })];
    expect(grantOf({ since: daysAgo(2), readers })).toBe('used');
  });

  it('is refused when its role tries and gets nothing: taking it back would mend nothing', () => {
    const readers = [reads(WEB, { last: daysAgo(60), lastRefused: daysAgo(2) })];
    expect(grantOf({ readers })).toBe('refused AWS refuses its reads, the last on 2026-11-22');
    const long = [reads(WEB, { lastRefused: daysAgo(31) })];
    expect(grantOf({ readers: long })).toMatch(/^unused/);
  });

  it.each([
    [daysAgo(1), 'ended ended on 2026-11-23'],
    [NOW.toISOString(), 'ended ended on 2026-11-24'],
    [daysAgo(-1), 'used'],
  ])('that ends at %s is %s', (expires, told) => {
    const readers = [reads(WEB, { last: daysAgo(2) })];
    expect(grantOf({ consumers: [{ principal: WEB, expires }], readers })).toBe(told);
  });

  it('by a tag can not be judged: CloudTrail tells no tags', () => {
    expect(grantOf({ consumers: [{ principal: TAG }] })).toMatch(/^unknown CloudTrail tells no/);
    expect(judge({ consumers: [{ principal: TAG }] }).grants).toMatchObject([{ isHidden: true }]);
  });

  it('to a role of another account can not be judged where that account read', () => {
    const consumers = [{ principal: ABROAD }];
    const readers = [reads('444455556666', { last: daysAgo(50) })];
    expect(grantOf({ consumers, readers })).toMatch(/^unknown of readers of account 444455556666/);
    expect(grantOf({ consumers })).toMatch(/^unused/);
  });
});

describe('a reader', () => {
  const STRANGER = roleArn('stranger');
  const maybe = (consumers: string[], reader: PrincipalReads) =>
    judge({
      consumers: consumers.map((principal) => ({ principal })),
      readers: [reader],
    }).ungranted.map(({ principal, maybeBy }) => [principal, maybeBy]);

  it('whom no grant names has none', () => {
    expect(maybe([WEB], reads(STRANGER, { last: daysAgo(1) }))).toEqual([[STRANGER, []]]);
    expect(maybe([WEB], reads(WEB, { last: daysAgo(1) }))).toEqual([]);
  });

  it('may have read by a grant to whoever has a tag, unless it was refused', () => {
    expect(maybe([WEB, TAG], reads(STRANGER, { last: daysAgo(1) }))).toEqual([[STRANGER, [TAG]]]);
    expect(maybe([WEB, TAG], reads(STRANGER, { lastRefused: daysAgo(1) }))).toEqual([
      [STRANGER, []],
    ]);
  });

  it('of another account may be any role there that has a grant', () => {
    const told = maybe([WEB, ABROAD], reads('444455556666', { last: daysAgo(1) }));
    expect(told).toEqual([['444455556666', [ABROAD]]]);
    const other = maybe([WEB, ABROAD], reads('777788889999', { last: daysAgo(1) }));
    expect(other).toEqual([['777788889999', []]]);
  });
});

describe('a key', () => {
  it.each([
    ['yes', {}],
    ['yes', { readers: [reads(WEB, { lastRefused: daysAgo(1) })] }],
    ['no', { readers: [reads('arn:aws:iam::1:role/x', { last: daysAgo(89) })] }],
    ['no', { since: daysAgo(3), readers: [reads(WEB, { last: daysAgo(2) })] }],
    ['unknown', { since: daysAgo(89) }],
  ] as const)('is unused for 90 days: %s', (told, report) => {
    expect(judge(report).keyUnused).toBe(told);
  });
});
