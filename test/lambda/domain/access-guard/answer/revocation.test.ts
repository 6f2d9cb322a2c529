import { describe, expect, it } from 'vitest';
import type { Suspect } from '../../../../../lambda/domain/access-guard/answer/examine.ts';
import { leaksIn } from '../../../../../lambda/domain/access-guard/answer/revocation.ts';
import { STRANGER, VERSION, WEB, type WeighedOf, weighed } from './weighed.ts';

const suspect = (id: string, score: number, of: WeighedOf = {}): Suspect => ({
  judged: weighed({ ...of, call: { ...of.call, id }, risk: { score } }),
  spared: [],
});
const leaks = (suspects: readonly Suspect[], revokeAt: number | undefined = 95) =>
  leaksIn(suspects, revokeAt === undefined ? {} : { revokeAt });

describe('a key that has leaked', () => {
  it('is one whose current version was read at the score that is configured', () => {
    expect(leaks([suspect('e1', 95)])).toEqual([
      {
        key: 'web',
        versionId: VERSION,
        reason: `Risk 95, event e1: read by ${STRANGER}`,
        events: ['e1'],
      },
    ]);
  });

  it('is none below it, and none where none is configured', () => {
    expect(leaks([suspect('e1', 94)])).toEqual([]);
    expect(leaksIn([suspect('e1', 100)], {})).toEqual([]);
  });

  it('is one however often it was read, by the most suspicious read', () => {
    const [leak, ...more] = leaks([suspect('e1', 95), suspect('e2', 99), suspect('e3', 96)]);
    expect(more).toEqual([]);
    expect(leak).toMatchObject({ reason: expect.stringContaining('Risk 99, event e2') });
    expect(leak?.events).toEqual(['e2', 'e3', 'e1']);
  });

  it.each<[string, WeighedOf]>([
    ['a sign-in', { subject: { of: 'sign-in' } }],
    [
      'a version that is retained',
      { report: { ...WEB, versions: [{ ...version(), labels: ['RETAINED-UNTIL-X'] }] } },
    ],
    ['a version that nobody knows', { call: { versionId: 'other' } }],
    ['a version whose labels are not known', { report: { ...WEB, versions: [] } }],
  ])('is none for %s', (_, of) => {
    expect(leaks([suspect('e1', 100, of)])).toEqual([]);
  });

  it('is named to the emergency function within a line that it takes', () => {
    const principal = `arn:aws:iam::111122223333:role/${'x'.repeat(300)}/${'1f0e9d8c'.repeat(4)}`;
    const [leak] = leaks([suspect('e1', 100, { call: { principal } })]);
    expect(leak?.reason.length).toBeLessThanOrEqual(200);
    expect(leak?.reason).not.toMatch(/[0-9a-f]{32}/);
  });
});

function version() {
  const [first] = WEB.versions;
  if (!first) throw new Error('WEB has a version.');
  return first;
}
