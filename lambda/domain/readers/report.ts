import { type GuardRules, secretName } from '../../contract.ts';
import type { KeyReadersReport, ReadersReport, UnreadableKey } from '../../payloads.ts';
import { asKeysError } from '../errors.ts';
import { managedKey } from '../managed-key.ts';
import type { AtOnce, ReadHistory, Secrets } from '../ports.ts';
import type { Quarantines } from '../quarantine/ports.ts';
import { inForce } from '../quarantine/report.ts';
import { markedForDeletion } from '../versions.ts';
import type { History } from './history.ts';
import { keyReaders } from './key-readers.ts';

export interface ReadersPorts {
  readonly environment: string;
  readonly secrets: Secrets;
  readonly readHistory: ReadHistory;
  readonly atOnce: AtOnce;
  /** Absent without an access guard. */
  readonly quarantines?: Pick<Quarantines, 'all'>;
  readonly answer?: GuardRules['answer'];
}

export interface ReadersQuestion {
  /** @default all keys of the environment */
  readonly only?: string | undefined;
  readonly now: Date;
}

/** Keys described at the same time: far below the quotas. */
const DESCRIBING = 8;

/** Who reads the keys of the environment, or one of them. No value is read for it. */
export async function readersReport(
  ports: ReadersPorts,
  { only, now }: ReadersQuestion,
): Promise<ReadersReport> {
  const { environment } = ports;
  const names = only ? [secretName(environment, only)] : await ports.secrets.list(environment);
  const history = await ports.readHistory.of({ environment, now });
  const keys: KeyReadersReport[] = [];
  const unreadable: UnreadableKey[] = [];
  const describeOne = async (name: string) => {
    try {
      keys.push(await oneKey(ports, name, history));
    } catch (error) {
      const { code, message } = asKeysError(error);
      const key = name.slice(secretName(environment, '').length);
      unreadable.push({ key, error: { code, message } });
    }
  };
  const limit = ports.atOnce(DESCRIBING);
  await Promise.all(names.map((name) => limit(() => describeOne(name))));
  const source = {
    ...history.source,
    ...(history.since ? { since: history.since.toISOString() } : {}),
  };
  return {
    environment,
    at: now.toISOString(),
    source,
    keys: keys.sort((one, other) => one.key.localeCompare(other.key)),
    unreadable,
    ...(await quarantinedNow(ports, now)),
  };
}

/** What is known of the readers is told all the same. */
async function quarantinedNow({ quarantines, answer }: ReadersPorts, now: Date) {
  if (!quarantines) return {};
  if (answer !== 'quarantine') return { quarantined: [] };
  try {
    const desired = await quarantines.all();
    const denied = inForce(desired.quarantines, now);
    return { quarantined: denied.map(({ id, principal, until }) => ({ id, principal, until })) };
  } catch (error) {
    return { quarantinesUnreadable: asKeysError(error).message };
  }
}

async function oneKey({ secrets, environment }: ReadersPorts, name: string, history: History) {
  const secret = await secrets.describe(name);
  if (secret.deletedAt) throw markedForDeletion(secret.name, secret.deletedAt);
  return keyReaders({ secret, managed: managedKey(secret, environment) }, history);
}
