import ipaddr from 'ipaddr.js';
import type { AddressRanges } from '../domain/access-guard/ports.ts';

/** IPv4 and IPv6; an IPv4 address that is written as IPv6 is the IPv4 address. */
export const addressRanges: AddressRanges = {
  isWithin(address, blocks) {
    const ip = addressOf(address);
    return (
      ip &&
      blocks.some((block) => {
        const [network, bits] = ipaddr.parseCIDR(block);
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

/** Undefined of what is no IP address. Asked for every event: to try IPv6 on IPv4 takes ten times as long. */
export function addressOf(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValid(address)) return ipaddr.IPv4.parse(address);
  return ipaddr.IPv6.isValid(address) ? ipaddr.process(address) : undefined;
}

/** A block that is none would match nothing, or throw with every event. */
export const isRange = (block: string) => ipaddr.isValidCIDR(block);
