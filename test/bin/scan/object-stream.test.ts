import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GitObject, ObjectStream } from '../../../bin/scan/object-stream.ts';

function read(written: Buffer, sizes: readonly number[]) {
  const told: string[] = [];
  let content = '';
  const stream = new ObjectStream({
    begin({ type }: GitObject) {
      content = '';
      return type !== 'tree';
    },
    push: (chunk) => {
      content += chunk.toString('latin1');
    },
    end: ({ id, type }) => told.push(`${id} ${type} ${JSON.stringify(content)}`),
    lack: (id) => told.push(`${id} is missing`),
  });
  for (let at = 0, i = 0; at < written.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    stream.push(written.subarray(at, at + size));
    at += size;
  }
  return told;
}

describe('the stream of cat-file', () => {
  it('is read the same wherever the chunks are cut', () => {
    const written = Buffer.from(
      'a1 blob 6\nb \n2 3\na2 tree 4\n\n\n\n\n\na3 missing\na4 commit 0\n\na5 tag 1\n\n\n',
    );
    const expected = ['a1 blob "b \\n2 3"', 'a3 is missing', 'a4 commit ""', 'a5 tag "\\n"'];
    const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sizes, (some) => {
        expect(read(written, some)).toEqual(expected);
      }),
      { seed: 90, numRuns: 200 },
    );
  });
});
