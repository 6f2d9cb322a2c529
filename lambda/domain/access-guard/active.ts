import type { GuardRules } from '../../contract.ts';
import { asKeysError, type KeysError } from '../errors.ts';
import type { Quarantines } from '../quarantine/ports.ts';
import { isInForce, type Kept } from '../quarantine/quarantine.ts';
import type { AddressRanges } from './ports.ts';

export interface ActivePorts {
  readonly quarantines: Quarantines;
  readonly rules: GuardRules;
}

/** Who is quarantined already, those released before their time among them. */
export interface Active {
  readonly quarantines: readonly Kept[];
  /** Why that isn't known just now. */
  readonly failure?: KeysError;
}

/** Where the guard only observes, nobody is. */
export async function activeNow({ quarantines, rules }: ActivePorts): Promise<Active> {
  if (rules.answer === 'observe') return NOBODY;
  try {
    return await quarantines.all();
  } catch (error) {
    return { ...NOBODY, failure: asKeysError(error) };
  }
}

export const NOBODY: Active = { quarantines: [] };

/** A quarantined address is a denied range, whoever comes from it. */
export function withDenied(
  rules: GuardRules,
  { quarantines }: Active,
  now: Date,
  { isWithin }: Pick<AddressRanges, 'isWithin'>,
): GuardRules {
  const addresses = quarantines
    .filter((one) => isInForce(one, now))
    .flatMap(({ denied: { address } }) => address ?? [])
    .filter((address) => isWithin(address, []) !== undefined);
  if (addresses.length === 0) return rules;
  const blocks = addresses.map((address) => `${address}/${address.includes(':') ? 128 : 32}`);
  return { ...rules, deniedRanges: [...rules.deniedRanges, ...blocks] };
}
