import { type GuardRules, secretName } from '../../contract.ts';
import type { QuarantinesReport } from '../../payloads.ts';
import type { AtOnce, Secrets } from '../ports.ts';
import type { Quarantines } from './ports.ts';
import { isInForce, type Kept, reportOf } from './quarantine.ts';
import { differenceOf, type Tags, tagsFor } from './tags.ts';

export interface ReportPorts {
  readonly environment: string;
  readonly secrets: Pick<Secrets, 'list' | 'describe'>;
  readonly atOnce: AtOnce;
  /** Absent without an access guard. */
  readonly quarantines?: Pick<Quarantines, 'all'>;
  readonly answer?: GuardRules['answer'];
}

/** Describes at the same time: far below the quota. */
const DESCRIBING = 8;

/** Who is quarantined, and whose tags tell otherwise. Reads no key. */
export async function quarantinesReport(ports: ReportPorts, now: Date): Promise<QuarantinesReport> {
  const { environment, quarantines, answer } = ports;
  const all = quarantines ? (await quarantines.all()).quarantines : [];
  const wanted = tagsFor(answer === 'quarantine' ? all : [], now);
  return {
    environment,
    at: now.toISOString(),
    ...(answer ? { answer } : {}),
    quarantines: inForce(all, now).map(reportOf),
    pending: await pendingOf(ports, wanted),
  };
}

export const inForce = (all: readonly Kept[], now: Date): Kept[] =>
  all.filter((one) => isInForce(one, now)).sort((one, other) => one.at.localeCompare(other.at));

/** What can't be described may lack them too. */
async function pendingOf(
  { secrets, environment, atOnce }: ReportPorts,
  wanted: Tags,
): Promise<string[]> {
  const limit = atOnce(DESCRIBING);
  const isPending = async (name: string) => {
    const secret = await secrets.describe(name).catch(() => undefined);
    return !secret || (!secret.deletedAt && differenceOf(secret.tags, wanted) !== undefined);
  };
  const names = await secrets.list(environment);
  const found = await Promise.all(names.map((name) => limit(() => isPending(name))));
  const prefix = secretName(environment, '').length;
  return names
    .filter((_, at) => found[at])
    .map((name) => name.slice(prefix))
    .sort();
}
