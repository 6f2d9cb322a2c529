import { describe, expect, it } from 'vitest';
import type { Suspect } from '../../../../../lambda/domain/access-guard/answer/examine.ts';
import {
  quarantineOf,
  readersIn,
  withoutKnown,
} from '../../../../../lambda/domain/access-guard/answer/quarantine-plan.ts';
import {
  type Denied,
  idOf,
  type Kept,
} from '../../../../../lambda/domain/quarantine/quarantine.ts';
import { NOW, RULES, STRANGER, weighed } from './weighed.ts';

const session = 'AROAEXAMPLE:laptop';
const address = '203.0.113.9';
const denied = { session, principal: STRANGER, address };

let events = 0;
function suspect(of: { denied?: Denied; score?: number; second?: number; id?: string }): Suspect {
  events += 1;
  const id = of.id ?? `event-${events}`;
  const at = new Date(NOW.getTime() + (of.second ?? 0) * 1_000);
  const judged = weighed({ call: { id, at }, risk: { score: of.score ?? 90 } });
  return { judged, spared: [], ...(of.denied ? { denied: of.denied } : {}) };
}
const idsOf = (suspects: readonly Suspect[]) =>
  readersIn(suspects).map((reader) => reader.map(({ judged }) => judged.case.call.id));

describe('the readers of a batch', () => {
  it('are one of all sessions and addresses of a role that is denied', () => {
    expect(
      idsOf([
        suspect({ id: 'one', denied }),
        suspect({ id: 'two', denied: { ...denied, session: 'AROAEXAMPLE:b', address: '::1' } }),
      ]),
    ).toEqual([['one', 'two']]);
  });

  it('are each session of a consumer, and each address where only that is denied', () => {
    expect(
      idsOf([
        suspect({ id: 'one', second: 1, denied: { session, address } }),
        suspect({ id: 'two', second: 2, denied: { session: 'AROAEXAMPLE:other', address } }),
        suspect({ id: 'three', second: 3, denied: { address } }),
        suspect({ id: 'four', second: 4, denied: { address } }),
      ]),
    ).toEqual([['one'], ['two'], ['three', 'four']]);
  });

  it('are none of whom nothing may be denied', () => {
    expect(idsOf([suspect({})])).toEqual([]);
  });

  it('come with the most suspicious first, whatever order they arrive in', () => {
    const some = [
      suspect({ id: 'b', denied, score: 80, second: 1 }),
      suspect({ id: 'c', denied, score: 80, second: 0 }),
      suspect({ id: 'd', denied, score: 95, second: 9 }),
      suspect({ id: 'a', denied, score: 80, second: 1 }),
      suspect({ id: 'e', denied: { address }, score: 99 }),
    ];
    for (const order of [some, some.toReversed()]) {
      expect(idsOf(order)).toEqual([['e'], ['d', 'c', 'a', 'b']]);
    }
  });
});

describe('a quarantine', () => {
  const of = (more: object = {}) =>
    quarantineOf({ ...suspect({ id: 'e1' }), denied, ...more }, RULES, NOW);

  it('says who, what is denied, why and for how long', () => {
    expect(of()).toEqual({
      id: idOf(denied),
      denied,
      principal: STRANGER,
      key: 'web',
      score: 90,
      reasons: ['no device of its own', 'a place that is new for it'],
      eventId: 'e1',
      at: '2026-11-24T12:00:00.000Z',
      until: '2026-11-25T12:00:00.000Z',
    });
  });

  it('has the sequence before its reasons, and MFA after them', () => {
    const sequence = { code: 'x', score: 95, reason: 'read after StopLogging', hasRead: true };
    const judged = weighed({ risk: { sequence } });
    const { reasons } = of({ judged, proof: 'its user has no MFA device' });
    expect(reasons.at(0)).toBe('read after StopLogging');
    expect(reasons.at(-1)).toBe('its user has no MFA device');
  });

  it('of a sign-in names no key', () => {
    const judged = weighed({ subject: { of: 'sign-in' } });
    const { key: _, ...found } = judged.case;
    expect(of({ judged: { ...judged, case: found } })).not.toHaveProperty('key');
  });

  it('holds nothing that a caller wrote to be told as a key', () => {
    const key = '1f0e9d8c'.repeat(4);
    const principal = `arn:aws:iam::111122223333:role/${key}`;
    const judged = weighed({ call: { principal } });
    expect(of({ judged: { ...judged, case: { ...judged.case, key } } })).toMatchObject({
      principal: 'arn:aws:iam::111122223333:role/[redacted]',
      key: '[redacted]',
    });
  });
});

describe('of whom a quarantine is there', () => {
  const kept = (one: Denied, more: Partial<Kept> = {}): Kept => ({
    ...quarantineOf({ ...suspect({}), denied: one }, RULES, NOW),
    isAnnounced: true,
    slot: 1,
    ...more,
  });
  const wanted = quarantineOf({ ...suspect({}), denied }, RULES, NOW);
  const narrowed = (some: readonly Kept[], now = NOW) => withoutKnown(wanted, some, now).denied;
  const elsewhere = { principal: STRANGER, address: '198.51.100.1' };

  it('no other address is denied too', () => {
    expect(narrowed([kept(elsewhere)])).toEqual({ session, principal: STRANGER });
    expect(withoutKnown(wanted, [kept(elsewhere)], NOW).id).not.toBe(wanted.id);
  });

  it('no other address is denied after a release either', () => {
    const released = kept(elsewhere, { releasedAt: NOW.toISOString() });
    expect(narrowed([released])).toEqual({ session, principal: STRANGER });
  });

  it('an address that was released with another reader is not denied either', () => {
    const other = { principal: 'arn:aws:iam::111122223333:role/other', address };
    const released = kept(other, { releasedAt: NOW.toISOString() });
    expect(narrowed([released])).toEqual({ session, principal: STRANGER });
    expect(narrowed([kept(other)])).toEqual(denied);
  });

  it.each([
    ['once it is over', [kept(elsewhere)], new Date('2026-11-25T12:00:00Z')],
    ['of another reader from the same address', [kept({ address })], NOW],
    ['by none', [], NOW],
  ])('%s all is denied', (_, some, now) => {
    expect(narrowed(some, now)).toEqual(denied);
  });

  it('an address alone stays one', () => {
    const alone = { ...wanted, denied: { address } };
    expect(withoutKnown(alone, [kept(elsewhere)], NOW)).toBe(alone);
  });
});
