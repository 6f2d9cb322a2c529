import type { Judged } from '../judge.ts';
import type { AddressRanges } from '../ports.ts';
import type { Trouble } from '../trouble.ts';
import type { Baselines, Countries } from './ports.ts';

export interface RiskPorts {
  readonly baselines: Baselines;
  readonly countries: Countries;
  readonly ranges: AddressRanges;
}

/** Gives each use its risk, and a finding to what is to be told of. */
export async function assessRisks(
  _ports: RiskPorts,
  judged: readonly Judged[],
  _now: Date,
  _trouble: Trouble,
): Promise<readonly Judged[]> {
  return judged;
}
