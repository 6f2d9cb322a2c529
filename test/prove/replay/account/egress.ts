import { throughEndpoint as throughEndpointOf } from '../../../aws/recorded/cloudtrail.ts';
import { REPLAYED, timeIn } from '../calendar.ts';
import type { Random } from '../random.ts';
import { addressIn, BLOCKS, ENDPOINT, GATEWAYS, type Source } from './places.ts';

/** When what changes on the replayed day does, in milliseconds since 1970. */
export interface Moments {
  readonly endpointMoved: number;
  readonly gatewaysReplaced: number;
  readonly javaUpgraded: number;
  readonly goUpgraded: number;
  /** When a machine with a public address was stopped and started again, which gives it another. */
  readonly restarted: number;
  /** For an hour the tasks of a service end as soon as they have begun. */
  readonly crashing: number;
}

/** In the working hours of those who do it. */
export const momentsOf = (random: Random): Moments => ({
  endpointMoved: timeIn(REPLAYED, [8, 21], random),
  gatewaysReplaced: timeIn(REPLAYED, [8, 21], random),
  javaUpgraded: timeIn(REPLAYED, [8, 21], random),
  goUpgraded: timeIn(REPLAYED, [8, 21], random),
  restarted: timeIn(REPLAYED, [2, 22], random),
  crashing: timeIn(REPLAYED, [8, 21], random),
});

/** Where in the VPC something runs: in a subnet of one of two zones. */
export interface Seat {
  readonly zone: 0 | 1;
  readonly host: number;
  /** Where the subnet is a public one, and AWS gives an address to whatever starts there. */
  readonly address: string;
}

export const seatOf = (random: Random): Seat => ({
  zone: random.isTrue(0.5) ? 0 : 1,
  host: random.whole(4, 254),
  address: addressIn(BLOCKS.aws.US, random),
});

/** From where something reads at some time. */
export type SourceAt = (at: number, moments: Moments, seat: Seat) => Source;

const OWN_ACCOUNT = throughEndpointOf.vpcEndpointAccountId;

/** CloudTrail then has the private address. */
export const behind = (
  { zone, host }: Seat,
  vpcEndpointId: string,
  vpcEndpointAccountId = OWN_ACCOUNT,
): Source => ({
  from: `10.0.${zone + 1}.${host}`,
  more: { vpcEndpointId, vpcEndpointAccountId },
});

export const throughEndpoint: SourceAt = (_at, _moments, seat) => behind(seat, ENDPOINT);

export const throughOwnAddress: SourceAt = (_at, _moments, { address }) => ({ from: address });

/** Each zone has a gateway; a pair of new ones replaces them. */
export const throughGateway: SourceAt = (at, { gatewaysReplaced }, { zone }) => {
  const pair = at < gatewaysReplaced ? GATEWAYS.slice(0, 2) : GATEWAYS.slice(2);
  return { from: pair[zone] ?? '' };
};
