import ipaddr from 'ipaddr.js';
import type { Fault } from './config-faults.ts';

/** A block of addresses as the numbers of its first and its last one. */
interface Range {
  readonly kind: 'ipv4' | 'ipv6';
  readonly first: bigint;
  readonly last: bigint;
}

/** Whether a text is a network in CIDR notation: the address of a host in it may be a slip. */
export function isRange(text: string): boolean {
  if (!ipaddr.IPv4.isValidCIDRFourPartDecimal(text) && !ipaddr.IPv6.isValidCIDR(text)) return false;
  return numberOf(networkIn(text)[0]) === rangeOf(text).first;
}

/** The lists of blocks that an access guard has. */
export const RANGE_FIELDS = ['allowedRanges', 'deniedRanges', 'ownRanges'] as const;
export type RangeLists = Readonly<Record<(typeof RANGE_FIELDS)[number], readonly string[]>>;

/** What no single block shows: one that is there twice, and rules that no read can keep. */
export function rangeFaults(path: string, lists: RangeLists): Fault[] {
  const { allowedRanges, deniedRanges, ownRanges } = lists;
  const denied = merged(deniedRanges.map(rangeOf));
  const isDenied = (text: string) => denied.some((one) => covers(one, rangeOf(text)));
  const isNoneAllowed = allowedRanges.length > 0 && allowedRanges.every(isDenied);
  const everyRead = 'they cover all of allowedRanges: every read would be reported';
  const ours =
    'deniedRanges cover it, so that no read may come from it: take it out of one of the two';
  return [
    ...RANGE_FIELDS.flatMap((field) => duplicates(`${path}.${field}`, lists[field])),
    ...(isNoneAllowed ? [{ path: `${path}.deniedRanges`, message: everyRead }] : []),
    ...ownRanges.flatMap((text, at) =>
      isDenied(text) ? [{ path: `${path}.ownRanges.${at}`, message: ours }] : [],
    ),
  ];
}

function duplicates(path: string, texts: readonly string[]): Fault[] {
  const ranges = texts.map(rangeOf);
  return ranges.flatMap((range, at) => {
    const first = ranges.findIndex((one) => covers(one, range) && covers(range, one));
    return first < at ? [{ path: `${path}.${at}`, message: `duplicate of ${texts[first]}` }] : [];
  });
}

function rangeOf(text: string): Range {
  const [address, length] = networkIn(text);
  const host = 8n * BigInt(address.toByteArray().length) - BigInt(length);
  const first = (numberOf(address) >> host) << host;
  return { kind: address.kind(), first, last: first + (1n << host) - 1n };
}

/** An IPv4 network that is written as IPv6 is the IPv4 one, as it is to the functions. */
function networkIn(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  const [address, length] = ipaddr.parseCIDR(text);
  const isMapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
  return isMapped && length >= 96 ? [address.toIPv4Address(), length - 96] : [address, length];
}

const numberOf = (address: ipaddr.IPv4 | ipaddr.IPv6) =>
  address.toByteArray().reduce((number, byte) => (number << 8n) + BigInt(byte), 0n);

const covers = (outer: Range, inner: Range) =>
  outer.kind === inner.kind && outer.first <= inner.first && inner.last <= outer.last;

/** Blocks that touch become one: two halves cover the whole. */
function merged(ranges: readonly Range[]): Range[] {
  const sorted = ranges.toSorted((one, other) => (one.first < other.first ? -1 : 1));
  const all: Range[] = [];
  for (const range of sorted) {
    const at = all.findIndex(({ kind, last }) => kind === range.kind && range.first <= last + 1n);
    const before = all[at];
    if (!before) all.push(range);
    else all[at] = { ...before, last: range.last > before.last ? range.last : before.last };
  }
  return all;
}
