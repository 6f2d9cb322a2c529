import { describe, expect, it } from 'vitest';
import { distinct, modelsDuring, modelsTold } from '../../../../lambda/domain/relay/models.ts';

const call = (model: string, endedMs: number) => ({ model, endedMs });

describe('the models of an execution', () => {
  it('are those whose calls ended while it ran, give or take a second', () => {
    const calls = [
      call('too early', 8_999),
      call('early', 9_000),
      call('amid', 15_000),
      call('late', 21_000),
      call('too late', 21_001),
    ];
    const models = modelsDuring({ startedMs: 10_000, endedMs: 20_000 }, calls);
    expect(models).toEqual(['early', 'amid', 'late']);
  });

  it('are all of its trace where a time is unknown', () => {
    const calls = [call('a', 1), call('b', 99_000)];
    expect(modelsDuring({ startedMs: 0, endedMs: 20_000 }, calls)).toEqual(['a', 'b']);
    expect(modelsDuring({ startedMs: 10_000, endedMs: 0 }, calls)).toEqual(['a', 'b']);
    expect(modelsDuring({ startedMs: 50_000, endedMs: 60_000 }, [call('c', 0)])).toEqual(['c']);
  });

  it('are told each once, in alphabetical order, and no more than twenty', () => {
    expect(modelsTold(['b', 'a', 'b'])).toBe('a, b');
    expect(distinct(Array.from({ length: 30 }, (_, at) => `m${at}`))).toHaveLength(20);
  });
});
