import * as fc from 'fast-check';
import { GeoDatabase } from '../../../../lambda/adapters/geo-database.ts';
import type { Countries } from '../../../../lambda/domain/access-guard/risk/ports.ts';
import { type GeoRecord, geoDatabase, inCountry } from '../../../geo-database.ts';
import type { Family, Parser } from '../parser.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
/** Where whoever makes a database may write one. */
const KEY = '1f0e9d8c'.repeat(4);
const ADDRESSES = [
  '1.0.0.1',
  '198.51.100.7',
  '203.0.113.7',
  '255.255.255.255',
  '2001:db8::1',
  '::1',
];

interface File {
  /** What was done to it. */
  readonly how: string;
  readonly bytes: Buffer;
}

const CITY = {
  city: { geoname_id: 2_820_256, names: { en: 'Ulm', ja: 'ウルム' } },
  location: { accuracy_radius: 20, latitude: 48.39, longitude: -9.99 },
  subdivisions: [{ iso_code: 'BW' }],
  traits: { is_anycast: true },
  ...inCountry('DE'),
};
const networks = (one: GeoRecord, other: GeoRecord) => ({
  '1.0.0.0/24': inCountry('AU'),
  '198.51.100.0/24': one,
  '203.0.113.0/25': other,
  '2001:db8::/32': other,
});
const VALID: Readonly<Record<string, Buffer>> = {
  countries: geoDatabase(networks(inCountry('DE'), inCountry('FR'))),
  cities: geoDatabase(networks(CITY, { ...CITY, ...inCountry('FR') })),
  flat: geoDatabase(networks({ country: 'DE' }, { country: 'France', country_code: 'FR' })),
  other: geoDatabase({ '1.0.0.0/24': { asn: 1 } }, { type: `${KEY} by ${KEY}` }),
};

/** Some bytes become others, and the end or the beginning may be lost. */
const damaged: fc.Arbitrary<File> = fc
  .constantFrom(...Object.entries(VALID))
  .chain(([name, { length }]) =>
    fc.record({
      name: fc.constant(name),
      edits: fc.array(fc.tuple(fc.nat(length - 1), fc.nat(255)), { maxLength: 12 }),
      from: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat(length)),
      to: fc.oneof({ weight: 9, arbitrary: fc.constant(length) }, fc.nat(length)),
    }),
  )
  .map(({ name, edits, from, to }) => {
    const bytes = Buffer.from(VALID[name] ?? '');
    for (const [at, byte] of edits) bytes[at] = byte;
    const how = `${name}, ${from} to ${to}, ${JSON.stringify(edits)}${name === 'other' ? KEY : ''}`;
    return { how, bytes: bytes.subarray(from, to) };
  });

const saying = (told: unknown) => geoDatabase(networks({ ...inCountry('DE'), told }, CITY));
const list = <Item>(size: number, item: (at: number) => Item): Item[] =>
  Array.from({ length: Math.ceil(size) }, (_, at) => item(at));
/** A list of one list of one list, in place of a text. */
function listsInLists(size: number): Buffer {
  const bytes = saying('x'.repeat(size));
  return bytes.fill(Buffer.from([1, 4]), bytes.indexOf('xxxx') - 4, bytes.lastIndexOf('xxxx') + 4);
}
const SHAPES: readonly Family<Buffer>[] = [
  { name: 'a long text', of: (size) => saying('x'.repeat(size)) },
  { name: 'a long list', of: (size) => saying(list(size / 10, (at) => at)) },
  {
    name: 'many fields',
    of: (size) => saying(Object.fromEntries(list(size / 16, (at) => [`f${at}`, at]))),
  },
  { name: 'lists in lists', of: listsInLists },
  {
    name: 'lists of the same list twice',
    of: (size) =>
      saying(list(Math.min(size / 12, 500), String).reduce<unknown>((one) => [one, one], 'x')),
  },
  {
    name: 'many networks',
    of: (size) =>
      geoDatabase(
        Object.fromEntries(list(size / 60, (at) => [`10.${at >> 8}.${at & 255}.0/24`, CITY])),
      ),
  },
];
const grown = fc.constantFrom(...SHAPES).map(({ name, of }) => ({
  name,
  of: (size: number) => ({ how: name, bytes: of(size) }),
}));

interface Told {
  readonly countries: Countries;
  readonly codes: readonly (string | undefined)[];
}

/** The database of countries, as the operator's file and the way to the function left it. */
export const countryDatabases: Parser<File> = {
  name: 'databases of countries',
  limit: 262_144,
  inputs: damaged,
  families: grown,
  climbs: { short: SHAPES.length, long: 30 },
  parse({ bytes }): Told {
    const countries = new GeoDatabase('/opt/countries.mmdb', () => bytes, { now: () => NOW });
    return { countries, codes: ADDRESSES.map((address) => countries.countryOf(address)) };
  },
  fault(result) {
    const { countries, codes } = result as Told;
    const { builtAt, missing = "can't be read (x): supply" } = countries;
    if (codes.some((code) => code !== undefined && !/^[A-Z]{2}$/.test(code)))
      return 'a country is none';
    if (builtAt && Number.isNaN(builtAt.getTime())) return 'the time it was made is none';
    return /can't be read \(.{1,160}\): supply/.test(missing) ? undefined : 'it says not why';
  },
  told: (result) => {
    const { missing, note } = (result as Told).countries;
    return `${missing} ${note}`;
  },
};
