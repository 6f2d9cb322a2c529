import ipaddr from 'ipaddr.js';
import type { AddressRanges } from '../domain/access-guard/ports.ts';

/** IPv4 and IPv6; an IPv4 address or network that is written as IPv6 is the IPv4 one. */
export const addressRanges: AddressRanges = {
  isWithin(address, blocks) {
    const ip = addressOf(address);
    return (
      ip &&
      blocks.some((block) => {
        const [network, bits] = networkIn(block);
        return ip.kind() === network.kind() && ip.match(network, bits);
      })
    );
  },
  networkOf(address) {
    const ip = addressOf(address);
    if (!ip) return undefined;
    return ip.kind() === 'ipv4'
      ? `${ipaddr.IPv4.networkAddressFromCIDR(`${ip}/24`)}/24`
      : `${ipaddr.IPv6.networkAddressFromCIDR(`${ip}/48`)}/48`;
  },
};

type Network = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** Of the configuration and of quarantines, so that they are few, and asked of every event. */
const networks = new Map<string, Network>();
const MOST_NETWORKS = 1_000;

function networkIn(block: string): Network {
  const known = networks.get(block);
  if (known) return known;
  const network = unmapped(ipaddr.parseCIDR(block));
  if (networks.size >= MOST_NETWORKS) networks.clear();
  networks.set(block, network);
  return network;
}

const unmapped = ([address, bits]: Network): Network =>
  isMapped(address) && bits >= MAPPED_BITS
    ? [address.toIPv4Address(), bits - MAPPED_BITS]
    : [address, bits];

const isMapped = (address: ipaddr.IPv4 | ipaddr.IPv6): address is ipaddr.IPv6 =>
  address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();

/** Of `::ffff:0:0/96`, in which the IPv4 addresses are. */
const MAPPED_BITS = 96;

/** Undefined of what is no IP address. Asked for every event: to try IPv6 on IPv4 takes ten times as long. */
export function addressOf(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValid(address)) return ipaddr.IPv4.parse(address);
  return ipaddr.IPv6.isValid(address) ? ipaddr.process(address) : undefined;
}

/**
 * A block that is none would match nothing, or throw with every event. One of mapped addresses and
 * others would match nothing either.
 */
export const isRange = (block: string) =>
  ipaddr.isValidCIDR(block) && !isMapped(networkIn(block)[0]);
