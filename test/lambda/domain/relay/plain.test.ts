import { describe, expect, it } from 'vitest';
import {
  idIn,
  modelIn,
  nameIn,
  numberIn,
  versionIn,
  wordIn,
} from '../../../../lambda/domain/relay/plain.ts';

describe('what is let through', () => {
  it.each([
    'gpt-4o',
    'anthropic.claude-3-5-sonnet-20240620-v1:0',
    'accounts/fireworks/models/llama-v3p1-70b',
    '@cf/meta/llama-3.1-8b-instruct',
    'gemini-1.5-pro@001',
    'Qwen2.5 (7B)',
    '通义千问-Max',
  ])('is a model: %s', (model) => {
    expect(modelIn(model)).toBe(model);
  });

  it.each([
    ['an address', 'ada@example.com'],
    ['two lines', 'gpt\n4'],
    ['a question', 'What is gpt?'],
    ['nothing', ''],
    ['too long', 'x'.repeat(200)],
    ['a number', 4],
  ])('is no model: %s', (_, model) => {
    expect(modelIn(model)).toBeUndefined();
  });

  it.each(['Support bot', 'Kunden & Fälle (v2)', '客服', '👩‍💻 Helper', "Ada's app"])(
    'is a name: %s',
    (name) => {
      expect(nameIn(name)).toBe(name);
    },
  );

  it.each([
    'Ask ada@example.com',
    'mail ada @ example.com',
    'ada＠example．com',
    '/inbox?to=ada%40example.com',
    'two\nlines',
    'two\u2028lines',
    '<b>bold</b>',
    '{"a":1}',
    'bell\u0007',
    'right\u202eleft',
    '\ud800',
    '',
    'x'.repeat(257),
  ])('is no name: %j', (name) => {
    expect(nameIn(name)).toBeUndefined();
  });

  it('is an id, a word, a version', () => {
    const id = '7e3f4a52-0000-4000-8000-00000000a001';
    expect(idIn(id)).toBe(id);
    expect(idIn('an id')).toBeUndefined();
    expect(wordIn('partial-succeeded')).toBe('partial-succeeded');
    expect(wordIn('I succeeded')).toBeUndefined();
    const version = '2026-09-01 08:15:30.123456';
    expect(versionIn(version)).toBe(version);
    expect(versionIn('a version, I think')).toBeUndefined();
  });

  it.each([
    [2.5, 2.5],
    ['2.5', 2.5],
    [0, 0],
    [-1, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [Number.NaN, undefined],
    ['', undefined],
    ['many', undefined],
    [true, undefined],
    [undefined, undefined],
  ])('is a number: %j gives %j', (said, number) => {
    expect(numberIn(said)).toBe(number);
  });
});
