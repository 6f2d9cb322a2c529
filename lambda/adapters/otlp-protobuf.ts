import { PbfReader } from 'pbf';
import { KeysError } from '../domain/errors.ts';
import { SPAN_ATTRIBUTES } from '../domain/relay/intake/scrub.ts';
import {
  type AttributeValue,
  MOST_SPANS,
  type Span,
  type SpanStatus,
  type Spans,
} from '../domain/relay/intake/span.ts';
import { otlpUnreadable, tooManySpans } from './otlp-unreadable.ts';

/** Wire types of protobuf; groups have been deprecated since before OTLP. */
const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

interface Reading {
  readonly reader: PbfReader;
  readonly wanted: ReadonlySet<string>;
  readonly spans: Span[];
  rejected: number;
  scrubbed: number;
}

/**
 * The spans of an ExportTraceServiceRequest. Attributes that aren't wanted are passed over, so that
 * what people wrote never becomes a text of ours.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 * @throws KeysError OTLP_UNREADABLE
 */
export function spansInProtobuf(body: Uint8Array, wanted = SPAN_ATTRIBUTES): Spans {
  const reader = new PbfReader(body);
  const into: Reading = { reader, wanted, spans: [], rejected: 0, scrubbed: 0 };
  try {
    eachField(reader, reader.length, (resourceSpans, type) => {
      if (resourceSpans !== 1) return;
      eachField(reader, endOf(reader, type), (scopeSpans, type) => {
        if (scopeSpans !== 2) return;
        eachField(reader, endOf(reader, type), (span, type) => {
          if (span === 2) readSpan(into, endOf(reader, type));
        });
      });
    });
  } catch (error) {
    // What pbf throws, and a DataView beyond its end
    throw error instanceof KeysError ? error : otlpUnreadable('it is no protobuf', error);
  }
  const { spans, rejected, scrubbed } = into;
  return { spans, rejected, scrubbed };
}

/**
 * pbf believes every length: a field may reach beyond its message or the body, a field number 0
 * ends a message early, and past the end it reads zeros. Each of these leaves it elsewhere than at
 * the message's end. Of a field that isn't read it passes over the value.
 */
function eachField(
  reader: PbfReader,
  end: number,
  read: (field: number, type: number) => void,
): void {
  for (let field = reader.nextField(end); field !== 0; field = reader.nextField(end)) {
    read(field, reader.type);
  }
  if (reader.pos !== end) throw otlpUnreadable('a field reaches beyond its message');
}

/** Where a message ends whose length comes next. The check of the message around it comes after its last field. */
function endOf(reader: PbfReader, type: number): number {
  expectType(type, BYTES);
  const end = reader.readVarint() + reader.pos;
  if (end > reader.length) throw otlpUnreadable('it is cut off');
  return end;
}

function expectType(type: number, expected: number): void {
  if (type !== expected) throw otlpUnreadable('a field has another wire type than its own');
}

function readSpan(into: Reading, end: number): void {
  const { reader, spans } = into;
  const attributes = new Map<string, AttributeValue>();
  const ids = { trace: '', span: '' };
  const times = { start: 0, end: 0 };
  let name = '';
  let status: SpanStatus = 'unset';
  eachField(reader, end, (field, type) => {
    if (field === 1) ids.trace = hexIn(reader, type);
    else if (field === 2) ids.span = hexIn(reader, type);
    else if (field === 5) name = textIn(reader, type);
    else if (field === 7) times.start = msIn(reader, type);
    else if (field === 8) times.end = msIn(reader, type);
    else if (field === 9) readAttribute(into, endOf(reader, type), attributes);
    else if (field === 15) status = statusIn(reader, endOf(reader, type));
  });
  if (spans.length + into.rejected >= MOST_SPANS) throw tooManySpans();
  if (!isId(ids.trace, 32) || !isId(ids.span, 16)) {
    into.rejected++;
    return;
  }
  spans.push({
    traceId: ids.trace,
    spanId: ids.span,
    name,
    startMs: times.start,
    endMs: times.end,
    status,
    attributes,
  });
}

/** An id of zeros is none, by OTLP. */
const isId = (hex: string, digits: number) => hex.length === digits && !/^0*$/.test(hex);

function hexIn(reader: PbfReader, type: number): string {
  const end = endOf(reader, type);
  const bytes = reader.buf.subarray(reader.pos, end);
  reader.pos = end;
  // No id is longer, and a name of megabytes isn't to be made one
  return bytes.length > 16 ? '' : Buffer.from(bytes).toString('hex');
}

function textIn(reader: PbfReader, type: number): string {
  expectType(type, BYTES);
  return reader.readString();
}

/** Rounded: as a double, nanoseconds since 1970 are some hundred off. */
function msIn(reader: PbfReader, type: number): number {
  expectType(type, FIXED64);
  return Math.round(reader.readFixed64() / 1e6);
}

function statusIn(reader: PbfReader, end: number): SpanStatus {
  let code = 0;
  eachField(reader, end, (field, type) => {
    if (field !== 3) return;
    expectType(type, VARINT);
    code = reader.readVarint();
  });
  return code === 1 ? 'ok' : code === 2 ? 'error' : 'unset';
}

function readAttribute(into: Reading, end: number, attributes: Map<string, AttributeValue>): void {
  const { reader, wanted } = into;
  let key = '';
  let value: { readonly from: number; readonly to: number } | undefined;
  eachField(reader, end, (field, type) => {
    if (field === 1) key = textIn(reader, type);
    if (field !== 2) return;
    const to = endOf(reader, type);
    value = { from: reader.pos, to };
    reader.pos = to;
  });
  const read = wanted.has(key) && value ? valueIn(reader, value.from, value.to) : undefined;
  reader.pos = end;
  if (read === undefined) into.scrubbed++;
  else attributes.set(key, read);
}

/** Undefined of a list, a map, bytes, and of a number that is none. */
function valueIn(reader: PbfReader, from: number, to: number): AttributeValue | undefined {
  let value: AttributeValue | undefined;
  reader.pos = from;
  eachField(reader, to, (field, type) => {
    if (field === 1) value = textIn(reader, type);
    else if (field === 2 || field === 3) {
      expectType(type, VARINT);
      value = field === 2 ? reader.readBoolean() : reader.readVarint(true);
    } else if (field === 4) {
      expectType(type, FIXED64);
      value = reader.readDouble();
    } else value = undefined;
  });
  return typeof value === 'number' && !Number.isFinite(value) ? undefined : value;
}
