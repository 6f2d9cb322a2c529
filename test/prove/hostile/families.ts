import * as fc from 'fast-check';
import { placesOf, replacedAt } from './json-edits.ts';
import type { Family } from './parser.ts';

const SUFFIXES = ['', '!', '\n', '\0', 'x', '-', ' ', '"', '/'];
const UNITS = ['a', '0', ' ', '\n', '\r', '"', '\\', '/', ':', '.', '-', '=', 'f', 'é', '\ud800'];

/** A part of a valid text repeated: what makes a regular expression go back again and again. */
export function textFamilies(valid: readonly string[]): fc.Arbitrary<Family<string>> {
  const part = fc
    .tuple(fc.constantFrom(...valid, 'x'), fc.nat(200), fc.nat(24))
    .map(([text, from, length]) => text.slice(from % (text.length || 1)).slice(0, length));
  const words = valid.flatMap((text) => text.match(/[^\w]*\w+/g) ?? []);
  const some = fc
    .tuple(fc.nat(words.length), fc.integer({ min: 1, max: 4 }))
    .map(([from, count]) => words.slice(from, from + count).join(''));
  return fc
    .record({
      prefix: fc.oneof(fc.constant(''), part, fc.constantFrom(...valid, '')),
      unit: fc.oneof(fc.constantFrom(...UNITS), part, some),
      suffix: fc.constantFrom(...SUFFIXES),
    })
    .map(({ prefix, unit, suffix }) => ({
      name: `${JSON.stringify(prefix)} and again and again ${JSON.stringify(unit)} and ${JSON.stringify(suffix)}`,
      of: (size) => prefix + (unit || 'x').repeat(timesIn(size, unit || 'x')) + suffix,
    }));
}

const timesIn = (size: number, unit: string) => Math.max(1, Math.floor(size / unit.length));

/** A valid document in which one place grows: as a text, a list, an object or in depth. */
export function jsonFamilies(valid: readonly unknown[]): fc.Arbitrary<Family<string>> {
  const at = fc
    .constantFrom(...valid)
    .chain((document) => fc.tuple(fc.constant(document), fc.constantFrom(...placesOf(document))));
  const texts = valid.flatMap((document) => textsIn(document));
  const grown = fc.oneof(
    textFamilies(texts).map(({ name, of }) => ({
      name: `the text ${name}`,
      of: (size: number) => JSON.stringify(of(size)),
    })),
    fc.constantFrom(...SHAPES),
  );
  return fc.tuple(at, grown).map(([[document, place], { name, of }]) => ({
    name: `at ${place || 'the top'} ${name}`,
    of: (size) => replacedAt(document, place, of(size)),
  }));
}

const SHAPES: readonly Family<string>[] = [
  { name: 'a long list of texts', of: (size) => `[${list(size, '"ab"')}]` },
  { name: 'a long list of lists', of: (size) => `[${list(size, '[]')}]` },
  { name: 'a long list of nothing', of: (size) => `[${list(size, 'null')}]` },
  { name: 'many fields', of: (size) => `{${manyFields(size)}}` },
  { name: 'lists in lists', of: (size) => '['.repeat(size / 2) + ']'.repeat(size / 2) },
  { name: 'a long number', of: (size) => '1'.repeat(Math.max(1, size)) },
];

const list = (size: number, item: string) =>
  Array.from({ length: timesIn(size, `${item},`) }, () => item).join(',');

const manyFields = (size: number) =>
  Array.from({ length: timesIn(size, '"f00000":1,') }, (_, at) => `"f${at}":1`).join(',');

function textsIn(node: unknown): string[] {
  if (typeof node === 'string') return [node];
  return typeof node === 'object' && node !== null ? Object.values(node).flatMap(textsIn) : [];
}
