import { relayPath } from '../contract.ts';
import { boundedJson } from '../domain/bounded-json.ts';
import { SPAN_ATTRIBUTES } from '../domain/relay/intake/scrub.ts';
import {
  type AttributeValue,
  MOST_SPANS,
  type Span,
  type SpanStatus,
  type Spans,
} from '../domain/relay/intake/span.ts';
import { otlpUnreadable, tooManySpans } from './otlp-unreadable.ts';

/** Dify's spans have some 50 each. */
const MOST_COMMAS = 75 * MOST_SPANS;

interface Reading {
  readonly wanted: ReadonlySet<string>;
  readonly spans: Span[];
  rejected: number;
  scrubbed: number;
}

/**
 * The spans of an ExportTraceServiceRequest in OTLP/JSON: ids in hex, 64-bit integers as texts.
 * https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 * @throws KeysError OTLP_UNREADABLE
 */
export function spansInJson(body: Uint8Array, wanted = SPAN_ATTRIBUTES): Spans {
  if (body.length === 0) return { spans: [], rejected: 0, scrubbed: 0 };
  const said = boundedJson(body, MOST_COMMAS);
  if (said === undefined)
    throw otlpUnreadable(
      'it is no JSON, or has too many values, or too many or too deep lists and objects',
    );
  const into: Reading = { wanted, spans: [], rejected: 0, scrubbed: 0 };
  for (const resource of listOf(requestOf(said).resourceSpans)) {
    for (const scope of listOf(objectOf(resource).scopeSpans)) {
      for (const span of listOf(objectOf(scope).spans)) readSpan(into, objectOf(span));
    }
  }
  const { spans, rejected, scrubbed } = into;
  return { spans, rejected, scrubbed };
}

type Fields = Readonly<Record<string, unknown>>;

/** Something else that is sent here by mistake must not be lost as if it were an empty request. */
function requestOf(said: unknown): Fields {
  const request = objectOf(said);
  if (Object.hasOwn(request, 'resourceSpans') || Object.keys(request).length === 0) return request;
  throw otlpUnreadable(
    `it has no resourceSpans. If it holds events, send it to ${relayPath.events}`,
  );
}

function objectOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw otlpUnreadable('it has something else where an object belongs');
}

/** Absent is empty, as everywhere in protobuf's JSON. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw otlpUnreadable('it has something else where a list belongs');
}

function readSpan(into: Reading, span: Fields): void {
  if (into.spans.length + into.rejected >= MOST_SPANS) throw tooManySpans();
  const traceId = idIn(span.traceId, 32);
  const spanId = idIn(span.spanId, 16);
  if (traceId === undefined || spanId === undefined) {
    into.rejected++;
    return;
  }
  into.spans.push({
    traceId,
    spanId,
    name: typeof span.name === 'string' ? span.name : '',
    startMs: msIn(span.startTimeUnixNano),
    endMs: msIn(span.endTimeUnixNano),
    status: statusIn(span.status),
    attributes: attributesIn(into, listOf(span.attributes)),
  });
}

function idIn(value: unknown, digits: number): string | undefined {
  if (typeof value !== 'string' || value.length !== digits) return undefined;
  return /^[0-9a-f]+$/i.test(value) && !/^0*$/.test(value) ? value.toLowerCase() : undefined;
}

/** Nanoseconds, by most senders as a text; 0 of what is none. */
function msIn(value: unknown): number {
  const isNumber =
    typeof value === 'number' || (typeof value === 'string' && /^\d{1,20}$/.test(value));
  const ms = isNumber ? Math.round(Number(value) / 1e6) : 0;
  return Number.isSafeInteger(ms) && ms > 0 ? ms : 0;
}

function statusIn(value: unknown): SpanStatus {
  const code = value === undefined || value === null ? undefined : objectOf(value).code;
  if (code === 1 || code === 'STATUS_CODE_OK') return 'ok';
  return code === 2 || code === 'STATUS_CODE_ERROR' ? 'error' : 'unset';
}

function attributesIn(into: Reading, said: readonly unknown[]): Span['attributes'] {
  const attributes = new Map<string, AttributeValue>();
  for (const one of said) {
    const { key, value } = objectOf(one);
    const isWanted = typeof key === 'string' && into.wanted.has(key);
    const read = isWanted ? valueIn(value) : undefined;
    if (read === undefined) into.scrubbed++;
    else attributes.set(key as string, read);
  }
  return attributes;
}

/** Undefined of a list, a map, bytes, and of a number that is none. */
function valueIn(value: unknown): AttributeValue | undefined {
  if (value === undefined || value === null) return undefined;
  const { stringValue, boolValue, intValue, doubleValue } = objectOf(value);
  if (typeof stringValue === 'string') return stringValue;
  if (typeof boolValue === 'boolean') return boolValue;
  const said = intValue ?? doubleValue;
  const isNumber =
    typeof said === 'number' || (typeof said === 'string' && /^-?\d{1,20}$/.test(said));
  const number = isNumber ? Number(said) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
