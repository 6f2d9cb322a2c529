import ipaddr from 'ipaddr.js';

/** https://maxmind.github.io/MaxMind-DB/ */
export interface GeoDatabaseOptions {
  /** What it says to be. @default 'GeoLite2-Country' */
  readonly type?: string;
  /** @default 2026-11-20T00:00:00Z, days before the fakes' clock begins */
  readonly builtAt?: Date;
  /** 4: only networks of IPv4. @default 6, with those of IPv4 in it */
  readonly ipVersion?: 4 | 6;
  /** How many nodes it says to have. @default as many as it has */
  readonly nodeCount?: number;
  /** Version of the format that it says to be of. @default 2 */
  readonly format?: number;
}

export type GeoRecord = Readonly<Record<string, unknown>>;

/** A record in the form of GeoLite2 Country. */
export const inCountry = (iso_code: string): GeoRecord => ({
  country: { iso_code, names: { en: `Country ${iso_code}` } },
  registered_country: { iso_code, names: { en: `Country ${iso_code}` } },
});

/** Writes a MaxMind DB file: what is told of each network, by its CIDR block; no block within another. */
export function geoDatabase(
  networks: Readonly<Record<string, GeoRecord>>,
  options: GeoDatabaseOptions = {},
): Buffer {
  const { ipVersion = 6 } = options;
  const data = new DataSection();
  const tree = new SearchTree();
  for (const [block, record] of Object.entries(networks)) {
    tree.put(bitsOf(block, ipVersion), data.put(record));
  }
  const metadata = metadataOf({ ...options, ipVersion }, tree.nodeCount);
  return Buffer.concat([tree.bytes(), SEPARATOR, data.bytes(), MARKER, metadata]);
}

const SEPARATOR = Buffer.alloc(16);
const MARKER = Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1');
const RECORD_SIZE = 24;

/** The bits of a network, first first. IPv4 is within the first 32 of IPv6's last bits. */
function bitsOf(block: string, ipVersion: 4 | 6): number[] {
  const [network, length] = ipaddr.parseCIDR(block);
  const bits = network
    .toByteArray()
    .flatMap((byte) => Array.from({ length: 8 }, (_, at) => (byte >> (7 - at)) & 1))
    .slice(0, length);
  const isWithin = network.kind() === 'ipv4' && ipVersion === 6;
  return isWithin ? [...new Array<number>(96).fill(0), ...bits] : bits;
}

/** Leads bit by bit to a place in the data section. */
class SearchTree {
  /** Two records a node: the number of another, or, below zero, the place of its data. */
  readonly #records: (number | undefined)[] = [undefined, undefined];

  get nodeCount(): number {
    return this.#records.length / 2;
  }

  put(bits: readonly number[], place: number): void {
    let node = 0;
    for (const bit of bits.slice(0, -1)) node = this.#below(node * 2 + bit);
    this.#records[node * 2 + (bits.at(-1) ?? 0)] = -1 - place;
  }

  #below(at: number): number {
    const there = this.#records[at];
    if (there !== undefined && there < 0) throw new Error('One block is within another');
    if (there !== undefined) return there;
    const node = this.nodeCount;
    this.#records.push(undefined, undefined);
    this.#records[at] = node;
    return node;
  }

  bytes(): Buffer {
    const bytes = Buffer.alloc((this.#records.length * RECORD_SIZE) / 8);
    const { nodeCount } = this;
    for (const [at, record = nodeCount] of this.#records.entries()) {
      const value = record < 0 ? nodeCount + SEPARATOR.length + (-1 - record) : record;
      bytes.writeUIntBE(value, (at * RECORD_SIZE) / 8, RECORD_SIZE / 8);
    }
    return bytes;
  }
}

/** Every value once, and pointers to it from wherever else it is, as MaxMind writes them. */
class DataSection {
  readonly #parts: Buffer[] = [];
  /** By the value itself, so that what is in many others is gone through once. */
  readonly #places = new Map<unknown, number>();
  readonly #written = new Map<string, number>();
  #length = 0;

  /** @returns its place */
  put(value: unknown): number {
    const known = this.#places.get(value);
    if (known !== undefined) return known;
    const bytes = this.#encoded(value);
    const place = this.#written.get(bytes.toString('latin1')) ?? this.#append(bytes);
    this.#places.set(value, place);
    return place;
  }

  #append(bytes: Buffer): number {
    const place = this.#length;
    this.#written.set(bytes.toString('latin1'), place);
    this.#parts.push(bytes);
    this.#length += bytes.length;
    return place;
  }

  #encoded(value: unknown): Buffer {
    if (Array.isArray(value)) {
      return Buffer.concat([control(TYPE.array, value.length), ...value.map(this.#pointer)]);
    }
    if (typeof value === 'object' && value !== null) {
      const fields = Object.entries(value).flat();
      return Buffer.concat([control(TYPE.map, fields.length / 2), ...fields.map(this.#pointer)]);
    }
    return scalar(value);
  }

  readonly #pointer = (value: unknown): Buffer => {
    const bytes = Buffer.alloc(5);
    bytes[0] = (TYPE.pointer << 5) | (3 << 3);
    bytes.writeUInt32BE(this.put(value), 1);
    return bytes;
  };

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

const TYPE = {
  pointer: 1,
  text: 2,
  double: 3,
  uint16: 5,
  uint32: 6,
  map: 7,
  uint64: 9,
  array: 11,
  boolean: 14,
} as const;

function scalar(value: unknown): Buffer {
  if (typeof value === 'boolean') return control(TYPE.boolean, Number(value));
  if (typeof value === 'string') return text(value);
  if (typeof value !== 'number') throw new Error(`A ${typeof value} has no form in a MaxMind DB`);
  if (Number.isInteger(value) && value >= 0) return uint(TYPE.uint32, value);
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return Buffer.concat([control(TYPE.double, 8), bytes]);
}

/** A type above 7 is in a byte of its own; a size from 29 on in one to three. */
function control(type: number, size: number): Buffer {
  const isExtended = type > 7;
  const [short, more] = sizeOf(size);
  const first = ((isExtended ? 0 : type) << 5) | short;
  return Buffer.from([first, ...(isExtended ? [type - 7] : []), ...more]);
}

function sizeOf(size: number): [number, number[]] {
  if (size < 29) return [size, []];
  if (size < 285) return [29, [size - 29]];
  if (size < 65_821) return [30, bigEndian(size - 285, 2)];
  return [31, bigEndian(size - 65_821, 3)];
}

const bigEndian = (value: number, length: number) =>
  Array.from({ length }, (_, at) => Math.floor(value / 256 ** (length - 1 - at)) % 256);

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([control(TYPE.text, bytes.length), bytes]);
}

/** Without the zeros that it would begin with. */
function uint(type: number, value: number): Buffer {
  const length = Math.ceil(value.toString(16).length / 2) * Number(value > 0);
  return Buffer.concat([control(type, length), Buffer.from(bigEndian(value, length))]);
}

function metadataOf(options: GeoDatabaseOptions, nodes: number): Buffer {
  const { type = 'GeoLite2-Country', builtAt = new Date('2026-11-20T00:00:00Z') } = options;
  const { ipVersion = 6, nodeCount = nodes, format = 2 } = options;
  const fields: Readonly<Record<string, Buffer>> = {
    binary_format_major_version: uint(TYPE.uint16, format),
    binary_format_minor_version: uint(TYPE.uint16, 0),
    build_epoch: uint(TYPE.uint64, Math.floor(builtAt.getTime() / 1_000)),
    database_type: text(type),
    description: Buffer.concat([control(TYPE.map, 1), text('en'), text('Made for tests')]),
    ip_version: uint(TYPE.uint16, ipVersion),
    languages: Buffer.concat([control(TYPE.array, 1), text('en')]),
    node_count: uint(TYPE.uint32, nodeCount),
    record_size: uint(TYPE.uint16, RECORD_SIZE),
  };
  const entries = Object.entries(fields).flatMap(([name, value]) => [text(name), value]);
  return Buffer.concat([control(TYPE.map, entries.length / 2), ...entries]);
}
