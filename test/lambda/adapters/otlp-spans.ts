import type { Attributes } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import * as fc from 'fast-check';
import type { AttributeValue, Span } from '../../../lambda/domain/relay/intake/span.ts';

/** What an exporter is given, and what has to come of it. */
export interface Told {
  readonly given: ReadableSpan;
  readonly expected: Span;
  /** Attributes that aren't read: lists, and names that aren't wanted. */
  readonly scrubbed: number;
}

/** Names of attributes that are read. */
export const WANTED: ReadonlySet<string> = new Set([
  'metadata',
  'a',
  'llm.model_name',
  '__proto__',
]);

const hex = (digits: number) =>
  fc
    .uint8Array({ minLength: digits / 2, maxLength: digits / 2 })
    .filter((bytes) => bytes.some((byte) => byte > 0))
    .map((bytes) => Buffer.from(bytes).toString('hex'));
/** As UTF-8 has them: a half of a pair would be replaced on its way. */
const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((one) => one.isWellFormed());
const plain: fc.Arbitrary<AttributeValue> = fc.oneof(
  text,
  fc.boolean(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0)),
);
const attribute = fc.oneof(
  fc.record({ name: fc.constantFrom(...WANTED), value: plain }),
  fc.record({ name: fc.constantFrom(...WANTED), value: fc.array(text) }),
  fc.record({ name: text.filter((one) => one !== '' && !WANTED.has(one)), value: plain }),
);
const ms = fc.integer({ min: 1, max: 4_102_444_800_000 });
const STATUSES = ['unset', 'ok', 'error'] as const;

export const told: fc.Arbitrary<Told> = fc
  .record({
    traceId: hex(32),
    spanId: hex(16),
    parentSpanId: fc.option(hex(16), { nil: undefined }),
    name: text,
    startMs: ms,
    endMs: ms,
    status: fc.nat(2),
    attributes: fc.uniqueArray(attribute, { selector: ({ name }) => name, maxLength: 12 }),
  })
  .map(({ attributes, status, parentSpanId, ...rest }) => {
    const isRead = ({ name, value }: (typeof attributes)[number]) =>
      WANTED.has(name) && !Array.isArray(value);
    const read = attributes.filter(isRead);
    return {
      given: readable({ ...rest, parentSpanId, status }, attributes),
      expected: {
        ...rest,
        status: STATUSES[status] ?? 'unset',
        attributes: new Map(read.map(({ name, value }) => [name, value as AttributeValue])),
      },
      scrubbed: attributes.length - read.length,
    };
  });

type Base = Pick<Span, 'traceId' | 'spanId' | 'name' | 'startMs' | 'endMs'>;
type Named = readonly { readonly name: string; readonly value: AttributeValue | string[] }[];

function readable(
  span: Base & { readonly parentSpanId: string | undefined; readonly status: number },
  attributes: Named,
): ReadableSpan {
  const { traceId, spanId, parentSpanId, name, startMs, endMs, status } = span;
  const context = { traceId, spanId, traceFlags: 1 };
  return {
    name,
    kind: 0,
    spanContext: () => context,
    ...(parentSpanId ? { parentSpanContext: { ...context, spanId: parentSpanId } } : {}),
    startTime: hrTime(startMs),
    endTime: hrTime(endMs),
    status: { code: status, message: 'What went wrong' },
    attributes: Object.fromEntries(
      attributes.map(({ name, value }) => [name, value]),
    ) as Attributes,
    links: [{ context, attributes: { a: 'of a link' } }],
    events: [{ name: 'exception', time: hrTime(endMs), attributes: { a: 'of an event' } }],
    duration: [0, 0],
    ended: true,
    resource: resourceFromAttributes({ a: 'of the resource' }),
    instrumentationScope: { name: 'a scope', version: '1' },
    droppedAttributesCount: 3,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

const hrTime = (at: number): [number, number] => [Math.floor(at / 1_000), (at % 1_000) * 1_000_000];
