import { describe, expect, it } from 'vitest';
import { ago, ahead, atRest, DAY, kinds, NOTHING, plan, said } from './seen.ts';

const web = 'arn:aws:iam::111122223333:role/web';
const tagged = 'PrincipalTag/team=batch';
const withEnds = (...ends: (Date | undefined)[]) =>
  ends.map((expires, index) => ({
    principal: index === 0 ? web : tagged,
    ...(expires ? { expires } : {}),
  }));
const seed = (ends: (Date | undefined)[], tags: Record<string, string> = {}) =>
  atRest({ managed: { consumers: withEnds(...ends) }, tags });

describe('a grant', () => {
  it('without an end, or with one in more than 14 days, is not spoken of', () => {
    expect(plan(seed([undefined, ahead(14 * DAY + 1)]))).toEqual(NOTHING);
  });

  it('that ends within 14 days is told with its end and what to do, all of a key at once', () => {
    const told = said(seed([ahead(14 * DAY), ahead(DAY)]));
    expect(told).toContain('Amplitude key dev/web needs a look: grant ends');
    expect(told).toContain(
      "Grants of dev/web end soon, and their consumers can't read the key then: PrincipalTag/team=batch on 2026-11-25T12:00:00.000Z; arn:aws:iam::111122223333:role/web on 2026-12-08T12:00:00.000Z.",
    );
    expect(told).toContain('Give them a later end in lib/environments.ts');
    expect(kinds(seed([ahead(14 * DAY), ahead(DAY)]))).toEqual(['finding']);
  });

  it('that ended is told until it is taken out: no deployment is taken meanwhile', () => {
    const told = said(seed([ago(0)]));
    expect(told).toContain('needs a look: grant ended');
    expect(told).toContain(
      `reads by their consumers are denied: ${web} on 2026-11-24T12:00:00.000Z`,
    );
    expect(told).toContain('until then no deployment from that file is taken');
    expect(
      plan(seed([], { 'amplitude-note-finding-grant-ended': mark(ago(DAY), ago(DAY)) })).actions,
    ).toEqual([{ do: 'forget', tag: 'amplitude-note-finding-grant-ended' }]);
  });

  it('that ended is told apart from one that will', () => {
    expect(kinds(seed([ago(DAY), ahead(DAY)]))).toEqual(['finding', 'finding']);
  });

  const mark = (end: Date, told: Date, count = 1) =>
    `${count}/${end.toISOString()} ${told.toISOString()}`;

  it('is told again after a week, and at once when another one is about to end', () => {
    const end = ahead(6 * DAY);
    const tags = (told: Date) => ({ 'amplitude-note-finding-grant-ends': mark(end, told) });
    expect(kinds(seed([end], tags(ago(6 * DAY))))).toEqual([]);
    expect(kinds(seed([end], tags(ago(7 * DAY))))).toEqual(['finding']);
    expect(kinds(seed([end, ahead(7 * DAY)], tags(ago(DAY))))).toEqual(['finding']);
    expect(kinds(seed([ahead(5 * DAY)], tags(ago(DAY))))).toEqual(['finding']);
  });
});
