import { describe, expect, it } from 'vitest';
import { tellsKey } from '../../../../../lambda/domain/access-guard/answer/tells-key.ts';
import { fingerprintOf } from '../../../../../lambda/domain/secret-value.ts';

const KEY = '1f0e9d8c'.repeat(4);
const fingerprint = fingerprintOf(KEY);
const version = { versionId: 'v1', labels: [], state: 'current', content: 'key' } as const;
const named = { userId: `AROAEXAMPLE:${KEY.toUpperCase()}` };

describe('the name of a session', () => {
  it.each([
    ['holds', { versions: [{ ...version, fingerprint }] }],
    ['held', { versions: [], held: [fingerprint] }],
    ['is to hold', { versions: [], staged: [{ fingerprint, name: 'web' }] }],
  ])('tells a key that the environment %s', (_, key) => {
    expect(tellsKey(named, { keys: [key], unreadable: [] })).toBe(true);
  });

  it('may tell one while a key cannot be looked at', () => {
    const unreadable = ['web'];
    expect(tellsKey(named, { keys: [], unreadable })).toBe(true);
    expect(tellsKey({ userId: 'AROAEXAMPLE:ann' }, { keys: [], unreadable })).toBe(false);
  });

  it.each([
    ['of a task of ECS', named],
    ['of a person', { userId: 'AROAEXAMPLE:ann' }],
    ['of nobody', {}],
  ])('tells none if it is %s', (_, call) => {
    expect(tellsKey(call, { keys: [{ versions: [version], held: [] }], unreadable: [] })).toBe(
      false,
    );
  });
});
