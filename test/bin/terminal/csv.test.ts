import { describe, expect, it } from 'vitest';
import { csv } from '../../../bin/terminal/csv.ts';

describe('csv', () => {
  it.each([
    ['plain', 'plain'],
    ['', ''],
    ['a, b', '"a, b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
  ])('writes %j as RFC 4180 has it', (cell, written) => {
    expect(csv([[cell, 'x']])).toEqual([`${written},x\r`]);
  });

  it.each(['=1+1', '+1', '-1', '@sum'])('keeps %s from being run as a formula', (cell) => {
    expect(csv([[cell]])).toEqual([`'${cell}\r`]);
  });

  it('guards a formula that needs quotes as well', () => {
    expect(csv([['=A1,"x"']])).toEqual(['"\'=A1,""x"""\r']);
  });
});
