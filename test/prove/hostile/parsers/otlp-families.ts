import * as fc from 'fast-check';
import { PbfWriter } from 'pbf';
import type { Family } from '../parser.ts';

/** A field of a message: its number, and the bytes in it. */
const field = (number: number, ...parts: readonly Uint8Array[]): Buffer => {
  const length = new PbfWriter();
  length.writeTag(number, 2);
  length.writeVarint(parts.reduce((sum, part) => sum + part.length, 0));
  return Buffer.concat([length.finish(), ...parts]);
};
const text = (number: number, value: string) => field(number, Buffer.from(value));
const request = (...spans: readonly Uint8Array[]) => field(1, field(2, ...spans));
const IDS = Buffer.concat([field(1, Buffer.alloc(16, 1)), field(2, Buffer.alloc(8, 1))]);
const run = (...parts: readonly Uint8Array[]) =>
  request(field(2, IDS, text(5, 'workflow'), ...parts));
const attribute = (name: string, ...value: readonly Uint8Array[]) =>
  field(9, text(1, name), field(2, ...value));

/** As often as it fits. */
const again = (unit: Uint8Array, size: number) =>
  Buffer.alloc(Math.max(unit.length, size - (size % unit.length)), unit);

const EMPTY = { resource: field(1), scope: field(2), span: field(2), attribute: field(9) };

/** Requests of OTLP in protobuf of which one part grows. */
export const OTLP_FAMILIES: readonly Family<Uint8Array>[] = [
  { name: 'empty resources', of: (size) => again(EMPTY.resource, size) },
  { name: 'empty scopes', of: (size) => field(1, again(EMPTY.scope, size)) },
  { name: 'empty spans', of: (size) => request(again(EMPTY.span, size)) },
  { name: 'empty attributes', of: (size) => run(again(EMPTY.attribute, size)) },
  { name: 'one attribute', of: (size) => run(again(attribute('metadata', text(1, '{}')), size)) },
  {
    name: 'values of an attribute',
    of: (size) => run(attribute('metadata', again(text(1, 'ab'), size))),
  },
  { name: 'names of a span', of: (size) => run(again(text(5, 'workflow_0123456789'), size)) },
  { name: 'a long name', of: (size) => run(text(5, `workflow_${'é'.repeat(size / 2)}`)) },
  { name: 'a long id', of: (size) => request(field(2, field(1, again(Uint8Array.of(1), size)))) },
  { name: 'a number without an end', of: (size) => again(Uint8Array.of(0xff), size) },
  { name: 'unknown numbers', of: (size) => again(Uint8Array.of(0x78, 1), size) },
  { name: 'maps in maps', of: (size) => run(attribute('metadata', nested(size))) },
  {
    name: 'metadata of brackets',
    of: (size) => run(attribute('metadata', text(1, '['.repeat(size)))),
  },
  {
    name: 'metadata of many fields',
    of: (size) => run(attribute('metadata', text(1, fields(size)))),
  },
  {
    name: 'a long user id',
    of: (size) => run(attribute('user.id', text(1, '@%40'.repeat(size / 4)))),
  },
  {
    name: 'a long model',
    of: (size) => run(attribute('llm.model_name', text(1, 'a@'.repeat(size / 2)))),
  },
];

/** A map in a map in a map …: each is written into the next, so only so many. */
function nested(size: number): Buffer {
  let value = text(1, 'x');
  for (let depth = 0; depth < Math.min(size / 8, 2_000); depth++) {
    value = field(6, field(1, text(1, 'a'), field(2, value)));
  }
  return Buffer.concat([value, Buffer.alloc(0)]);
}

const fields = (size: number) =>
  `{${Array.from({ length: Math.max(1, Math.floor(size / 14)) }, (_, at) => `"field-${at}":1`).join(',')}}`;

export const otlpFamilies = fc.constantFrom(...OTLP_FAMILIES);
