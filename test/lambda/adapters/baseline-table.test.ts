import { beforeEach, describe, expect, it } from 'vitest';
import { baselineTable } from '../../../lambda/adapters/baseline-table.ts';
import { guardTable } from '../../../lambda/contract.ts';
import type { Baselines, Outdated } from '../../../lambda/domain/access-guard/risk/ports.ts';
import { FakeAws } from '../../aws/fakes/fake-aws.ts';

const TABLE = 'guard';
const ANN = 'arn:aws:iam::111122223333:user/ann';
const EXPIRES = new Date('2027-01-23T00:00:00Z');
const NOTHING: Outdated = { traits: [], seen: new Map(), days: [], steps: [] };

let aws: FakeAws;
let baselines: Baselines;
beforeEach(() => {
  aws = new FakeAws({ now: new Date('2026-11-24T00:00:00Z') });
  aws.dynamoDb.seedTable(TABLE, guardTable.id);
  baselines = baselineTable(aws.clients.dynamoDb, TABLE);
});

const reads = (...days: [number, number][]) => ({ reads: new Map(days), steps: [] });
const known = () => baselines.note(ANN, reads(), EXPIRES);
const item = (id: string) => aws.dynamoDb.itemsOf(TABLE).get(id);

describe('what a principal did', () => {
  it('is added to what is known, and answered with it', async () => {
    const first = { reads: new Map([[20_780, 3]]), steps: ['list 1 -'] };
    expect(await baselines.note(ANN, first, EXPIRES)).toEqual({ ...first, traits: new Map() });
    const steps = ['list 1 -', 'read 2 near'];
    const more = {
      reads: new Map([
        [20_780, 2],
        [20_781, 1],
      ]),
      steps,
    };
    expect(await baselines.note(ANN, more, EXPIRES)).toEqual({
      traits: new Map(),
      reads: new Map([
        [20_780, 5],
        [20_781, 1],
      ]),
      steps,
    });
  });

  it('is nothing of one who was never noted, and asking notes nothing', async () => {
    const nothing = { traits: new Map(), reads: new Map(), steps: [] };
    expect(await baselines.known(ANN)).toEqual(nothing);
    expect(item(`baseline ${ANN}`)).toBeUndefined();
    await baselines.note(ANN, reads([1, 1]), EXPIRES);
    expect(await baselines.known(ANN)).toEqual({ ...nothing, reads: new Map([[1, 1]]) });
  });

  it('adds up when several write at once', async () => {
    aws.takeTime(20);
    await Promise.all([1, 2, 3].map((count) => baselines.note(ANN, reads([1, count]), EXPIRES)));
    expect((await known()).reads).toEqual(new Map([[1, 6]]));
  });

  it('is counted again when it is noted again, which its callers know', async () => {
    aws.faults.fail('UpdateItem', { error: 'timeout', when: 'after' });
    await expect(baselines.note(ANN, reads([1, 1]), EXPIRES)).rejects.toThrow();
    await baselines.note(ANN, reads([1, 1]), EXPIRES);
    expect((await known()).reads).toEqual(new Map([[1, 2]]));
  });

  it('is each principal’s own, however long its ARN', async () => {
    const long = (end: string) => `arn:aws:iam::111122223333:role/${'x'.repeat(2_500)}${end}`;
    await baselines.note(long('1'), reads([1, 1]), EXPIRES);
    expect((await baselines.note(long('2'), reads(), EXPIRES)).reads.size).toBe(0);
  });

  it('is kept until it expires, told anew each time', async () => {
    await known();
    const later = new Date(EXPIRES.getTime() + 1_000);
    await baselines.note(ANN, reads(), later);
    expect(item(`baseline ${ANN}`)?.expires).toEqual({ N: String(later.getTime() / 1_000) });
  });
});

describe('what is learned of it', () => {
  it('is each trait with its days, each once', async () => {
    await baselines.learn(ANN, ['place 192.0.2.0/24', 'hour 9'], 20_780, NOTHING);
    await baselines.learn(ANN, ['hour 9'], 20_781, NOTHING);
    await baselines.learn(ANN, ['hour 9'], 20_781, NOTHING);
    expect((await known()).traits).toEqual(
      new Map([
        ['place 192.0.2.0/24', [20_780]],
        ['hour 9', [20_780, 20_781]],
      ]),
    );
  });

  it('takes what is outdated away in the same call', async () => {
    const steps = ['list 1 -', 'look 2 -'];
    await baselines.note(
      ANN,
      {
        reads: new Map([
          [1, 9],
          [2, 8],
        ]),
        steps,
      },
      EXPIRES,
    );
    for (const day of [1, 2, 3]) await baselines.learn(ANN, ['hour 9', 'hour 10'], day, NOTHING);
    aws.resetCalls();
    await baselines.learn(ANN, ['hour 11'], 4, {
      traits: ['hour 10'],
      seen: new Map([['hour 9', [1, 2]]]),
      days: [1],
      steps: ['list 1 -'],
    });
    expect(aws.calls).toHaveLength(1);
    expect(await known()).toEqual({
      traits: new Map([
        ['hour 9', [3]],
        ['hour 11', [4]],
      ]),
      reads: new Map([[2, 8]]),
      steps: ['look 2 -'],
    });
  });

  it('may be gone already', async () => {
    await known();
    const outdated = { traits: ['a'], seen: new Map([['b', [1]]]), days: [1], steps: ['c'] };
    await baselines.learn(ANN, [], 4, outdated);
    expect(await known()).toEqual({ traits: new Map(), reads: new Map(), steps: [] });
  });

  it('is nothing without a call', async () => {
    await baselines.learn(ANN, [], 4, NOTHING);
    expect(aws.calls).toEqual([]);
  });

  it('is as much at once as ever comes', async () => {
    const many = (kind: string) => Array.from({ length: 40 }, (_, index) => `${kind} ${index}`);
    const days = Array.from({ length: 40 }, (_, index) => index);
    const seen = new Map(many('hour').map((trait) => [trait, days]));
    const outdated = { traits: many('agent'), seen, days, steps: many('step') };
    await baselines.learn(ANN, many('place'), 20_781, outdated);
    expect((await known()).traits.size).toBe(40);
  });
});

describe('an address', () => {
  const now = new Date('2026-11-24T00:00:00Z');

  it('is kept until it expires, deleted by then or not', async () => {
    expect(await baselines.isKept('192.0.2.10', now)).toBe(false);
    await baselines.keepAddress('192.0.2.10', EXPIRES);
    expect(await baselines.isKept('192.0.2.10', now)).toBe(true);
    expect(await baselines.isKept('192.0.2.11', now)).toBe(false);
    expect(await baselines.isKept('192.0.2.10', EXPIRES)).toBe(false);
  });
});

describe('a table that gives no answer', () => {
  it.each<[string, string, () => Promise<unknown>]>([
    ['note', 'UpdateItem', known],
    ['known', 'GetItem', () => baselines.known(ANN)],
    ['learn', 'UpdateItem', () => baselines.learn(ANN, ['hour 9'], 1, NOTHING)],
    ['keepAddress', 'PutItem', () => baselines.keepAddress('192.0.2.10', EXPIRES)],
    ['isKept', 'GetItem', () => baselines.isKept('192.0.2.10', EXPIRES)],
  ])('fails %s with the call and the table', async (_, command, act) => {
    aws.faults.fail(command, { error: 'throttled' });
    await expect(act()).rejects.toMatchObject({
      code: 'THROTTLED',
      message: expect.stringContaining(`table ${TABLE}`),
    });
  });
});
