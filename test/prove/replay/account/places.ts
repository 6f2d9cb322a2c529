import ipaddr from 'ipaddr.js';
import { throughEndpoint } from '../../../aws/recorded/cloudtrail.ts';
import type { Random } from '../random.ts';

/** From where a call is made, as CloudTrail records it. */
export interface Source {
  readonly from: string;
  /** Fields of the VPC endpoint, where it comes through one. */
  readonly more?: object;
}

/**
 * An internet of its own: the blocks that are set aside for documentation, and for the rest those that
 * are reserved, as if providers of these countries had them. https://www.rfc-editor.org/rfc/rfc6890
 */
export const BLOCKS = {
  offices: { US: '203.0.113.0/25', DE: '203.0.113.128/25' },
  dataCentre: { US: '192.0.2.0/24' },
  homes: { US: '240.0.0.0/12', DE: '240.16.0.0/12' },
  homesByIpv6: { DE: '2001:db8:4000::/36' },
  hotels: { US: '240.32.0.0/14', DE: '240.36.0.0/14' },
  runners: { US: '240.64.0.0/12' },
  /** Of EC2 and Lambda in the Region of the account. */
  aws: { US: '240.80.0.0/13' },
  mobile: { US: '240.48.0.0/16', DE: '240.49.0.0/16' },
  partner: { GB: '240.96.0.0/16' },
  rented: {
    US: '241.0.0.0/12',
    DE: '241.16.0.0/14',
    NL: '241.32.0.0/14',
    SG: '241.48.0.0/14',
    RU: '241.64.0.0/14',
    BR: '241.80.0.0/14',
    VN: '241.96.0.0/14',
    NG: '241.112.0.0/14',
  },
} as const;

/** Every block and its country, as a database of countries has them. */
export const COUNTRIES: readonly (readonly [block: string, country: string])[] = Object.values(
  BLOCKS,
).flatMap((byCountry) =>
  Object.entries(byCountry).map(([country, block]) => [block, country] as const),
);

/** Addresses of NAT gateways, each in another network of AWS's; the second pair replaces the first. */
export const GATEWAYS = ['240.80.10.10', '240.82.33.11', '240.81.7.74', '240.87.200.75'];
export const OFFICES = { US: '203.0.113.10', DE: '203.0.113.140' } as const;
export const DATA_CENTRE = '192.0.2.16';

/** What an operator of this account writes into `ownRanges`. */
export const OWN_RANGES = [
  ...GATEWAYS.map((address) => `${address}/32`),
  ...Object.values(OFFICES).map((address) => `${address}/32`),
  `${DATA_CENTRE}/32`,
];

/** Any address of a block. */
export function addressIn(block: string, random: Random): string {
  const [network, bits] = ipaddr.parseCIDR(block);
  const bytes = network.toByteArray().map((byte, index) => {
    const fixed = Math.min(8, Math.max(0, bits - 8 * index));
    const free = 0xff >> fixed;
    return (byte & ~free) | (random.whole(0, 255) & free);
  });
  return ipaddr.fromByteArray(bytes).toString();
}

export const ENDPOINT = throughEndpoint.vpcEndpointId;
/** To which a service moves. */
export const SECOND_ENDPOINT = 'vpce-0b7c6d5e4f3a2b1c0';
