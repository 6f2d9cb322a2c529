import { type CountryResponse, Reader } from 'mmdb-lib';
import { describe, expect, it } from 'vitest';
import { type GeoDatabaseOptions, type GeoRecord, geoDatabase, inCountry } from './geo-database.ts';

const opened = (networks: Readonly<Record<string, GeoRecord>>, options?: GeoDatabaseOptions) =>
  new Reader<CountryResponse>(geoDatabase(networks, options));

describe('a database of countries that was written', () => {
  const networks = {
    '198.51.100.0/24': inCountry('DE'),
    '203.0.113.7/32': inCountry('FR'),
    '203.0.113.8/29': inCountry('DE'),
    '2001:db8::/32': inCountry('JP'),
  };

  it.each([
    ['198.51.100.0', 'DE'],
    ['198.51.100.255', 'DE'],
    ['198.51.101.0', undefined],
    ['203.0.113.7', 'FR'],
    ['203.0.113.6', undefined],
    ['203.0.113.15', 'DE'],
    ['2001:db8:ffff::1', 'JP'],
    ['2001:db9::1', undefined],
  ])('is read by the library: %s in %s', (address, code) => {
    expect(opened(networks).get(address)?.country?.iso_code).toBe(code);
  });

  it('says of itself what it was told to', () => {
    const builtAt = new Date('2026-01-31T08:00:00Z');
    const { metadata } = opened(networks, { type: 'DBIP-Country-Lite', builtAt });
    expect(metadata).toMatchObject({
      binaryFormatMajorVersion: 2,
      databaseType: 'DBIP-Country-Lite',
      buildEpoch: builtAt,
      ipVersion: 6,
      recordSize: 24,
      languages: ['en'],
    });
    expect(opened(networks, { nodeCount: 7 }).metadata.nodeCount).toBe(7);
    expect(opened(networks, { format: 3 }).metadata.binaryFormatMajorVersion).toBe(3);
  });

  it('may have networks of IPv4 alone', () => {
    const database = opened({ '198.51.100.0/24': inCountry('DE') }, { ipVersion: 4 });
    expect(database.metadata.ipVersion).toBe(4);
    expect(database.get('198.51.100.9')?.country?.iso_code).toBe('DE');
  });

  it('gives back values of every kind and size', () => {
    const record = {
      is_anycast: true,
      latitude: -33.86,
      zero: 0,
      geoname_id: 6_252_001,
      list: ['a', 'b', { c: 'd' }],
      'of 300': 'x'.repeat(300),
      'of 70,000': 'é'.repeat(35_000),
    };
    expect(opened({ '198.51.100.0/24': record }).get('198.51.100.1')).toEqual(record);
  });
});
