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
  for (const reading of [known, anew, retained]) {
    try {
      for await (const key of reading(keys)) {
        if (tried.has(key.fingerprint)) continue;
        tried.add(key.fingerprint);
        yield key;
      }
    } catch (error) {
      tell(asKeysError(error));
    }
  }
}

async function* known(keys: SendingKeys) {
  yield await keys.current();
}

async function* anew(keys: SendingKeys) {
  keys.forget();
  yield await keys.current();
}

const retained = (keys: SendingKeys) => keys.retained();
