import ipaddr from 'ipaddr.js';
import { type CountryResponse, Reader } from 'mmdb-lib';
import { safe } from '../domain/access-guard/usage-line.ts';
import { addressOf } from './address-ranges.ts';

/** What is wrong with a database, in words. */
export class Unreadable extends Error {}

/** In front of the metadata, the last part of a file. https://maxmind.github.io/MaxMind-DB/ */
const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
/** Zeros between the search tree and the data. */
const SEPARATOR_BYTES = 16;
const FORMAT = 2;

/** Of one look-up: a record of a city has some hundred; where pointers form a maze it would never end. */
const MOST_POINTERS = 10_000;
/** From the lowest address on; of the countries every one of them tells. */
const TRIED_NETWORKS = 1_000;

/** A database of MaxMind's format that tells countries. */
export class CountryDatabase {
  /** Absent where it doesn't tell. */
  readonly builtAt: Date | undefined;
  readonly #reader: Reader<CountryResponse>;
  #pointers = 0;

  /** @throws Unreadable, or another error where it is damaged */
  constructor(bytes: Buffer) {
    const metadataAt = bytes.lastIndexOf(MARKER);
    if (metadataAt < 0) {
      throw new Unreadable('no metadata: it is cut off, still packed or of another format');
    }
    this.#reader = new Reader(bytes, { cache: { get: () => this.#count(), set: () => {} } });
    const { metadata } = this.#reader;
    if (metadata.binaryFormatMajorVersion !== FORMAT) {
      throw new Unreadable(`not of version ${FORMAT} of the format`);
    }
    const tree = bytes.subarray(metadata.searchTreeSize, metadataAt);
    const separator = tree.subarray(0, SEPARATOR_BYTES);
    if (!(metadata.nodeCount > 0) || !separator.equals(Buffer.alloc(SEPARATOR_BYTES))) {
      throw new Unreadable('its parts are not where they should be: it is damaged');
    }
    if (!this.#tellsCountries()) {
      throw new Unreadable(`it tells no countries: ${safe(String(metadata.databaseType), 64)}`);
    }
    const builtAt = metadata.buildEpoch;
    this.builtAt = Number.isNaN(builtAt.getTime()) ? undefined : builtAt;
  }

  /** @throws an error of any kind where it is damaged */
  countryOf(address: string): string | undefined {
    const parsed = addressOf(address);
    // The library would take the first bits of one of IPv6 for one of IPv4
    const isIn = parsed?.kind() === 'ipv4' || this.#reader.metadata.ipVersion === 6;
    return parsed && isIn ? countryIn(this.#lookUp(parsed.toString())[0]) : undefined;
  }

  #lookUp(address: string): [record: unknown, bits: number] {
    this.#pointers = 0;
    return this.#reader.getWithPrefixLength(address);
  }

  /** In place of a cache. */
  #count(): undefined {
    this.#pointers += 1;
    if (this.#pointers > MOST_POINTERS) throw new Error('A maze of pointers');
  }

  /** By what it tells: the name of its kind is the vendor's choice. */
  #tellsCountries(): boolean {
    let next = 0;
    for (let left = TRIED_NETWORKS; left > 0 && next < 2 ** 32; left -= 1) {
      const [record, bits] = this.#lookUp(dotted(next));
      if (countryIn(record)) return true;
      next += 2 ** (32 - bits);
    }
    return false;
  }
}

const dotted = (number: number) =>
  new ipaddr.IPv4([24, 16, 8, 0].map((bits) => (number >>> bits) & 0xff)).toString();

/** Nowhere in particular, by the word of some vendors. */
const NOWHERE = ['XX', 'ZZ'];

/**
 * MaxMind and those that write like it: `country.iso_code`, or of a network used in many countries
 * only the one it is registered in. IPinfo: `country_code`, and `country` with the code or the name.
 * https://dev.maxmind.com/geoip/docs/databases/city-and-country/
 * https://ipinfo.io/developers/ipinfo-lite-database
 */
function countryIn(record: unknown): string | undefined {
  const { country, country_code, registered_country } = Object(record);
  const codes = [
    Object(country).iso_code,
    country_code,
    country,
    Object(registered_country).iso_code,
  ];
  return codes.find(isCode);
}

const isCode = (code: unknown) =>
  typeof code === 'string' && /^[A-Z]{2}$/.test(code) && !NOWHERE.includes(code);
