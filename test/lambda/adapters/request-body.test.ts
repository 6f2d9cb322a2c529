import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MOST_BYTES, readBody } from '../../../lambda/adapters/request-body.ts';
import { KeysError } from '../../../lambda/domain/errors.ts';

const coded = (bytes: Uint8Array, contentEncoding?: string) => ({
  body: Buffer.from(bytes).toString('base64'),
  isBase64Encoded: true,
  contentEncoding,
});
const text = (body: string | undefined, contentEncoding?: string) => ({
  body,
  isBase64Encoded: false,
  contentEncoding,
});
const codeOf = (body: Parameters<typeof readBody>[0]) =>
  readBody(body).then(
    () => 'read',
    (error) => (error instanceof KeysError ? error.code : String(error)),
  );
const HELLO = Buffer.from('Grüße');

describe('a body as API Gateway hands it over', () => {
  it('is a text, or base64 of bytes, or nothing', async () => {
    expect(await readBody(text('Grüße'))).toEqual(HELLO);
    expect(await readBody(coded(HELLO))).toEqual(HELLO);
    expect(await readBody(text(undefined))).toHaveLength(0);
    expect(await readBody(text('Grüße', 'identity'))).toEqual(HELLO);
    expect(await readBody(coded(HELLO, ' '))).toEqual(HELLO);
  });

  it.each(['gzip', 'GZIP', 'x-gzip'])('is decompressed: %s', async (encoding) => {
    expect(await readBody(coded(gzipSync(HELLO), encoding))).toEqual(HELLO);
  });

  it.each(['br', 'deflate', 'zstd', 'gzip, gzip', 'gzip;q=1'])(
    'is refused in another encoding: %s',
    async (encoding) => {
      expect(await codeOf(coded(gzipSync(HELLO), encoding))).toBe('ENCODING_UNSUPPORTED');
    },
  );

  it('is as large as the limit, and no larger, as it came', async () => {
    const most = Buffer.alloc(MOST_BYTES.sent, 'a');
    const more = Buffer.alloc(MOST_BYTES.sent + 1, 'a');
    expect(await codeOf(coded(most))).toBe('read');
    expect(await codeOf(coded(more))).toBe('BODY_TOO_LARGE');
    expect(await codeOf(coded(Buffer.concat([more, more])))).toBe('BODY_TOO_LARGE');
    expect(await codeOf(text(most.toString()))).toBe('read');
    expect(await codeOf(text(more.toString()))).toBe('BODY_TOO_LARGE');
    expect(await codeOf(text('ü'.repeat(MOST_BYTES.sent / 2 + 1)))).toBe('BODY_TOO_LARGE');
  });

  it('is as large as the limit, and no larger, decompressed', async () => {
    const most = gzipSync(Buffer.alloc(MOST_BYTES.decompressed));
    expect(await codeOf(coded(most, 'gzip'))).toBe('read');
    const more = gzipSync(Buffer.alloc(MOST_BYTES.decompressed + 1));
    expect(await codeOf(coded(more, 'gzip'))).toBe('BODY_TOO_LARGE');
  });

  it('that is a bomb is left as soon as it is too large', async () => {
    const bomb = gzipSync(Buffer.alloc(512 * 2 ** 20));
    expect(bomb.length).toBeLessThan(MOST_BYTES.sent);
    const before = process.memoryUsage();
    expect(await codeOf(coded(bomb, 'gzip'))).toBe('BODY_TOO_LARGE');
    const { arrayBuffers } = process.memoryUsage();
    expect(arrayBuffers - before.arrayBuffers).toBeLessThan(64 * 2 ** 20);
  });

  it.each([
    ['gzip that is cut off', coded(gzipSync(HELLO).subarray(0, -3), 'gzip')],
    ['gzip that is none', coded(HELLO, 'gzip')],
    ['gzip of nothing', coded(Buffer.alloc(0), 'gzip')],
    ['no base64', { ...coded(HELLO), body: 'R3L{8w5/' }],
  ])("can't be read: %s", async (_, body) => {
    expect(await codeOf(body)).toBe('BODY_UNREADABLE');
  });
  it('that was compressed JSON came as a broken text, which its sender is told', async () => {
    const reading = readBody(text(gzipSync('{"resourceSpans":[]}').toString(), 'gzip'));
    await expect(reading).rejects.toMatchObject({
      code: 'BODY_UNREADABLE',
      message: expect.stringContaining('Send JSON as it is; protobuf may come with gzip.'),
    });
  });
});
