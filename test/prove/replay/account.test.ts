import { beforeAll, describe, expect, it } from 'vitest';
import { recordedCall } from '../../../lambda/adapters/cloudtrail-event.ts';
import { geoDatabase } from '../../../lambda/adapters/geo-database.ts';
import { consumerTags } from './account/grants.ts';
import { type Account, createAccount } from './account.ts';
import { ATTACK_KINDS } from './attacks.ts';
import { dayOf, REPLAYED, WARM_UP_DAYS } from './calendar.ts';
import { withCountries } from './countries.ts';
import type { Happening } from './happening.ts';

const CMK = 'arn:aws:kms:us-east-1:111122223333:key/0a1b2c3d';
const accountOf = (seed: number, scale = 1): Account =>
  createAccount({ seed, scale, attacks: [3, 5], cmkArn: CMK });
/** Attacks and a part of the rest: to make all records takes long. */
const sampled = (all: readonly Happening[]) =>
  all.filter(({ origin }, index) => origin.is === 'attack' || index % 20 === 0);
const recordsOf = (some: readonly Happening[]) => some.map((one) => one.record());

describe('an account', () => {
  it('is the same again by the same seed, and another by another', () => {
    const few = (seed: number) => {
      const account = accountOf(seed, 0.02);
      return [
        account.attacks,
        ...[3, WARM_UP_DAYS].map((day) => recordsOf(account.on(dayOf(day)))),
      ];
    };
    const first = JSON.stringify(few(7));
    expect(JSON.stringify(few(7))).toBe(first);
    expect(JSON.stringify(few(8))).not.toBe(first);
  });

  it('has attacks that change nothing of what the others do', () => {
    const of = (attacks: readonly [number, number]) =>
      createAccount({ seed: 7, scale: 0.02, attacks, cmkArn: CMK })
        .on(dayOf(4))
        .filter(({ origin }) => origin.is === 'usual')
        .map((one) => one.idOf());
    expect(of([3, 3])).toEqual(of([1, 1]));
  });
});

describe('the replayed day', () => {
  let account: Account;
  let all: readonly Happening[];
  let some: readonly Happening[];
  beforeAll(() => {
    account = accountOf(7);
    all = account.on(REPLAYED);
    some = sampled(all);
  });
  const attackOf = ({ origin }: Happening) =>
    origin.is === 'attack' && !origin.planted.isBeyond ? origin.planted : undefined;

  it('has a hundred thousand events, most of them reads that nobody wants to hear of', () => {
    const usual = all.filter(({ isRead, origin }) => isRead && origin.is === 'usual');
    expect(all.length).toBeGreaterThan(100_000);
    expect(usual.length).toBeGreaterThan(70_000);
    expect(new Set(usual.map(({ principal }) => principal)).size).toBeGreaterThan(35);
  });

  it('has attacks of every kind, each with an event of its own day', () => {
    const kinds = Map.groupBy(account.attacks, ({ kind }) => kind);
    for (const { name } of ATTACK_KINDS) {
      const theirs = kinds.get(name)?.filter(({ isBeyond }) => !isBeyond) ?? [];
      expect(theirs.length, name).toBeGreaterThanOrEqual(3);
      expect(theirs.length, name).toBeLessThanOrEqual(5);
      expect(new Set(theirs.map(({ told }) => told)).size, name).toBe(theirs.length);
    }
    const seen = new Set(all.flatMap((one) => attackOf(one) ?? []));
    expect(seen).toEqual(new Set(account.attacks.filter(({ isBeyond }) => !isBeyond)));
  });

  it('has records that the guard can read, each with an id of its own', () => {
    const calls = recordsOf(some).map((record) => recordedCall(record));
    expect(calls.every((call) => call !== undefined)).toBe(true);
    expect(calls.map((call) => call?.id)).toEqual(some.map((one) => one.idOf()));
    expect(calls.map((call) => call?.principal)).toEqual(some.map(({ principal }) => principal));
    expect(new Set(all.map((one) => one.idOf())).size).toBe(all.length);
  });

  it('has no good reader without a grant', () => {
    const isOwn = ({ origin }: Happening) => origin.is === 'usual' && origin.who === 'stack';
    const reads = some.filter((one) => one.isRead && one.origin.is !== 'attack' && !isOwn(one));
    const strange = reads.filter((one) => {
      const call = recordedCall(one.record());
      const key = call?.secretId?.split('/').at(-1) ?? '';
      const granted = Object.values(consumerTags(key, WARM_UP_DAYS));
      return !granted.some((arn) => arn === one.principal || arn.split(':')[4] === one.principal);
    });
    expect(strange.map(({ principal }) => principal)).toEqual([]);
  });

  it('has no more consumers of a key than the configuration takes', () => {
    for (const key of ['web', 'server', 'mobile', 'growth', 'partner', 'export']) {
      expect(Object.keys(consumerTags(key, WARM_UP_DAYS)).length, key).toBeLessThanOrEqual(15);
    }
  });

  it('has addresses whose country is known, but those of the network within', async () => {
    const clock = { now: () => new Date(REPLAYED.start) };
    await withCountries(async (path) => {
      const countries = geoDatabase(path, clock);
      const addresses = new Set(some.map((one) => recordedCall(one.record())?.address ?? ''));
      const unknown = [...addresses].filter((address) => !countries.countryOf(address));
      const elsewhere = unknown.filter((address) => !/^10\.0\.|\.amazonaws\.com$/.test(address));
      expect(elsewhere).toEqual([]);
      expect(addresses.size).toBeGreaterThan(100);
    });
  });
});

describe('the days before', () => {
  it('have no attack but those that take patience: for two weeks, once or twice a day', () => {
    const account = accountOf(7, 0.02);
    const days = Array.from({ length: WARM_UP_DAYS }, (_, index) => account.on(dayOf(index)));
    const attacks = days.map((all) =>
      all.flatMap(({ origin }) =>
        origin.is === 'attack' && !origin.planted.isBeyond ? [origin.planted] : [],
      ),
    );
    expect(new Set(attacks.flat().map(({ kind }) => kind))).toEqual(new Set(['patient poisoner']));
    for (const planted of new Set(attacks.flat())) {
      const counts = attacks.map((some) => some.filter((one) => one === planted).length);
      expect(counts.slice(0, 7)).toEqual(Array(7).fill(0));
      expect(counts.slice(7).every((count) => count === 1 || count === 2)).toBe(true);
    }
  });
});
