import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedCall } from '../../../../lambda/domain/access-guard/call.ts';
import {
  mostMarks,
  mostWithin,
  windowsOf,
} from '../../../../lambda/domain/access-guard/windows.ts';

const START = new Date('2026-11-24T00:00:00Z').getTime();
const rules = { mostReads: 5, withinMinutes: 5 };
const LENGTH = rules.withinMinutes * 60;

const callAt = (second: number, index: number): RecordedCall => ({
  id: `event-${index}`,
  name: 'GetSecretValue',
  service: 'secretsmanager',
  at: new Date(START + second * 1_000),
  region: 'us-east-1',
  account: '111122223333',
  principal: 'arn:aws:iam::111122223333:role/backend',
  kind: 'AssumedRole',
  inConsole: false,
  mfa: 'unknown',
  kmsKeys: [],
});

/** As the table would count: sets that are shared by batches. */
function counted(batches: readonly (readonly RecordedCall[])[]): number {
  const sets = new Map<string, Set<string>>();
  let most = 0;
  for (const batch of batches) {
    for (const { set, marks } of windowsOf('of web', batch, rules)) {
      const known = sets.get(set) ?? new Set();
      for (const mark of marks) known.add(mark);
      sets.set(set, known);
      most = Math.max(most, mostWithin([...known], rules));
    }
  }
  return most;
}

const seconds = fc.array(fc.integer({ min: 0, max: 3_600 }), { minLength: 1, maxLength: 40 });

/** The most events of any stretch of so many minutes that begins with one. */
const honest = (times: readonly number[]) =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at - from < LENGTH).length));

describe('reads within some minutes', () => {
  it('are counted exactly, wherever the minutes begin, in whatever order and batches they come', () => {
    const order = fc.tuple(seconds, fc.integer({ min: 1, max: 7 }));
    fc.assert(
      fc.property(order, ([times, size]) => {
        const calls = times.map(callAt);
        const batches = Array.from({ length: Math.ceil(calls.length / size) }, (_, at) =>
          calls.slice(at * size, (at + 1) * size),
        );
        expect(counted(batches)).toBe(honest(times));
        expect(counted([...batches, ...batches])).toBe(honest(times));
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('are too many in a set that takes no more', () => {
    const full = Array.from({ length: mostMarks(rules) + 1 }, (_, index) =>
      callAt(index * 60, index),
    );
    expect(mostWithin('full', rules)).toBe(rules.mostReads + 1);
    // Of two halves that hold more than twice as many, one holds too many
    const [first, second] = [full.slice(0, 6), full.slice(6)];
    expect(Math.max(first.length, second.length)).toBeGreaterThan(rules.mostReads);
  });
});
