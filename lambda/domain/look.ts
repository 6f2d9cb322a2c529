import { secretName } from '../contract.ts';
import type { UnreadableKey } from '../payloads.ts';
import { asKeysError } from './errors.ts';
import { type FactsPorts, type KeyFacts, keyFacts, listedOnce } from './key-facts.ts';
import type { AtOnce, StagedKeys } from './ports.ts';

export interface LookPorts extends FactsPorts {
  readonly stagedKeys: StagedKeys;
  readonly atOnce: AtOnce;
}

/** Keys read at the same time: far below the quotas, and 100 keys take seconds. */
const READING = 8;

export interface Looked {
  /** By name. */
  readonly keys: readonly KeyFacts[];
  /** Keys that couldn't be looked at, and why. */
  readonly lost: readonly UnreadableKey[];
}

/** Every key of the environment, or only one. A key that can't be looked at doesn't hide the others. */
export async function look(ports: LookPorts, only?: string): Promise<Looked> {
  const { environment } = ports;
  const one = only === undefined ? undefined : secretName(environment, only);
  const names = one ? [one] : await ports.secrets.list(environment);
  const stagedKeys = one ? ports.stagedKeys : await listedOnce(ports.stagedKeys, environment);
  const keys: KeyFacts[] = [];
  const lost: UnreadableKey[] = [];
  const lookAt = async (name: string) => {
    try {
      keys.push(await keyFacts({ ...ports, stagedKeys }, name));
    } catch (error) {
      const { code, message } = asKeysError(error);
      lost.push({ key: name.slice(secretName(environment, '').length), error: { code, message } });
    }
  };
  const limit = ports.atOnce(READING);
  await Promise.all(names.map((name) => limit(() => lookAt(name))));
  return { keys: keys.sort((a, b) => a.managed.name.localeCompare(b.managed.name)), lost };
}
