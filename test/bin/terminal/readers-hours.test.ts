import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { KeyReaders } from '../../../bin/operator/reclaim.ts';
import { readersHours } from '../../../bin/terminal/readers-hours.ts';
import type { PrincipalReads } from '../../../lambda/payloads.ts';

const AT = '2026-11-24T02:30:00.000Z';
const SINCE = '2026-11-21T02:30:00.000Z';
const roleArn = (name: string) => `arn:aws:iam::111122223333:role/${name}`;
const hour = (text: string, reads: number) => ({ hour: `2026-11-${text}:00:00.000Z`, reads });
const reads = (name: string, ...hours: ReturnType<typeof hour>[]): PrincipalReads => ({
  principal: roleArn(name),
  in72Hours: 1,
  in30Days: 1,
  refusedIn30Days: 0,
  hours,
});
const keyOf = (
  { granted = [], others = [] }: { granted?: PrincipalReads[]; others?: PrincipalReads[] },
  since: string | undefined = SINCE,
): KeyReaders => ({
  key: 'web',
  ...(since ? { hoursSince: since } : {}),
  grants: granted.map((one) => ({ principal: one.principal, reads: one, state: 'used', why: '' })),
  ungranted: others.map((one) => ({ ...one, maybeBy: [] })),
  keyUnused: 'no',
  proposals: [],
});
const chart = (key: KeyReaders, columns = 120) =>
  readersHours(
    key,
    { account: '111122223333', at: AT },
    { columns, paint: pc.createColors(false), now: new Date(AT) },
  );
const both = {
  granted: [reads('web', hour('21T02', 8), hour('24T02', 4))],
  others: [reads('eve', hour('24T01', 1))],
};

describe('the reads of a key by hour', () => {
  it('are a line for each reader with a bar for each hour, all on one scale', () => {
    expect(chart(keyOf(both))).toEqual([
      '',
      '  Reads by hour, 2026-11-21 02:00 UTC to now, a bar is 1 hour; the highest: 8 reads',
      `  role/web  █${'·'.repeat(71)}▄`,
      `  role/eve  ${'·'.repeat(71)}▁·`,
    ]);
  });

  it('are of several hours a bar where there is less room, and lose no read', () => {
    const granted = [reads('web', hour('21T02', 8), hour('21T03', 5), hour('24T02', 13))];
    const lines = chart(keyOf({ granted }), 50);
    expect(lines.join(' ').replace(/\s+/g, ' ')).toContain(
      'a bar is 2 hours; the highest: 13 reads',
    );
    expect(lines.at(-1)).toBe(`  role/web  █${'·'.repeat(35)}█`);
  });

  it('go below the name where a bar beside it would be of more than three hours', () => {
    const others = [reads(`${'x'.repeat(40)}`, hour('24T02', 1))];
    const lines = chart(keyOf({ others }), 60);
    expect(lines.slice(-2)).toEqual([`  role/${'x'.repeat(40)}`, `    ${'·'.repeat(36)}█`]);
  });

  it.each([20, 30, 50, 80, 200])('stay within %i columns', (columns) => {
    const bars = chart(keyOf(both), columns).filter((line) => line.includes('█'));
    expect(bars).toHaveLength(1);
    expect(bars[0]?.length).toBeLessThanOrEqual(columns);
  });

  it('are not zero but unknown before all are known, but for those that were seen', () => {
    const known = keyOf(both, '2026-11-24T00:10:00.000Z');
    expect(chart(known).slice(1)).toEqual([
      "  Reads by hour, 2026-11-21 02:00 UTC to now, a bar is 1 hour; the highest: 8 reads; ? isn't known",
      `  role/web  █${'?'.repeat(70)}·▄`,
      `  role/eve  ${'?'.repeat(71)}▁·`,
    ]);
  });

  it('are unknown where nothing is sure', () => {
    const { hoursSince: _, ...unsure } = keyOf({ others: [reads('eve', hour('24T01', 1))] });
    expect(chart(unsure).at(-1)).toBe(`  role/eve  ${'?'.repeat(71)}█?`);
  });

  it('have one line for a reader with two grants', () => {
    const web = reads('web', hour('24T01', 1));
    const lines = chart(keyOf({ granted: [web, web] }));
    expect(lines.filter((line) => line.includes('role/web'))).toHaveLength(1);
  });

  it('have no line for who did not read, and are not there where nobody did or none are known', () => {
    const { hours: _, ...earlier } = reads('web');
    expect(chart(keyOf({ granted: [earlier], others: [reads('eve')] }))).toEqual([]);
  });
});
