import { describe, expect, it } from 'vitest';
import { atRest, FP, KEY, NOTHING, plan, rejected } from './seen.ts';

describe('a key at rest', () => {
  it('is left alone', () => {
    expect(plan(atRest())).toEqual(NOTHING);
  });
});

describe('what a sweep says', () => {
  it('never holds a key', () => {
    const everything = JSON.stringify([
      plan(atRest({ verdicts: { [FP.second]: rejected(), [FP.third]: rejected() } })),
      plan(atRest({ tags: { 'amplitude-note-promoted': '', 'amplitude-note-staged': '' } })),
    ]);
    for (const key of Object.values(KEY)) expect(everything).not.toContain(key);
  });
});
