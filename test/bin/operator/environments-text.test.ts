import { expect, it } from 'vitest';
import { expanded, written } from '../../../bin/operator/environments-text.ts';

it('a value that fits is written on one line', () => {
  const value = {
    role: 'arn:x',
    days: 3,
    is: true,
    tag: { 'a-b': 'c' },
    list: ['d'],
    no: undefined,
  };
  expect(written(value, '  ')).toEqual([
    "  { role: 'arn:x', days: 3, is: true, tag: { 'a-b': 'c' }, list: ['d'] },",
  ]);
  expect(written({}, '')).toEqual(['{},']);
});

it('one that does not fit is written on several, each as deep as it fits', () => {
  const long = 'x'.repeat(60);
  expect(written({ role: long, also: [long, { purpose: long }] }, '  ', 'web: ')).toEqual([
    '  web: {',
    `    role: '${long}',`,
    '    also: [',
    `      '${long}',`,
    `      { purpose: '${long}' },`,
    '    ],',
    '  },',
  ]);
});

it('a text is quoted as the formatter does it', () => {
  const quote = (text: string) => written(text, '', '', '')[0];
  expect(quote("it's")).toBe('"it\'s"');
  expect(quote('a "word"')).toBe('\'a "word"\'');
  expect(quote(`it's a "word"`)).toBe(`'it\\'s a "word"'`);
  expect(quote('a\nb\\')).toBe("'a\\nb\\\\'");
});

it('what is expanded has a line for each field, however short', () => {
  expect(expanded({ a: 1 }, '', 'k: ')).toEqual(['k: {', '  a: 1,', '},']);
});
