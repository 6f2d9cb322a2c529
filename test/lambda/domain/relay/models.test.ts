import { describe, expect, it } from 'vitest';
import {
  inOrder,
  modelsDuring,
  modelsTold,
  slotOf,
} from '../../../../lambda/domain/relay/models.ts';

const call = (model: string, endedMs: number) => ({ model, slotMs: slotOf(endedMs) });

describe('the models of an execution', () => {
  it('are those whose calls ended in the five seconds in which it ran, give or take one', () => {
    const calls = inOrder([
      call('too late', 46_000),
      call('late', 44_000),
      call('amid', 30_000),
      call('early', 19_000),
      call('too early', 14_000),
    ]);
    const models = modelsDuring({ startedMs: 20_000, endedMs: 39_500 }, calls);
    expect(models).toEqual(['amid', 'early', 'late']);
  });

  it('are all of its trace where a time is unknown', () => {
    const calls = inOrder([call('b', 99_000), call('a', 6_000)]);
    expect(modelsDuring({ startedMs: 0, endedMs: 20_000 }, calls)).toEqual(['a', 'b']);
    expect(modelsDuring({ startedMs: 10_000, endedMs: 0 }, calls)).toEqual(['a', 'b']);
    const unknown = inOrder([call('b', 99_000), call('c', 0)]);
    expect(modelsDuring({ startedMs: 50_000, endedMs: 60_000 }, unknown)).toEqual(['c']);
  });

  it('are no more than twenty', () => {
    const calls = inOrder(Array.from({ length: 30 }, (_, at) => call(`m${at}`, 30_000)));
    expect(modelsDuring({ startedMs: 20_000, endedMs: 40_000 }, calls)).toHaveLength(20);
    expect(modelsDuring({ startedMs: 0, endedMs: 0 }, calls)).toHaveLength(20);
  });

  it('are told each once, in alphabetical order', () => {
    expect(modelsTold(['b', 'a', 'b'])).toBe('a, b');
  });

  it('of a loop of calls are told of once in five seconds', () => {
    const calls = Array.from({ length: 100 }, (_, at) => call('m', 10_000 + at * 100));
    expect(inOrder(calls)).toEqual([call('m', 10_000), call('m', 15_000)]);
  });
});
