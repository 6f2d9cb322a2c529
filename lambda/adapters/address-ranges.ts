import ipaddr from 'ipaddr.js';
import type { AddressRanges } from '../domain/access-guard/ports.ts';

/** IPv4 and IPv6; an IPv4 address that is written as IPv6 is the IPv4 address. */
export const addressRanges: AddressRanges = {
  isWithin(address, blocks) {
    if (!ipaddr.isValid(address)) return undefined;
    const ip = ipaddr.process(address);
    return blocks.some((block) => {
      const [network, bits] = ipaddr.parseCIDR(block);
      return ip.kind() === network.kind() && ip.match(network, bits);
    });
  },
};

/** A block that is none would match nothing, or throw with every event. */
export const isRange = (block: string) => ipaddr.isValidCIDR(block);
