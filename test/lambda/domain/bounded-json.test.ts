import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedJson } from '../../../lambda/domain/bounded-json.ts';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('JSON within bounds', () => {
  it('is read as ever, from a text or its bytes', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(boundedJson(text)).toEqual(JSON.parse(text));
        expect(boundedJson(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
      { seed: 90 },
    );
  });

  it('may hold brackets, quotes and backslashes in its texts', () => {
    const brackets = '['.repeat(100);
    const said = { a: brackets, b: `"${brackets}`, c: `\\"${brackets}`, d: '\\' };
    expect(boundedJson(JSON.stringify(said))).toEqual(said);
    expect(boundedJson(`["\\\\",${nested(64)}]`)).toBeUndefined();
  });

  it.each(['', '{', 'undefined', '"\\', '{"a":}', nested(65), `"${nested(10)}`])(
    'is none: %s',
    (text) => {
      expect(boundedJson(text)).toBeUndefined();
    },
  );

  it('is deep up to a bound', () => {
    expect(boundedJson(nested(64))).toEqual(JSON.parse(nested(64)));
    expect(boundedJson(`[${nested(63)},${nested(63)}]`)).toHaveLength(2);
  });

  it('holds lists and objects up to a bound, and none is made beyond it', () => {
    const many = (count: number) => `[${'{},'.repeat(count - 2)}[]]`;
    expect(boundedJson(many(1_000_000), 1_000_000)).toHaveLength(999_999);
    expect(boundedJson(many(1_000_001), 1_000_000)).toBeUndefined();
  });

  it('holds values up to a bound, and as many commas in its texts as it likes', () => {
    const many = (count: number) => `[${'1,'.repeat(count - 1)}"${','.repeat(count)}"]`;
    expect(boundedJson(many(200_001))).toHaveLength(200_001);
    expect(boundedJson(many(200_002))).toBeUndefined();
    expect(boundedJson(many(11), 10)).toHaveLength(11);
    expect(boundedJson(many(12), 10)).toBeUndefined();
  });

  it('takes no time of a million names, since none is made', () => {
    const names = Array.from({ length: 1_700_000 }, (_, at) => `"${at.toString(36)}":1`);
    const text = `{${names.join()}}`;
    const start = performance.now();
    expect(boundedJson(text)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('is no text of another encoding', () => {
    expect(boundedJson(Uint8Array.of(0x22, 0xff, 0x22))).toBeUndefined();
  });
});
