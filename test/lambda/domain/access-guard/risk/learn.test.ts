import { describe, expect, it } from 'vitest';
import {
  isMuch,
  lessonsOf,
  outdatedIn,
  taughtBy,
  usualAddresses,
} from '../../../../../lambda/domain/access-guard/risk/learn.ts';
import type { Risk } from '../../../../../lambda/domain/access-guard/risk/risk.ts';
import { keyText, stepText } from '../../../../../lambda/domain/access-guard/risk/steps.ts';
import type { Weighed } from '../../../../../lambda/domain/access-guard/risk/weigh.ts';
import {
  type CloudTrailRecord,
  consoleLogin,
  read,
  user,
} from '../../../../aws/recorded/cloudtrail.ts';
import { baselineOf, DAYS, NOW, type Past, TODAY, USUAL, useIn, weighingBy } from './past.ts';

const FACTOR = { reasons: [] };
const riskOf = (score: number, more: Partial<Risk> = {}): Risk => ({
  score,
  device: FACTOR,
  location: FACTOR,
  behaviour: FACTOR,
  isLearning: false,
  ...more,
});
const AFAR = '198.51.100.7';

function weighed(
  record: CloudTrailRecord,
  risk: Risk,
  past: Past = USUAL,
  granted = true,
): Weighed {
  const consumers = granted ? undefined : [];
  const use = useIn(record, baselineOf(past), weighingBy(), consumers);
  return { use, risk, judged: { case: use.case, verdict: 'ok', findings: [] } };
}

describe('a read teaches', () => {
  const taught = (one: Weighed) => taughtBy(one, 40).map(({ trait }) => trait.split(' ')[0]);

  it('all that it shows, unless it is suspicious', () => {
    const traits = ['place', 'key', 'agent', 'hour', 'address'];
    expect(taught(weighed(read({ by: user() }), riskOf(39)))).toEqual(traits);
    expect(taught(weighed(read({ by: user(), from: AFAR }), riskOf(40)))).toEqual([]);
  });

  it('which key it was, from a usual place, even if it is', () => {
    expect(taught(weighed(read(), riskOf(60)))).toEqual(['key']);
  });

  it.each<[string, Weighed]>([
    ['without a grant', weighed(read(), riskOf(60), USUAL, false)],
    ['from elsewhere', weighed(read({ from: AFAR }), riskOf(60))],
    [
      'that ends a sequence',
      weighed(
        read(),
        riskOf(60, { sequence: { code: 'x', score: 60, reason: '', hasRead: true } }),
      ),
    ],
  ])('nothing at all, %s', (_, one) => {
    expect(taught(one)).toEqual([]);
  });

  describe('what is suspicious by its device alone', () => {
    const withoutMfa = (more: Partial<Risk> = {}) =>
      riskOf(40, { device: { score: 100, reasons: [] }, ...more });
    const factor = (score: number) => ({ score, reasons: [] });

    it('like anything else', () => {
      const usual = withoutMfa({ behaviour: factor(25) });
      expect(taught(weighed(read({ by: user() }), usual))).toContain('place');
    });

    it.each<[string, CloudTrailRecord, Partial<Risk>]>([
      ['behaves otherwise', read(), { behaviour: factor(40) }],
      ['is in a new country', read(), { behaviour: factor(0), location: factor(100) }],
    ])('but not where it %s', (_, record, more) => {
      expect(taught(weighed(record, withoutMfa(more)))).toEqual(['key']);
    });

    it('nor in a new place', () => {
      const roaming = withoutMfa({ behaviour: factor(20) });
      expect(taught(weighed(read({ from: AFAR }), roaming))).toEqual([]);
    });
  });

  it('of a consumer that is still learned, however little is told of', () => {
    const past = weighed(read(), riskOf(30, { behaviour: { score: 30, reasons: [] } }), {});
    const learning = { ...past, use: { ...past.use, isLearning: true } };
    const denied = { ...learning.risk, location: { score: 100, reasons: [] } };
    expect(taughtBy(learning, 20).length).toBeGreaterThan(3);
    expect(taughtBy({ ...learning, risk: denied }, 20)).toEqual([]);
  });

  it('and a sign-in does not', () => {
    expect(taught(weighed(consoleLogin(), riskOf(0)))).toEqual([]);
  });
});

describe('what is learned', () => {
  const lesson = (past: Past, ...days: readonly number[]) =>
    lessonsOf(
      baselineOf(past),
      days.map((ago) => ({ day: TODAY - ago, trait: 'key web' })),
    );

  it('is each trait once a day', () => {
    expect(lesson({}, 0, 0)).toEqual([{ day: TODAY, traits: ['key web'] }]);
    expect(lesson({ 'key web': [0] }, 0)).toEqual([]);
  });

  it('is by the day of the event, whenever it comes', () => {
    expect(lesson({ 'key web': [0] }, 1, 0)).toEqual([{ day: TODAY - 1, traits: ['key web'] }]);
  });

  it('is refreshed once a week, of what is long known', () => {
    expect(lesson({ 'key web': [1, 2, 3, 4] }, 0)).toHaveLength(1);
    expect(lesson({ 'key web': [1, 2, 3, 4, 5] }, 0)).toEqual([]);
    expect(lesson({ 'key web': [7, 8, 9, 10, 11] }, 0)).toHaveLength(1);
  });

  it('is forty traits in one go', () => {
    const many = Array.from({ length: 99 }, (_, index) => ({
      day: TODAY,
      trait: `agent ${index}`,
    }));
    expect(lessonsOf(baselineOf(), many)[0]?.traits).toHaveLength(40);
  });
});

describe('of new places', () => {
  const placesOf = (count: number, past: Past = {}) => {
    const many = Array.from({ length: count }, (_, index) => ({
      day: TODAY,
      trait: `place 203.0.${index}.0/24`,
    }));
    return lessonsOf(baselineOf(past), many).flatMap(({ traits }) => traits);
  };

  it('sixteen are learned a day, so that they push out no more of the earlier ones', () => {
    expect(placesOf(40)).toHaveLength(16);
    const today = Object.fromEntries(placesOf(16).map((place) => [place, [0]]));
    expect(placesOf(40, today)).toEqual([]);
  });

  it('all are learned that were there before', () => {
    const earlier = Object.fromEntries(placesOf(16).map((place) => [place, [3]]));
    expect(placesOf(20, earlier)).toHaveLength(20);
  });
});

describe('an address is usual', () => {
  const addresses = (one: Weighed, learned = ['address 192.0.2.10']) => [
    ...usualAddresses([one], learned),
  ];

  it('after three earlier days, and is kept whenever it is learned anew', () => {
    expect(addresses(weighed(read(), riskOf(4)))).toEqual(['192.0.2.10']);
    expect(addresses(weighed(read(), riskOf(4)), [])).toEqual([]);
    const fresh = { ...USUAL, 'address 192.0.2.10': [1, 2] };
    expect(addresses(weighed(read(), riskOf(4), fresh))).toEqual([]);
  });

  it('at once, of a consumer that is still learned', () => {
    const learning = (granted: boolean) => {
      const one = weighed(read(), riskOf(30), {}, granted);
      return { ...one, use: { ...one.use, isLearning: granted } };
    };
    expect(addresses(learning(true))).toEqual(['192.0.2.10']);
    expect(addresses(learning(true), [])).toEqual([]);
    expect(addresses(learning(false))).toEqual([]);
  });

  it('not of one without a grant, nor in a new place', () => {
    expect(addresses(weighed(read(), riskOf(4), USUAL, false))).toEqual([]);
    const moved = { 'address 192.0.2.10': DAYS };
    expect(addresses(weighed(read(), riskOf(4), moved))).toEqual([]);
  });
});

describe('what is outdated', () => {
  const past = (count: number, kind: string, days: (index: number) => readonly number[]): Past =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`${kind} ${index}`, days(index)]),
    );

  it('is a trait not seen for more than a month', () => {
    const { traits } = outdatedIn(baselineOf({ 'key a': [35], 'key b': [36, 40] }), NOW, []);
    expect(traits).toEqual(['key b']);
  });

  it('are of too many those seen longest ago, then those seen least', () => {
    const some = past(64, 'session', () => [1]);
    const { traits } = outdatedIn(
      baselineOf({ 'session old': [9, 10, 11], ...some, 'session often': [1, 2] }),
      NOW,
      [],
    );
    expect(traits).toHaveLength(2);
    expect(traits).toContain('session old');
    expect(traits).not.toContain('session often');
  });

  it('is not what is usual and seldom refreshed, however much came since', () => {
    const flood = past(70, 'session', () => [0]);
    const constant = { 'session constant': [6, 13, 20, 27, 34] };
    const { traits } = outdatedIn(baselineOf({ ...flood, ...constant }), NOW, []);
    expect(traits).toHaveLength(7);
    expect(traits).not.toContain('session constant');
  });

  it('is at most forty traits in one go, and none that is being learned', () => {
    const baseline = baselineOf(past(200, 'agent', () => [50]));
    const { traits } = outdatedIn(baseline, NOW, ['agent 3']);
    expect(traits).toHaveLength(39);
    expect(traits).not.toContain('agent 3');
  });

  it('are all but the newest days of a trait that has many', () => {
    const days = Array.from({ length: 9 }, (_, index) => 7 * index);
    const { seen } = outdatedIn(baselineOf({ 'key a': days, 'key b': days.slice(1) }), NOW, []);
    expect([...seen]).toEqual([['key a', days.slice(5).map((ago) => TODAY - ago)]]);
    expect(outdatedIn(baselineOf({ 'key a': days }), NOW, ['key a']).seen.size).toBe(0);
  });

  it('are all but sixty days of reads', () => {
    const { days } = outdatedIn(baselineOf({}, Array(70).fill(1)), NOW, []);
    expect(days).toHaveLength(11);
    expect(Math.max(...days)).toBe(TODAY - 60);
  });

  it('are the steps that are not kept, worth a write of their own once they are many', () => {
    const steps = Array.from({ length: 40 }, (_, index) =>
      stepText({ kind: 'read', at: NOW.getTime() - index * 60_000, detail: '192.0.2.0/24' }),
    );
    const key = keyText('web', TODAY);
    const outdated = outdatedIn(baselineOf({}, [], { steps: [...steps, key] }), NOW, []);
    expect(outdated.steps).toEqual(steps.slice(8));
    expect(isMuch(outdated)).toBe(true);
    expect(isMuch({ ...outdated, steps: steps.slice(9) })).toBe(false);
  });
});
