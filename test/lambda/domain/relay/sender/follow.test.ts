import { describe, expect, it } from 'vitest';
import {
  type Following,
  following,
  isInVain,
  type Judgement,
  TOO_LARGE,
  UNEXPLAINED,
} from '../../../../../lambda/domain/relay/sender/follow.ts';
import { parcels } from './parcels.ts';

const [a, b, c] = parcels(3);
if (!a || !b || !c) throw new Error('no parcels');
const batch = [a, b, c];
const suspect = { parcel: a, reason: UNEXPLAINED };
const NOTHING = { taken: [], refused: [], suspects: [], next: [], later: [], waitMs: 0 };
const refused = (reasons: [number, string][]): Judgement => ({
  outcome: 'refused',
  reasons: new Map(reasons),
});
const throttled = (...indexes: number[]): Judgement => ({
  outcome: 'throttled',
  indexes: new Set(indexes),
  waitMs: 15_000,
});

describe("after Amplitude's answer to a batch", () => {
  it.each<[string, typeof batch, Judgement, Partial<Following>]>([
    ['that it was taken, all is done', batch, { outcome: 'taken' }, { taken: batch }],
    [
      'that it is too large, its halves are sent',
      batch,
      { outcome: 'too large' },
      { next: [[a, c], [b]] },
    ],
    [
      'that one event is too large, it is suspected',
      [a],
      { outcome: 'too large' },
      { suspects: [{ parcel: a, reason: TOO_LARGE }] },
    ],
    [
      'that names some, those are given up and the rest is sent',
      batch,
      refused([[1, 'invalid_time']]),
      { refused: [{ parcel: b, reason: 'invalid_time' }], next: [[a, c]] },
    ],
    [
      'that names all, all are given up',
      [a],
      refused([[0, 'silenced']]),
      { refused: [{ parcel: a, reason: 'silenced' }] },
    ],
    ['that names none, its halves are sent', batch, refused([]), { next: [[a, c], [b]] }],
    ['that names none of one event, it is suspected', [a], refused([]), { suspects: [suspect] }],
    [
      'that names others, it is as if it named none',
      [a],
      refused([[7, 'x']]),
      { suspects: [suspect] },
    ],
    [
      'that some throttled, those wait and the rest is sent',
      batch,
      throttled(0, 2),
      { later: [a, c], next: [[b]], waitMs: 15_000 },
    ],
    ['that all throttled, all wait', [a], throttled(0), { later: [a], waitMs: 15_000 }],
    [
      'that it throttles without a name, all wait',
      batch,
      throttled(),
      { later: batch, waitMs: 15_000 },
    ],
  ])('%s', (_, events, judgement, expected) => {
    expect(following(events, judgement)).toEqual({ ...NOTHING, ...expected });
  });
});

describe('an answer', () => {
  it.each<[string, typeof batch, Judgement, boolean]>([
    ['that halves a batch is in vain', batch, { outcome: 'too large' }, true],
    ['that leaves a suspect is in vain', [a], refused([]), true],
    ['that takes is not', batch, { outcome: 'taken' }, false],
    ['that names one event is not', batch, refused([[1, 'invalid_time']]), false],
    ['that throttles is not', batch, throttled(0), false],
  ])('%s', (_, events, judgement, expected) => {
    expect(isInVain(following(events, judgement))).toBe(expected);
  });
});
