import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KeyFacts } from '../../../lambda/domain/key-facts.ts';
import { type Played, play } from './play.ts';
import { PROMISES } from './promises/promises.ts';
import { shrink } from './shrink.ts';
import { idle } from './simulation.ts';
import { told } from './step.ts';
import { scripts } from './steps.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The product as it is but for one defect, which a test plants. */
const planted = vi.hoisted(() => ({ defect: '' }));

vi.mock('../../../lambda/domain/verdict.ts', async (original) => {
  const product = await original<typeof import('../../../lambda/domain/verdict.ts')>();
  const judge: typeof product.judge = (check, answer) => {
    const word = product.judge(check, answer);
    return planted.defect === 'unknown is accepted' && word === 'unknown' ? 'accepted' : word;
  };
  return { ...product, judge };
});

vi.mock('../../../lambda/domain/versions.ts', async (original) => {
  const product = await original<typeof import('../../../lambda/domain/versions.ts')>();
  const retainedUntilOf: typeof product.retainedUntilOf = (labels) => {
    const until = product.retainedUntilOf(labels);
    const isEarly = until && planted.defect === 'a retention ends early';
    return isEarly ? new Date(until.getTime() - 5 * DAY) : until;
  };
  return { ...product, retainedUntilOf };
});

vi.mock('../../../lambda/domain/lifecycle/notes.ts', async (original) => {
  const product = await original<typeof import('../../../lambda/domain/lifecycle/notes.ts')>();
  const awaitingIn: typeof product.awaitingIn = (tags, versionId) => {
    const noted = product.awaitingIn(tags, versionId);
    if (!noted || planted.defect !== 'a key retires at once') return noted;
    return { ...noted, rejectedSince: new Date(noted.since.getTime() - 7 * HOUR) };
  };
  return { ...product, awaitingIn };
});

vi.mock('../../../lambda/domain/emergency/subject.ts', async (original) => {
  const product = await original<typeof import('../../../lambda/domain/emergency/subject.ts')>();
  const currentIn = ({ versions }: KeyFacts) =>
    versions.find(({ labels }) => labels.includes('AWSCURRENT'))?.versionId;
  const subjectOf: typeof product.subjectOf = (facts, choice, now) => {
    const isMistaken = planted.defect === 'a repeat means the next key' && choice === 'current';
    return product.subjectOf(facts, (isMistaken && currentIn(facts)) || choice, now);
  };
  return { ...product, subjectOf };
});

vi.mock('../../../lambda/domain/lifecycle/notices.ts', async (original) => {
  const product = await original<typeof import('../../../lambda/domain/lifecycle/notices.ts')>();
  const called: typeof product.called = (key) =>
    planted.defect === 'a notice quotes the key' ? key.value.reveal() : product.called(key);
  return { ...product, called };
});

afterEach(() => {
  planted.defect = '';
});

/** Some months with about forty things that people do. */
const months = (seed: number) => fc.sample(scripts(40), { seed, numRuns: 1 });

/** The first violation, shrunk. */
async function search(seed: number): Promise<Played | undefined> {
  for (const script of months(seed)) {
    const run = await play(script, 10);
    if (run.broken) return shrink(script, run, () => false);
  }
  return undefined;
}

describe('the simulation finds and shrinks', () => {
  it.each([
    ['unknown is accepted', 24, 'A key is promoted only once Amplitude accepted it.'],
    ['a retention ends early', 4, 'A replaced key that did not leak stays readable'],
    ['a key retires at once', 19, 'Retired means that Amplitude rejected it'],
    ['a repeat means the next key', 17, 'A revocation turns on the key that leaked'],
    ['a notice quotes the key', 19, 'No key ever appears'],
  ])('%s', async (defect, seed, promise) => {
    planted.defect = defect;
    const found = await search(seed);
    expect(found?.broken?.promise).toContain(promise);
    expect(found?.steps.length, found?.steps.map(told).join('\n')).toBeLessThanOrEqual(4);
  });
});

describe('the simulation of the product as it is', () => {
  let first: Played;
  beforeEach(async () => {
    const [script] = months(24);
    if (script) first = await play(script, 10);
  });

  it('finds nothing, and asks every promise after each act', () => {
    expect(first.broken).toBeUndefined();
    expect(first.tally.checked).toBeGreaterThan(500);
    expect(first.tally.checked % PROMISES.length).toBe(0);
  });

  it('is the same again from the same seed', async () => {
    const [script] = months(24);
    const again = script && (await play(script, 10));
    expect(again?.tally).toEqual(first.tally);
  });
});

it('years in which nothing happens prove nothing, and it is said', async () => {
  const setting = { takesPendingOff: true, retain: 30, rotate: 90, verification: 'query' } as const;
  const quiet = await play({ setting, steps: [{ do: 'wait', hours: 24, sweeps: 'daily' }] }, 10);
  expect(quiet.broken).toBeUndefined();
  expect(idle([quiet]).map(({ how }) => how)).toEqual([expect.stringContaining('revoke done')]);
});
