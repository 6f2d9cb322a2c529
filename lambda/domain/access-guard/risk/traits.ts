import { DAY, HOUR } from '../../key-state.ts';
import { digestOf } from '../../secret-value.ts';
import { addressOf, type RecordedCall } from '../call.ts';
import type { AddressRanges } from '../ports.ts';
import type { Case } from '../rules.ts';
import { safe } from '../usage-line.ts';
import type { Countries } from './ports.ts';

/** What of a use is compared with earlier ones, most telling first. */
export const TRAIT_KINDS = [
  'place',
  'country',
  'key',
  'session',
  'agent',
  'hour',
  'address',
] as const;
export type TraitKind = (typeof TRAIT_KINDS)[number];

/** As they are remembered: `place vpce-0a1b2c3d`, say. */
export type Traits = Readonly<Partial<Record<TraitKind, string>>>;

/** Since 1970, UTC. */
export const dayOf = (at: Date) => Math.floor(at.getTime() / DAY);
export const hourOf = (at: Date) => Math.floor((at.getTime() % DAY) / HOUR);

export interface TraitPorts {
  readonly ranges: Pick<AddressRanges, 'networkOf'>;
  readonly countries: Pick<Countries, 'countryOf'>;
}

/** Of a sign-in only where it came from: a browser at night says nothing of a program's reads. */
export function traitsOf({ call, subject, key }: Case, ports: TraitPorts): Traits {
  const found = {
    ...whereOf(call, ports),
    ...(subject.of === 'read'
      ? {
          agent: agentOf(call),
          hour: String(hourOf(call.at)),
          key: key === undefined ? undefined : bounded(key),
          session: call.session === undefined ? undefined : hashed(call.session),
        }
      : {}),
  };
  const given = Object.entries(found).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([kind, value]) => [kind, `${kind} ${value}`]));
}

function whereOf(call: RecordedCall, { ranges, countries }: TraitPorts) {
  const address = addressOf(call);
  const network = address === undefined ? undefined : ranges.networkOf(address);
  const place = call.vpcEndpoint ?? call.through ?? network ?? address;
  return {
    place: place === undefined ? undefined : bounded(place),
    // Not a name, which AWS gives for an address where a service of it called
    ...(address !== undefined && network !== undefined
      ? { address: bounded(address), country: countries.countryOf(address) }
      : {}),
  };
}

/** `aws-sdk-js` of `aws-sdk-js/3.1164.0 md/nodejs#24.21.0`: a new version of it is nothing new. */
function agentOf({ userAgent = '' }: RecordedCall): string | undefined {
  const family = /^\[?([^\s/\]]+)/.exec(userAgent)?.[1];
  return family === undefined ? undefined : bounded(family);
}

const LONG = 48;
const PLAIN = /^[\w.:/+@-]+$/;

/** A caller chooses much of it: what is long, odd or like a key is kept as a hash. */
export const bounded = (text: string) =>
  text.length <= LONG && PLAIN.test(text) && safe(text) === text ? text : hashed(text);

const hashed = (text: string) => `#${digestOf(text).slice(0, 16)}`;
