import type { SendingKey, SendingKeys } from './ports.ts';

/**
 * The keys in the order in which they are tried: the current one as it is known, as it is when read
 * anew, then the retained ones, the last replaced first. Each once, and read no sooner than needed.
 */
export async function* keysToTry(keys: SendingKeys): AsyncGenerator<SendingKey> {
  const tried = new Set<string>();
  const isFresh = ({ fingerprint }: SendingKey) => {
    const before = tried.size;
    return tried.add(fingerprint).size > before;
  };
  const known = await keys.current();
  if (isFresh(known)) yield known;
  keys.forget();
  const current = await keys.current();
  if (isFresh(current)) yield current;
  for (const key of await keys.retained()) if (isFresh(key)) yield key;
}
