import type { GuardRules } from '../../contract.ts';
import type { Quarantines } from '../quarantine/ports.ts';
import { isInForce, type Kept } from '../quarantine/quarantine.ts';
import type { AddressRanges } from './ports.ts';
import type { Trouble } from './trouble.ts';

export interface ActivePorts {
  readonly quarantines: Quarantines;
  readonly rules: GuardRules;
}

/** Who is quarantined already; where the guard only observes, nobody. */
export async function activeNow(
  { quarantines, rules }: ActivePorts,
  events: readonly string[],
  trouble: Trouble,
): Promise<readonly Kept[]> {
  if (rules.answer === 'observe' || events.length === 0) return [];
  try {
    return (await quarantines.all()).quarantines;
  } catch (error) {
    trouble.add(error, events);
    return [];
  }
}

/** A quarantined address is a denied range, whoever comes from it. */
export function withDenied(
  rules: GuardRules,
  active: readonly Kept[],
  now: Date,
  { isWithin }: Pick<AddressRanges, 'isWithin'>,
): GuardRules {
  const addresses = active
    .filter((one) => isInForce(one, now))
    .flatMap(({ denied: { address } }) => address ?? [])
    .filter((address) => isWithin(address, []) !== undefined);
  if (addresses.length === 0) return rules;
  const blocks = addresses.map((address) => `${address}/${address.includes(':') ? 128 : 32}`);
  return { ...rules, deniedRanges: [...rules.deniedRanges, ...blocks] };
}
