import { DAY } from '../../key-state.ts';
import { addressOf, isPerson, type RecordedCall } from '../call.ts';
import { isStrangeEndpoint } from '../place.ts';
import type { Factor } from './risk.ts';
import { isOurs, type Use, type Weighing } from './use.ts';

/** 0–100; what isn't among them is neutral. */
const SCORES = {
  strangeEndpoint: 100,
  denied: 100,
  outside: 100,
  newCountry: 100,
  endpoint: 0,
  service: 0,
  ours: 0,
  allowed: 0,
  knownCountry: 0,
} as const;

/** Networks change hands: what an older database says of them isn't believed. */
const MOST_DAYS_OLD = 365;

const told = (what: keyof typeof SCORES, reason: string): Factor => ({
  score: SCORES[what],
  reasons: [reason],
});
const neutral = (reason: string): Factor => ({ reasons: [reason] });

export function locationOf(use: Use, weighing: Weighing): Factor {
  const { call } = use.case;
  const { place, rules, ranges } = weighing;
  if (isStrangeEndpoint(call, place)) {
    const through = `through a VPC endpoint of account ${call.vpcEndpointAccount}`;
    return rules.allowedRanges.length > 0 ? told('strangeEndpoint', through) : neutral(through);
  }
  if (call.vpcEndpoint) return ofEndpoint(use, call);
  if (call.through) return told('service', `through ${call.through}`);
  const address = addressOf(call);
  if (address === undefined || ranges.networkOf(address) === undefined) {
    return neutral('its address is not known');
  }
  if (ranges.isWithin(address, rules.deniedRanges)) {
    return told('denied', `${address} is in a denied range`);
  }
  if (isOurs(use.case, weighing)) return told('ours', `${address} is in our own ranges`);
  if (rules.allowedRanges.length === 0) return ofCountry(use, address, weighing);
  return ranges.isWithin(address, rules.allowedRanges)
    ? told('allowed', `${address} is in an allowed range`)
    : told('outside', `${address} is in none of the allowed ranges`);
}

/** Not all records tell whose an endpoint is. */
const ofEndpoint = ({ place }: Use, { vpcEndpointAccount }: RecordedCall) =>
  vpcEndpointAccount !== undefined || place === 'usual'
    ? told('endpoint', 'through a VPC endpoint')
    : neutral('nobody knows whose its VPC endpoint is');

function ofCountry(use: Use, address: string, { countries, now }: Weighing): Factor {
  if (!countries.builtAt) {
    return neutral(`no allowedRanges are set, and countries are not known: ${countries.missing}`);
  }
  const age = Math.floor((now.getTime() - countries.builtAt.getTime()) / DAY);
  if (age > MOST_DAYS_OLD) return neutral(`the database of countries is ${age} days old`);
  const country = countries.countryOf(address);
  if (country === undefined) return neutral(`the country of ${address} is not known`);
  if (use.country === undefined) return neutral('its countries are not known yet');
  if (use.country === 'new') return told('newCountry', `from ${country}, where it never was`);
  if (use.place === 'usual' || use.roams || isPerson(use.case.call)) {
    return told('knownCountry', `from ${country}, where it was before`);
  }
  return neutral(`from ${country} like before, but from another network`);
}
