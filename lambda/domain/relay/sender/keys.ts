import { asKeysError, type KeysError } from '../../errors.ts';
import type { SendingKey, SendingKeys } from './ports.ts';

/**
 * The keys in the order in which they are tried: the current one as it is known, as it is when read
 * anew, then the retained ones, the last replaced first. Each once, and read no sooner than needed.
 * One that can't be read doesn't keep the next from being tried.
 * @param tell why some can't be read
 */
export async function* keysToTry(
  keys: SendingKeys,
  tell: (error: KeysError) => void,
): AsyncGenerator<SendingKey> {
  const tried = new Set<string>();
  const readings = [
    async () => [await keys.current()],
    async () => {
      keys.forget();
      return [await keys.current()];
    },
    () => keys.retained(),
  ];
  for (const reading of readings) {
    for (const key of await readOr(tell, reading)) {
      if (tried.has(key.fingerprint)) continue;
      tried.add(key.fingerprint);
      yield key;
    }
  }
}

async function readOr(
  tell: (error: KeysError) => void,
  reading: () => Promise<readonly SendingKey[]>,
): Promise<readonly SendingKey[]> {
  try {
    return await reading();
  } catch (error) {
    tell(asKeysError(error));
    return [];
  }
}
