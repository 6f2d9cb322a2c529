import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ATTACK_KINDS } from './attacks.ts';
import { withCountries } from './countries.ts';
import { type Judgement, judge, type Replayed } from './judge.ts';
import { play } from './play.ts';
import { outcomeOf } from './replay.ts';

/** The guard as it is, but for its scores when a test wants it blind. */
const guard = vi.hoisted(() => ({ isBlind: false }));

vi.mock('../../../lambda/domain/access-guard/risk/assess-risks.ts', async (original) => {
  const product =
    await original<typeof import('../../../lambda/domain/access-guard/risk/assess-risks.ts')>();
  const assessRisks: typeof product.assessRisks = async (ports, judged, now, trouble) =>
    guard.isBlind ? judged : product.assessRisks(ports, judged, now, trouble);
  return { ...product, assessRisks };
});

afterEach(() => {
  guard.isBlind = false;
});

const SMALL = { seed: 7, scale: 0.01, kept: 0.005, gatherHours: 12 } as const;
const replayed = () =>
  withCountries((geoDatabase) =>
    play({ ...SMALL, attacks: [1, 1], geoDatabase, progress: () => {} }),
  );
const brokenBy = (judgement: Judgement) =>
  outcomeOf(new Map([['with countries', judgement]]), 7).violations;

describe('the replay', () => {
  let day: Replayed;
  let good: Judgement;
  beforeAll(async () => {
    day = await replayed();
    good = judge(day);
  }, 180_000);

  it('finds an attack of every kind, and alarms nobody else', () => {
    expect(brokenBy(good)).toEqual([]);
    expect(good.found.map(({ planted: { kind } }) => kind)).toEqual(
      ATTACK_KINDS.map(({ name }) => name),
    );
  });

  it('says what it counted', () => {
    const { summary, rows = [], figures } = outcomeOf(new Map([['with countries', good]]), 7);
    expect(summary).toMatch(
      /^[\d,]+ events, [\d,]+ reads: with countries 10 of 10 attacks found, \d false alarms \([\d.]+ in 10,000 reads\), 0 good readers quarantined$/,
    );
    expect(rows.find((row) => row.startsWith('scraper inside'))).toMatch(/1 of 1, scores from \d+/);
    expect(figures).toMatchObject({
      with_countries_attacks: 10,
      with_countries_found: 10,
      with_countries_stolen_session_planted: 1,
    });
  });

  it('is broken by a guard that scores nothing, whatever its other rules find', async () => {
    guard.isBlind = true;
    const [missed, ...others] = brokenBy(judge(await replayed()));
    expect(missed?.promise).toBe('Every planted attack is found.');
    for (const kind of ['stolen session', 'look around', 'scraper inside', 'hoarding insider']) {
      expect(missed?.how).toContain(kind);
    }
    expect(missed?.how).toContain('again: npm run prove -- replay --seed 7');
    expect(others).toEqual([]);
  }, 180_000);

  it('is broken by a guard that would quarantine whoever reads, or writes nothing down', () => {
    const jumpy = [...day.lines].map(
      ([id, line]) => [id, { ...line, answer: 'would-quarantine' as const }] as const,
    );
    expect(
      brokenBy(judge({ ...day, lines: new Map(jumpy) })).map(({ promise }) => promise),
    ).toEqual([
      'Less than one false alarm in 10,000 reads.',
      'Nobody who does nothing wrong is quarantined.',
    ]);
    const [missed, missing] = brokenBy(judge({ ...day, lines: new Map() }));
    expect(missed?.promise).toBe('Every planted attack is found.');
    expect(missing?.promise).toBe('Every read is in the usage record.');
    expect(missing?.how).toMatch(/\nand \d+ more\n/);
  });
});

describe('without a database of countries', () => {
  it('a far country has only to be told', async () => {
    const lines = new Map([
      ['far', { event_id: 'far', verdict: 'suspicious', reasons: [], answer: 'notified' } as const],
    ]);
    const planted = { kind: 'far country', number: 1, told: 'a key from afar' } as const;
    const happening = {
      at: 0,
      idOf: () => 'far',
      origin: { is: 'attack', planted },
      principal: 'ann',
      isRead: true,
      isBulk: false,
      record: () => ({}),
    } as const;
    const of = (hasCountries: boolean) =>
      judge({
        attacks: [planted],
        happenings: [happening],
        before: [],
        lines,
        messages: 1,
        hasCountries,
      }).found[0]?.isFound;
    expect([of(true), of(false)]).toEqual([false, true]);
  });
});
