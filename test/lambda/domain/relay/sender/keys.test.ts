import { describe, expect, it } from 'vitest';
import { KeysError } from '../../../../../lambda/domain/errors.ts';
import { keysToTry } from '../../../../../lambda/domain/relay/sender/keys.ts';
import type { SendingKey, SendingKeys } from '../../../../../lambda/domain/relay/sender/ports.ts';
import { SecretValue } from '../../../../../lambda/domain/secret-value.ts';

const key = (name: string): SendingKey => {
  const value = new SecretValue(name);
  return { value, fingerprint: value.fingerprint, label: name };
};

/** Current keys one after the other as they are read anew, and what was read. */
function vault(current: readonly string[], retained: readonly string[]) {
  const reads: string[] = [];
  let at = 0;
  const keys: SendingKeys = {
    async current() {
      reads.push('current');
      return key(current[Math.min(at, current.length - 1)] ?? '');
    },
    forget() {
      at += 1;
    },
    async *retained() {
      reads.push('retained');
      yield* retained.map(key);
    },
  };
  return { keys, reads };
}

async function tried(keys: SendingKeys, most = 10, told: string[] = []): Promise<string[]> {
  const names: string[] = [];
  for await (const { value } of keysToTry(keys, (error) => void told.push(error.code))) {
    names.push(value.reveal());
    if (names.length === most) break;
  }
  return names;
}

describe('the keys that are tried', () => {
  it('are the current one as known, as it is now, and the retained ones, each once', async () => {
    expect(await tried(vault(['a', 'b'], ['a', 'c']).keys)).toEqual(['a', 'b', 'c']);
    expect(await tried(vault(['a', 'a'], ['c']).keys)).toEqual(['a', 'c']);
    expect(await tried(vault(['a'], []).keys)).toEqual(['a']);
  });

  it('are read no sooner than needed', async () => {
    const first = vault(['a', 'b'], ['c']);
    await tried(first.keys, 1);
    expect(first.reads).toEqual(['current']);
    const second = vault(['a', 'b'], ['c']);
    await tried(second.keys, 2);
    expect(second.reads).toEqual(['current', 'current']);
  });

  it('are the retained ones where the current one can not be read, and why is told', async () => {
    const { keys } = vault(['a'], ['c']);
    const told: string[] = [];
    const current = () => Promise.reject(new KeysError('CMK_UNAVAILABLE', 'disabled'));
    expect(await tried({ ...keys, current }, 10, told)).toEqual(['c']);
    expect(told).toEqual(['CMK_UNAVAILABLE', 'CMK_UNAVAILABLE']);
    async function* retained() {
      yield key('c');
      throw new KeysError('ACCESS_DENIED', 'no');
    }
    expect(await tried({ ...keys, retained }, 10, told)).toEqual(['a', 'c']);
    expect(told[2]).toBe('ACCESS_DENIED');
  });
});
