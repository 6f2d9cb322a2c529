import * as fc from 'fast-check';

type Edit = (bytes: Buffer) => Buffer;

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const some = fc.uint8Array({ minLength: 1, maxLength: 24 });
/** Tags, lengths and ends of varints that a reader of protobuf may trip over. */
const TELLING = [0x00, 0x01, 0x08, 0x0a, 0x0b, 0x0c, 0x12, 0x4a, 0x7a, 0x7f, 0x80, 0xfa, 0xff];
const byte = fc.oneof(fc.constantFrom(...TELLING), fc.nat(255));

/** Bytes cut off, changed, put in twice or in between, by one to three of these. */
export function wornBytes(whole: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    share.map((at) => (bytes: Buffer) => bytes.subarray(0, place(bytes, at))),
    fc.tuple(share, byte).map(
      ([at, byte]) =>
        (bytes: Buffer) =>
          changed(bytes, at, byte),
    ),
    fc.tuple(share, some).map(
      ([at, more]) =>
        (bytes: Buffer) =>
          spliced(bytes, at, more),
    ),
    fc.tuple(share, share).map(
      ([one, other]) =>
        (bytes: Buffer) =>
          twice(bytes, one, other),
    ),
  );
  return fc
    .tuple(whole, fc.array(edit, { minLength: 1, maxLength: 3 }))
    .map(([bytes, edits]) =>
      edits.reduce<Buffer>((one, change) => change(one), Buffer.from(bytes)),
    );
}

const place = ({ length }: Buffer, share: number) => Math.floor(share * length);

function changed(bytes: Buffer, at: number, byte: number): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[place(copy, at)] = byte;
  return copy;
}

const spliced = (bytes: Buffer, at: number, more: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, place(bytes, at)), more, bytes.subarray(place(bytes, at))]);

const twice = (bytes: Buffer, one: number, other: number) =>
  spliced(
    bytes,
    one,
    bytes.subarray(place(bytes, Math.min(one, other)), place(bytes, Math.max(one, other))),
  );
