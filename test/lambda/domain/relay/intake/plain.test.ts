import { describe, expect, it } from 'vitest';
import {
  idIn,
  modelIn,
  nameIn,
  numberIn,
  versionIn,
  wordIn,
} from '../../../../../lambda/domain/relay/intake/plain.ts';

describe('what is let through', () => {
  it.each([
    'gpt-4o',
    'anthropic.claude-3-5-sonnet-20240620-v1:0',
    'accounts/fireworks/models/llama-v3p1-70b',
    '@cf/meta/llama-3.1-8b-instruct',
    'gemini-1.5-pro@001',
    'claude-3-5-sonnet-v2@20241022',
    'mistral-large@latest',
    'text-bison@default',
    'qwen2.5_coder:7b+q4',
  ])('is a model: %s', (model) => {
    expect(modelIn(model)).toBe(model);
  });

  it.each([
    ['an address', 'ada@example.com'],
    ['an address of a company', 'john@company'],
    ['an address in words', 'ada (at) example.com'],
    ['a handle', '@john'],
    ['an address of a host', '@example.com/ada'],
    ['two lines', 'gpt\n4'],
    ['a question', 'What is gpt?'],
    ['a sentence', 'My wife has cancer and I need a lawyer'],
    ['a sentence without spaces', '通义千问是什么'],
    ['an address in plain words', 'ada at example.com'],
    ['a model and a word', 'Qwen2.5(7B)'],
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
    '/inbox?to=ada%252540example.com',
    'ada&#64;example.com',
    'ada (at) example.com',
    'user@localhost',
    'Team @ Berlin',
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
  });

  it.each([
    'draft',
    '1.2.3-beta+5',
    '2026-09-01 08:15:30',
    '2026-09-01 08:15:30.123456',
    '2026-09-01 08:15:30.123456+00:00',
    '2026-09-01 08:15:30 +0200',
    '2026-09-01T08:15:30.123456Z',
  ])('is a version: %s', (version) => {
    expect(versionIn(version)).toBe(version);
  });

  it.each([
    'a version, I think',
    'earn more than Ada',
    '2026-09-01 as Ada said',
    '2026-09-01 08:15:30 Ada',
    ' ',
    'x'.repeat(65),
  ])('is no version: %j', (version) => {
    expect(versionIn(version)).toBeUndefined();
  });

  it.each([
    [2.5, 2.5],
    ['2.5', 2.5],
    ['1e-05', 1e-5],
    ['1.5E+3', 1_500],
    [0, 0],
    [-1, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [Number.NaN, undefined],
    ['', undefined],
    [' ', undefined],
    [' 7', undefined],
    ['0x10', undefined],
    ['Infinity', undefined],
    ['-1', undefined],
    ['1e13', undefined],
    ['many', undefined],
    [true, undefined],
    [undefined, undefined],
  ])('is a number: %j gives %j', (said, number) => {
    expect(numberIn(said)).toBe(number);
  });
});
