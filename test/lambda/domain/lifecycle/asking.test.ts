import { describe, expect, it } from 'vitest';
import type { KeyFacts } from '../../../../lambda/domain/key-facts.ts';
import { type AskingPorts, askAll } from '../../../../lambda/domain/lifecycle/asking.ts';
import type { ManagedKey } from '../../../../lambda/domain/managed-key.ts';
import { accepted, atRest, FP, HOUR, KEY, NOW, type Seed, seen, V } from './seen.ts';

const keyNamed = (name: string, over: Partial<Seed> = {}): KeyFacts =>
  seen(atRest({ staged: [], tags: { 'amplitude-note-checked': '' }, managed: { name }, ...over }))
    .facts;

/** Amplitude takes so long for each question; who was asked about, in order. */
function ports(millisecondsEach = 0, now = NOW) {
  let time = now.getTime();
  const asked: string[] = [];
  const made: AskingPorts = {
    secrets: {
      readCurrent: async () => {
        throw new Error('the paired key can not be read');
      },
    } as never,
    vendor: {
      ask: async ({ managed }) => {
        asked.push((managed as ManagedKey).name);
        time += millisecondsEach;
        return accepted();
      },
    },
    atOnce: () => (work) => work(),
    clock: { now: () => new Date(time) },
  };
  return { made, asked };
}

describe('asking Amplitude', () => {
  const keys = ['a', 'b', 'c', 'd'].map((name) => keyNamed(name));

  it('stops after five minutes; who was not asked has no verdict', async () => {
    const { made, asked } = ports(150_000);
    const verdicts = await askAll(made, [...keys], new Map());
    expect(asked.length).toBeLessThan(4);
    const known = keys.filter((facts) => verdicts.get(facts)?.has(FP.second));
    expect(known.length).toBe(asked.length);
  });

  it('begins with another key each hour, so that nobody is always the last', async () => {
    const firsts = await Promise.all(
      [0, 1, 2, 3].map(async (hour) => {
        const { made, asked } = ports(0, new Date(NOW.getTime() + hour * HOUR));
        await askAll(made, keys, new Map());
        return asked[0];
      }),
    );
    expect(new Set(firsts).size).toBe(4);
  });

  it('goes on when the API key of a secret key can not be read', async () => {
    const { made, asked } = ports();
    const document = { kind: 'secret' as const };
    const versions = { [V.second]: { labels: ['AWSCURRENT'], key: KEY.second, document } };
    const paired = keyNamed('export', { managed: { name: 'export', pairedWith: 'a' }, versions });
    const verdicts = await askAll(made, [paired, ...keys], new Map());
    expect(verdicts.get(paired)?.size).toBe(0);
    expect(asked).toHaveLength(4);
  });
});
