import { PbfWriter } from 'pbf';
import { describe, expect, it } from 'vitest';
import { spansInProtobuf } from '../../../lambda/adapters/otlp-protobuf.ts';
import { KeysError } from '../../../lambda/domain/errors.ts';
import { MOST_SPANS } from '../../../lambda/domain/relay/intake/span.ts';

type Write = (writer: PbfWriter) => void;

const written = (write: Write) => {
  const writer = new PbfWriter();
  write(writer);
  return writer.finish();
};
const message =
  (field: number, write: Write): Write =>
  (writer) =>
    writer.writeMessage(field, (_: unknown, inner: PbfWriter) => write(inner), {});
const all =
  (...parts: Write[]): Write =>
  (writer) => {
    for (const part of parts) part(writer);
  };
const request = (...spans: Write[]) => written(message(1, message(2, all(...spans))));

const TRACE = Buffer.alloc(16, 0xab);
const SPAN = Buffer.alloc(8, 0xcd);
const ids: Write = (writer) => {
  writer.writeBytesField(1, TRACE);
  writer.writeBytesField(2, SPAN);
};
const span = (...parts: Write[]) => message(2, all(ids, ...parts));
const attribute = (key: string, value: Write) =>
  message(
    9,
    all((writer) => writer.writeStringField(1, key), message(2, value)),
  );
const string =
  (text: string): Write =>
  (writer) =>
    writer.writeStringField(1, text);

const WANTED = new Set(['a', 'b']);
const read = (body: Uint8Array) => spansInProtobuf(body, WANTED);

function fault(body: Uint8Array): string {
  try {
    read(body);
  } catch (error) {
    if (error instanceof KeysError && error.code === 'OTLP_UNREADABLE') return error.message;
  }
  throw new Error('it was read');
}

/** Bytes of a field's tag. */
const tag = (field: number, type: number) => Uint8Array.of((field << 3) | type);
const bytes = (...parts: Uint8Array[]) => Buffer.concat(parts);

describe('OTLP in protobuf', () => {
  it('may have fields in any order, unknown ones, and a value before its name', () => {
    const backwards = message(
      9,
      all(message(2, string('x')), (writer) => writer.writeStringField(1, 'a')),
    );
    const unknown: Write = (writer) => {
      writer.writeVarintField(99, 7);
      writer.writeFixed64Field(98, 7);
      writer.writeFixed32Field(97, 7);
      writer.writeStringField(96, 'x');
    };
    const { spans } = read(request(message(2, all(unknown, ids, backwards, unknown))));
    expect(spans).toMatchObject([{ traceId: TRACE.toString('hex'), status: 'unset', startMs: 0 }]);
    expect(spans[0]?.attributes).toEqual(new Map([['a', 'x']]));
  });

  it('reads texts and numbers, and no list, map, bytes, or number that is none', () => {
    const attributes = [
      attribute('a', (writer) => writer.writeDoubleField(4, Number.NaN)),
      attribute('a', (writer) => writer.writeDoubleField(4, Number.POSITIVE_INFINITY)),
      attribute('a', message(5, all())),
      attribute('a', message(6, all())),
      attribute('a', (writer) => writer.writeBytesField(7, SPAN)),
      attribute('a', all()),
      attribute('a', all(string('x'), message(5, all()))),
      attribute('c', string('not wanted')),
    ];
    expect(read(request(span(...attributes)))).toMatchObject({ scrubbed: 8 });
    const negative = attribute('a', (writer) => writer.writeVarintField(3, -7));
    expect(read(request(span(negative))).spans[0]?.attributes.get('a')).toBe(-7);
  });

  it('rejects spans without ids of their own, and reads the others', () => {
    const idless = [
      message(2, all()),
      message(2, (writer) => writer.writeBytesField(1, TRACE)),
      message(2, (writer) => {
        writer.writeBytesField(1, Buffer.alloc(16));
        writer.writeBytesField(2, SPAN);
      }),
      message(2, (writer) => {
        writer.writeBytesField(1, TRACE);
        writer.writeBytesField(2, Buffer.alloc(1_000, 1));
      }),
    ];
    const { spans, rejected } = read(request(...idless, span()));
    expect(spans).toHaveLength(1);
    expect(rejected).toBe(4);
  });

  it('reads as many spans as the limit, and no more', () => {
    const many = (count: number) => request(...Array.from({ length: count }, () => span()));
    expect(read(many(MOST_SPANS)).spans).toHaveLength(MOST_SPANS);
    expect(fault(many(MOST_SPANS + 1))).toContain(`more than ${MOST_SPANS} spans`);
  });

  it.each([
    ['a length beyond the body', bytes(tag(1, 2), Uint8Array.of(100, 1)), 'cut off'],
    ['a length of 2^63', bytes(tag(1, 2), Buffer.alloc(9, 0xff), Uint8Array.of(1)), 'cut off'],
    ['a varint without an end', bytes(tag(1, 2), Buffer.alloc(30, 0xff)), 'no protobuf'],
    ['a tag that is cut off', Uint8Array.of(0x8a), 'no protobuf'],
    ['a field number 0', bytes(tag(0, 2), Uint8Array.of(1, 1)), 'beyond its message'],
    ['a group', bytes(tag(1, 3), tag(1, 4)), 'another wire type'],
    ['an unknown group', bytes(tag(9, 3), tag(9, 4)), 'no protobuf'],
    ['another wire type', bytes(tag(1, 0), Uint8Array.of(1)), 'another wire type'],
    [
      'a number where the name belongs',
      request(message(2, (w) => w.writeVarintField(5, 1))),
      'another wire type',
    ],
    [
      'a time that is a varint',
      request(message(2, (w) => w.writeVarintField(7, 1))),
      'another wire type',
    ],
    [
      'a status that is a text',
      request(
        message(
          2,
          message(15, (w) => w.writeStringField(3, 'x')),
        ),
      ),
      'another wire type',
    ],
    [
      'a message that reaches beyond the one around it',
      bytes(tag(1, 2), Uint8Array.of(2), tag(2, 2), Uint8Array.of(4, 1, 1, 1, 1)),
      'beyond its message',
    ],
    [
      'a time that is cut off',
      bytes(
        tag(1, 2),
        Uint8Array.of(6),
        tag(2, 2),
        Uint8Array.of(4),
        tag(2, 2),
        Uint8Array.of(2),
        tag(7, 1),
        Uint8Array.of(1),
      ),
      'no protobuf',
    ],
    ['a text', Buffer.from('{"resourceSpans":[]}'), ''],
  ])('is refused with %s', (_, body, reason) => {
    expect(fault(body)).toContain(reason);
    expect(fault(body)).toContain('Content-Type');
  });
});
