import * as fc from 'fast-check';
import { RAW } from './words.ts';

/** What is done to one place of a document, before it is written as text. */
type Edit =
  | { readonly do: 'replace'; readonly raw: string }
  | { readonly do: 'drop' }
  /** Beside what is there; a name that is there already is written twice. */
  | { readonly do: 'add'; readonly name: string; readonly raw: string };

const NAMES = ['__proto__', 'constructor', 'prototype', 'toString', '', 'extra', '\ud800'];

const raw = fc.constantFrom(...RAW);

/** Every place of a document: `/keys/0/name`, and `` for all of it. */
export function placesOf(node: unknown, at = ''): string[] {
  if (typeof node !== 'object' || node === null) return [at];
  const inside = Object.entries(node).flatMap(([name, inner]) => placesOf(inner, `${at}/${name}`));
  return [at, ...inside];
}

/** Names of a document, so that one of them may come twice. */
const namesOf = (node: unknown) => [
  ...new Set(placesOf(node).map((place) => place.slice(place.lastIndexOf('/') + 1))),
];

/** A document of which one to three places are not as they should be. */
export function edited(document: unknown): fc.Arbitrary<string> {
  const edit: fc.Arbitrary<Edit> = fc.oneof(
    { weight: 4, arbitrary: raw.map((raw) => ({ do: 'replace' as const, raw })) },
    { weight: 1, arbitrary: fc.constant({ do: 'drop' as const }) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom(...NAMES, ...namesOf(document)), raw)
        .map(([name, raw]) => ({ do: 'add' as const, name, raw })),
    },
  );
  const place = fc.constantFrom(...placesOf(document));
  return fc
    .array(fc.tuple(place, edit), { minLength: 1, maxLength: 3 })
    .map((edits) => written(document, new Map(edits)));
}

/** The document with another text, of JSON or not, at one place. */
export const replacedAt = (document: unknown, place: string, raw: string) =>
  written(document, new Map([[place, { do: 'replace', raw }]]));

function written(node: unknown, edits: ReadonlyMap<string, Edit>, at = ''): string {
  const edit = edits.get(at);
  if (edit?.do === 'replace') return edit.raw;
  if (typeof node !== 'object' || node === null) return JSON.stringify(node) ?? 'null';
  const kept = Object.entries(node).filter(([name]) => edits.get(`${at}/${name}`)?.do !== 'drop');
  const values = kept.map(([name, inner]) => [name, written(inner, edits, `${at}/${name}`)]);
  const fields = edit?.do === 'add' ? [...values, [edit.name, edit.raw]] : values;
  if (Array.isArray(node)) return `[${fields.map(([, value]) => value).join(',')}]`;
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`;
}
