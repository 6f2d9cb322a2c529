import { describe, expect, it } from 'vitest';
import { type Asked, historyOf } from '../../../bin/operator/history.ts';

const ALL: Asked = { since: undefined, key: undefined };
const V1 = '11111111-aaaa-4aaa-8aaa-aaaaaaaaaaaa';
const V2 = '22222222-bbbb-4bbb-8bbb-bbbbbbbbbbbb';

const line = (minute: number, transition: string, more: object = {}) =>
  JSON.stringify({
    at: `2026-11-24T02:${String(minute).padStart(2, '0')}:00.000Z`,
    environment: 'dev',
    key: 'web',
    transition,
    by: 'rotation',
    ...more,
  });

const told = (messages: readonly string[], asked = ALL) =>
  historyOf(messages, asked).lines.map(({ at, transition }) => `${at.slice(14, 16)} ${transition}`);

describe('the history of a trail', () => {
  it('is in the order of what happened, whatever the order of writing', () => {
    const messages = [line(5, 'retained'), line(1, 'staged'), line(3, 'promoted')];
    expect(told(messages)).toEqual(['01 staged', '03 promoted', '05 retained']);
  });

  it('shows once what a step that was run again wrote again, and counts the rest', () => {
    const step = (minute: number) => [
      line(minute, 'retained', { versionId: V1, fingerprint: 'aaaaaaaaaaaa' }),
      line(minute, 'promoted', { versionId: V2, fingerprint: 'bbbbbbbbbbbb' }),
    ];
    const history = historyOf([...step(1), ...step(2), ...step(9)], ALL);
    expect(history.lines.map(({ transition }) => transition)).toEqual(['retained', 'promoted']);
    expect(history.lines.every(({ at }) => at.includes('02:01'))).toBe(true);
    expect(history.repeated).toBe(4);
  });

  it('keeps a key that was staged, taken back and staged again', () => {
    const fingerprint = 'aaaaaaaaaaaa';
    const words = ['staged', 'staged', 'unstaged', 'staged'];
    const messages = words.map((word, at) => line(at, word, { fingerprint }));
    expect(told(messages)).toEqual(['00 staged', '02 unstaged', '03 staged']);
  });

  it.each([
    ['key', { key: 'app' }],
    ['version', { versionId: V2 }],
    ['fingerprint', { fingerprint: 'bbbbbbbbbbbb' }],
  ])('takes the same word about another %s for news', (_of, other) => {
    const about = { versionId: V1, fingerprint: 'aaaaaaaaaaaa' };
    const messages = [line(1, 'retained', about), line(2, 'retained', { ...about, ...other })];
    expect(historyOf(messages, ALL)).toMatchObject({ repeated: 0, lines: [{}, {}] });
  });

  it('is narrowed to a key, and to a time that is part of it', () => {
    const messages = [line(1, 'staged'), line(2, 'promoted'), line(2, 'staged', { key: 'app' })];
    const since = new Date('2026-11-24T02:02:00Z');
    expect(told(messages, { since, key: undefined })).toEqual(['02 promoted', '02 staged']);
    expect(historyOf(messages, { since: undefined, key: 'app' }).lines).toHaveLength(1);
  });

  it('tells words that a later version writes', () => {
    expect(told([line(1, 'rolled-back', { by: 'emergency' })])).toEqual(['01 rolled-back']);
  });

  it.each([
    ['text', 'START RequestId: 1'],
    ['a JSON string', '"staged"'],
    ['a word with more in it', line(1, 'staged; rm')],
    ['no time', line(1, 'staged', { at: 'yesterday' })],
    ['a day that does not exist', line(1, 'staged', { at: '2026-02-30T00:00:00Z' })],
    ['a number for a name', line(1, 'staged', { name: 7 })],
    ['no key', line(1, 'staged', { key: undefined })],
  ])('counts %s as malformed and leaves it out', (_what, message) => {
    expect(historyOf([message, line(2, 'staged')], ALL)).toMatchObject({
      malformed: 1,
      lines: [{ transition: 'staged' }],
    });
  });

  it('holds nothing that moves a cursor, and nothing of the shape of a key', () => {
    const name = `\u001b[2Jweb\u202e ${'1f0e9d8c'.repeat(4)}`;
    const [found] = historyOf([line(1, 'adopted', { name })], ALL).lines;
    expect(found?.name).toBe('\ufffd[2Jweb\ufffd [redacted]');
  });

  it('keeps the id of a version that a function put, the hash of its work', () => {
    const versionId = 'ab'.repeat(32);
    const [found] = historyOf([line(1, 'promoted', { versionId })], ALL).lines;
    expect(found?.versionId).toBe(versionId);
  });
});
