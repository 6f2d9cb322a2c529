import { describe, expect, it } from 'vitest';
import { refusedEventsTold } from '../../../../../lambda/domain/relay/intake/refused-events.ts';

const of = (reason: string, ...indexes: number[]) => indexes.map((index) => ({ index, reason }));

describe('events that are refused', () => {
  it('are told by reason, each of which is said once', () => {
    const refused = [
      ...of('no type', 0, 1, 2),
      ...of('no id', 4),
      ...of('no type', 7, 9, 10),
      ...of('no id', 12),
    ];
    expect(refusedEventsTold(refused)).toBe(
      'events[0]–[2], [7], [9]–[10]: no type; events[4], [12]: no id',
    );
  });

  it('are told in few words, however many they are', () => {
    const every = (step: number) => Array.from({ length: 2_000 / step }, (_, at) => at * step);
    expect(refusedEventsTold(of('no type', ...every(1)))).toBe('events[0]–[1999]: no type');
    expect(refusedEventsTold(of('no type', ...every(2)))).toBe(
      'events[0], [2], [4], [6], [8], [10], [12], [14], [16], [18] and 990 more: no type',
    );
  });
});
