import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GeoDatabase, geoDatabase } from '../../../lambda/adapters/geo-database.ts';
import {
  geoDatabase as bytesOf,
  type GeoDatabaseOptions,
  type GeoRecord,
  inCountry,
} from '../../geo-database.ts';

const NOW = new Date('2026-11-24T00:00:00Z');
const DAY = 86_400_000;
const clock = { now: () => NOW };
const PATH = '/opt/countries.mmdb';
const NETWORKS = {
  '198.51.100.0/24': inCountry('DE'),
  '203.0.113.0/24': inCountry('FR'),
  '2001:db8::/32': inCountry('JP'),
};

const reading = (bytes: Buffer) => new GeoDatabase(PATH, () => bytes, clock);
const written = (networks: Readonly<Record<string, GeoRecord>>, options?: GeoDatabaseOptions) =>
  reading(bytesOf(networks, options));

/** The same bytes with others in place of a word, which has to be there. */
function edited(bytes: Buffer, word: string, by: string): Buffer {
  const at = bytes.indexOf(word, 0, 'latin1');
  expect(at).toBeGreaterThan(-1);
  const copy = Buffer.from(bytes);
  copy.write(by, at, 'latin1');
  return copy;
}

describe('a database of countries', () => {
  it.each([
    ['198.51.100.7', 'DE'],
    ['203.0.113.255', 'FR'],
    ['2001:db8::7', 'JP'],
    // An address of IPv4 as IPv6 writes it
    ['::ffff:198.51.100.7', 'DE'],
    ['::ffff:c633:6407', 'DE'],
  ])('knows the country of %s', (address, code) => {
    expect(written(NETWORKS).countryOf(address)).toBe(code);
  });

  it.each([
    ['of a network that it has not', '192.0.2.1'],
    ['of a private network', '10.0.0.1'],
    ['of a private network of IPv6', 'fd00::1'],
    ['of the machine itself', '::1'],
    ["that is a service's name", 'secretsmanager.amazonaws.com'],
    ["that is AWS's own", 'AWS Internal'],
    ['of too many parts', '198.51.100.7.1'],
    ['of nothing', ''],
  ])('tells nothing of an address %s, and goes on', (_, address) => {
    const countries = written(NETWORKS);
    expect(countries.countryOf(address)).toBeUndefined();
    expect(countries.missing).toBeUndefined();
    expect(countries.countryOf('198.51.100.7')).toBe('DE');
  });

  it('of IPv4 alone takes no address of IPv6 for one of IPv4', () => {
    const countries = written({ '32.0.0.0/3': inCountry('DE') }, { ipVersion: 4 });
    expect(countries.countryOf('33.1.2.3')).toBe('DE');
    expect(countries.countryOf('2001:db8::7')).toBeUndefined();
    expect(countries.countryOf('::ffff:33.1.2.3')).toBe('DE');
  });

  it.each([
    ['GeoIP2 City', { city: { names: { en: 'Ulm' } }, ...inCountry('DE') }, 'DE'],
    ['DB-IP', { continent: { code: 'EU' }, country: { iso_code: 'DE' } }, 'DE'],
    ['IPinfo with a code', { country: 'DE', country_name: 'Germany' }, 'DE'],
    ['IPinfo Lite', { asn: 'AS1', country: 'Germany', country_code: 'DE' }, 'DE'],
    ['a network of many countries', { registered_country: { iso_code: 'AU' } }, 'AU'],
    ['a network of nowhere', { country: { iso_code: 'ZZ' } }, undefined],
    ['a name alone', { country: 'Germany' }, undefined],
    ['a number', { country: 49, country_code: true }, undefined],
    ['a list', { country: ['DE'] }, undefined],
    ['fields that JavaScript knows', { country: { toString: 'DE', valueOf: 'DE' } }, undefined],
    ['nothing', {}, undefined],
  ])('in the form of %s', (_, record, code) => {
    const countries = written({ '1.0.0.0/24': inCountry('AU'), '198.51.100.0/24': record });
    expect(countries.countryOf('198.51.100.7')).toBe(code);
    expect(countries.missing).toBeUndefined();
  });

  it('knows when it was made', () => {
    const builtAt = new Date('2026-11-03T12:00:00Z');
    expect(written(NETWORKS, { builtAt })).toMatchObject({ builtAt, missing: undefined });
  });
});

describe('an old database of countries', () => {
  it('is used, and says since when it is old', () => {
    const countries = written(NETWORKS, { builtAt: new Date('2026-09-24T00:00:00Z') });
    expect(countries.countryOf('198.51.100.7')).toBe('DE');
    expect(countries.missing).toBeUndefined();
    expect(countries.note).toBe(
      'the database /opt/countries.mmdb is of 2026-09-24, more than 60 days old: supply a newer one and deploy',
    );
  });

  it('grows old while it is used', () => {
    const builtAt = new Date('2026-11-20T00:00:00Z');
    let now = NOW;
    const countries = new GeoDatabase(PATH, () => bytesOf(NETWORKS, { builtAt }), {
      now: () => now,
    });
    now = new Date(builtAt.getTime() + 60 * DAY);
    expect(countries.note).toBeUndefined();
    now = new Date(now.getTime() + 1);
    expect(countries.note).toContain('more than 60 days old');
  });

  it('may not say how old it is', () => {
    const countries = reading(edited(bytesOf(NETWORKS), 'build_epoch', 'build_epics'));
    expect(countries.countryOf('198.51.100.7')).toBe('DE');
    expect(countries.builtAt).toBeUndefined();
    expect(countries.note).toBe(
      "the database /opt/countries.mmdb doesn't say when it was made: supply a newer one and deploy",
    );
  });
});

describe("a database of countries that can't be read", () => {
  const whole = bytesOf(NETWORKS);
  const NOT_WHOLE = 'no metadata: it is cut off, still packed or of another format';
  const MISPLACED = 'its parts are not where they should be: it is damaged';

  it.each([
    ['empty', Buffer.alloc(0), NOT_WHOLE],
    ['cut off', whole.subarray(0, whole.length / 2), NOT_WHOLE],
    ['still packed', gzipSync(whole), NOT_WHOLE],
    ['a table of text', Buffer.from('network,country\n198.51.100.0/24,DE\n'), NOT_WHOLE],
    ['cut off within its metadata', whole.subarray(0, -100), 'it is damaged'],
    ['without its beginning', whole.subarray(60), MISPLACED],
    ['of fewer nodes than it has', bytesOf(NETWORKS, { nodeCount: 20 }), MISPLACED],
    ['of more nodes than it has', bytesOf(NETWORKS, { nodeCount: 2_000 }), MISPLACED],
    ['of no nodes', bytesOf(NETWORKS, { nodeCount: 0 }), MISPLACED],
    ['of a later format', bytesOf(NETWORKS, { format: 3 }), 'not of version 2 of the format'],
    [
      'one of networks',
      bytesOf({ '1.0.0.0/24': { autonomous_system_number: 13_335 } }, { type: 'GeoLite2-ASN' }),
      'it tells no countries: GeoLite2-ASN',
    ],
    [
      'one of another kind with a long and strange name',
      bytesOf({ '1.0.0.0/24': { is_tor: true } }, { type: `\u001b[2J${'x'.repeat(500)}` }),
      `it tells no countries: ?[2J${'x'.repeat(60)}…`,
    ],
    [
      'of nothing',
      bytesOf({ '2001:db8::/32': inCountry('JP') }),
      'it tells no countries: GeoLite2-Country',
    ],
  ])('since it is %s', (_, bytes, wrong) => {
    const countries = reading(bytes);
    expect(countries.missing).toBe(
      `the database /opt/countries.mmdb can't be read (${wrong}): supply another and deploy`,
    );
    expect(countries.countryOf('198.51.100.7')).toBeUndefined();
    expect(countries).toMatchObject({ builtAt: undefined, note: undefined });
  });

  it('in one place is believed in no other', () => {
    // The text of one code becomes what the format doesn't have
    const countries = reading(edited(whole, 'BFR', '\0\0R'));
    expect(countries.countryOf('198.51.100.7')).toBe('DE');
    expect(countries.missing).toBeUndefined();
    expect(countries.countryOf('203.0.113.7')).toBeUndefined();
    expect(countries.missing).toBe(
      "the database /opt/countries.mmdb can't be read (it is damaged): supply another and deploy",
    );
    expect(countries.countryOf('198.51.100.7')).toBeUndefined();
    expect(countries.missing).toContain('(it is damaged)');
  });

  it('since its pointers are a maze, gives up soon', () => {
    const maze = Array.from({ length: 60 }).reduce<unknown>((inner) => [inner, inner], 'x');
    const countries = written({
      '1.0.0.0/24': inCountry('AU'),
      '198.51.100.0/24': { maze, ...inCountry('DE') },
    });
    const begun = performance.now();
    expect(countries.countryOf('198.51.100.7')).toBeUndefined();
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(countries.missing).toContain('(it is damaged)');
  });
});

describe('the file of the database of countries', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'geo-database-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read', () => {
    const path = join(folder, 'countries.mmdb');
    writeFileSync(path, bytesOf(NETWORKS));
    const countries = geoDatabase(path, clock);
    expect(countries.missing).toBeUndefined();
    expect(countries.countryOf('203.0.113.1')).toBe('FR');
  });

  it.each([
    ['is absent', 'absent.mmdb', 'ENOENT'],
    ['is a folder', '.', 'EISDIR'],
    ['is below a file', 'countries.mmdb/countries.mmdb', 'ENOTDIR'],
  ])('that %s is told with its path', (_, name, wrong) => {
    const path = join(folder, name);
    const countries = geoDatabase(path, clock);
    expect(countries.missing).toBe(
      `the database ${path} can't be read (${wrong}): supply another and deploy`,
    );
    expect(countries.countryOf('203.0.113.1')).toBeUndefined();
  });

  it.each([undefined, ''])('may not be supplied: %s', (path) => {
    const countries = geoDatabase(path, clock);
    expect(countries.missing).toBe('no database was supplied');
    expect(countries.countryOf('203.0.113.1')).toBeUndefined();
    expect(countries.note).toBeUndefined();
  });
});
