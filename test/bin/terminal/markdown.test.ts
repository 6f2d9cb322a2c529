import { describe, expect, it } from 'vitest';
import { escaped, markdownTable, prose, section } from '../../../bin/terminal/markdown.ts';

describe('a text in Markdown', () => {
  it.each([
    ['Server *2026*_11_', 'Server \\*2026\\*\\_11\\_'],
    ['a|b', 'a\\|b'],
    ['<script>', '\\<script\\>'],
    ['[x](https://evil.example)', '\\[x\\](https\\://evil.example)'],
    ['www.evil.example', 'www\\.evil.example'],
    ['`code`', '\\`code\\`'],
    ['# title', '\\# title'],
    ['- item', '\\- item'],
    ['1. item', '1\\. item'],
    ['two\nlines', 'two lines'],
    ['back\\slash', 'back\\\\slash'],
    ['2026-11-24 (in 3 days)', '2026-11-24 (in 3 days)'],
  ])('%j is written %j', (text, expected) => {
    expect(escaped(text)).toBe(expected);
  });

  it('of ours keeps its links, and nothing else', () => {
    expect(prose('Press *Revoke*: https://app.example/a_b/c, then (https://x.example).')).toBe(
      'Press \\*Revoke\\*: <https://app.example/a_b/c>, then (<https://x.example>).',
    );
    expect(prose('https://x.example')).toBe('<https://x.example>');
  });
});

describe('blocks of Markdown', () => {
  it('leave out what is empty', () => {
    expect(markdownTable(['A'], [])).toEqual([]);
    expect(section('Title', [], ['text'])).toEqual(['', '## Title', '', 'text']);
  });
});
