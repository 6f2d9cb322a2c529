import { describe, expect, it } from 'vitest';
import type { VerdictWord } from '../../../../lambda/payloads.ts';
import { type Garbage, garbage, http } from './garbage.ts';
import { searchPromotions, searchRetirements } from './search-rotations.ts';
import { searchAnswers, searchGarbage } from './search-vendor.ts';
import type { VendorOf } from './trial.ts';

/** Asks once, and decides by whatever it likes. */
const careless =
  (decide: (response: Response) => Promise<VerdictWord>): VendorOf =>
  ({ endpoints }) => ({
    async ask() {
      const endpoint = endpoints.US.developer;
      const word = await decide(await fetch(endpoint, { method: 'POST', body: '{}' }));
      return { word, check: 'query', answer: { endpoint, region: 'US' } };
    },
  });

const byStatus = careless(async ({ ok }) => (ok ? 'accepted' : 'rejected'));

const garbageNamed = (name: string) => garbage().filter((one) => one.name === name);
const tried = async (vendorOf: VendorOf, name: string) => {
  const moods = garbageNamed(name);
  const { violations } = await searchGarbage(vendorOf, { moods, size: 'short' });
  return violations.map(({ how }) => how);
};

describe("a search of Amplitude's answers", () => {
  it.each([
    ['an acceptance', 'a page with 200', 'the verdict is accepted'],
    ['a rejection', 'a page with 502', 'the verdict is rejected'],
  ])('finds who takes a page for %s', async (_, name, complaint) => {
    expect(await tried(byStatus, name)).toEqual([`${complaint}\nquery: ${name}`]);
  });

  it('finds who lets a bomb unfold', async () => {
    const reading = careless(async (response) => {
      const body = Buffer.from(await response.text());
      return body.length > 0 ? 'unknown' : 'accepted';
    });
    expect(await tried(reading, 'a bomb of gzip')).toEqual([
      expect.stringMatching(/^it took \d+ MB of the heap\nquery: a bomb of gzip$/),
    ]);
  });

  it('finds who throws', async () => {
    const throwing = careless(async (response) => (await response.json()) as VerdictWord);
    expect(await tried(throwing, 'a page with 200')).toEqual([
      'it threw SyntaxError\nquery: a page with 200',
    ]);
  });

  it('finds who judges by the status alone, with the smallest body that shows it', async () => {
    const { violations } = await searchAnswers(byStatus, { seed: 90, runs: 50 });
    expect(violations[0]?.how).toMatch(/^the verdict is \w+, where unknown is documented\n/);
  });
});

describe('a search of garbage while a key lives', () => {
  const planted = (answer: Garbage['answer']): Garbage[] =>
    Array.from({ length: 8 }, () => ({ name: 'planted', answer }));

  it('sees a promotion', async () => {
    const moods = planted(http(200, '{"data":{"status":"observed"}}'));
    const { violations } = await searchPromotions(moods);
    expect(violations.map(({ how }) => how)).toContain('the staged key was promoted\nplanted');
  });

  it('sees a retirement', async () => {
    const moods = planted(http(401, '{"error_code":"invalid_api_key"}'));
    const { violations } = await searchRetirements(moods);
    expect(violations.map(({ how }) => how)).toContain('the key was retired\nplanted');
  });
});
