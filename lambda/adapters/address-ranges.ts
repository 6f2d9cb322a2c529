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
    if (!ipaddr.isValid(address)) return undefined;
    const ip = ipaddr.process(address);
    return ip.kind() === 'ipv4'
      ? `${ipaddr.IPv4.networkAddressFromCIDR(`${ip}/24`)}/24`
      : `${ipaddr.IPv6.networkAddressFromCIDR(`${ip}/48`)}/48`;
  },
};

/** Undefined of what is no IP address. */
export const addressOf = (address: string) =>
  ipaddr.isValid(address) ? ipaddr.process(address) : undefined;

/** A block that is none would match nothing, or throw with every event. */
export const isRange = (block: string) => ipaddr.isValidCIDR(block);
