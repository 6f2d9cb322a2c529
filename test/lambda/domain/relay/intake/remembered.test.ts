import { beforeEach, describe, expect, it } from 'vitest';
import { KeysError } from '../../../../../lambda/domain/errors.ts';
import { Remembered } from '../../../../../lambda/domain/relay/intake/remembered.ts';
import { Clock } from '../../../../aws/fakes/clock.ts';

let clock: Clock;
let answers: (number | Error)[];
let asked: number;
let told: string[];
beforeEach(() => {
  clock = new Clock(new Date('2026-11-24T00:00:00Z'));
  answers = [];
  asked = 0;
  told = [];
});

/** Good for 60 s, usable for 300 s, asked again after 10 s. */
const remembered = (more: { first?: number; usableMs?: number } = {}) =>
  new Remembered<number>({
    async ask() {
      asked += 1;
      const answer = answers.shift() ?? asked;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    now: () => clock.now(),
    goodMs: 60_000,
    usableMs: 300_000,
    pauseMs: 10_000,
    tell: ({ code }) => void told.push(code),
    ...more,
  });

const FAILURE = new KeysError('THROTTLED', 'not now');
const refused = { code: 'THROTTLED' };

describe('an answer', () => {
  it('is asked for once while it is good, by all who ask at once too', async () => {
    const one = remembered();
    expect(await Promise.all([one.get(), one.get(), one.renew()])).toEqual([1, 1, 1]);
    clock.advance(60_000);
    expect(await one.get()).toBe(1);
    clock.advance(1);
    expect(await one.get()).toBe(2);
  });

  it('is used on where there is no newer one, and asked for after a pause only', async () => {
    const one = remembered();
    await one.get();
    answers = [FAILURE, FAILURE];
    clock.advance(61_000);
    expect([await one.get(), await one.get(), asked]).toEqual([1, 1, 2]);
    clock.advance(10_000);
    expect([await one.get(), asked]).toEqual([1, 3]);
    expect(told).toEqual(['THROTTLED', 'THROTTLED']);
    clock.advance(10_000);
    expect([await one.get(), asked]).toEqual([4, 4]);
  });

  it('is none once it is too old to use, until there is another', async () => {
    const one = remembered();
    await one.get();
    clock.advance(300_000);
    answers = [FAILURE, FAILURE, FAILURE];
    expect(await one.get()).toBe(1);
    clock.advance(1);
    await expect(one.get()).rejects.toMatchObject(refused);
    await expect(one.get()).rejects.toMatchObject(refused);
    expect(await one.get()).toBe(5);
  });

  it('that was never given is asked for each time', async () => {
    answers = [FAILURE, FAILURE];
    const one = remembered();
    await expect(one.get()).rejects.toMatchObject(refused);
    await expect(one.get()).rejects.toMatchObject(refused);
    expect(await one.get()).toBe(3);
  });

  it('may be there from the first, and is used until there is another', async () => {
    answers = [FAILURE];
    const one = remembered({ first: 0, usableMs: Number.POSITIVE_INFINITY });
    expect([await one.get(), await one.get(), asked]).toEqual([0, 0, 1]);
    clock.advance(10_000);
    expect(await one.get()).toBe(2);
  });

  it('of an unknown fault is safe to tell', async () => {
    answers = [new TypeError('a token')];
    await expect(remembered().get()).rejects.toMatchObject({ code: 'UNEXPECTED' });
    expect(told).toEqual(['UNEXPECTED']);
  });
});

describe('an answer that is renewed', () => {
  it('is asked for, though the one before is good, unless that was just done', async () => {
    const one = remembered();
    expect(await one.renew()).toBe(1);
    expect(await one.renew()).toBe(1);
    clock.advance(10_000);
    expect(await one.renew()).toBe(2);
    expect(await one.get()).toBe(2);
  });

  it("is never an earlier one where it can't be given", async () => {
    const one = remembered();
    await one.get();
    clock.advance(10_000);
    answers = [FAILURE];
    await expect(one.renew()).rejects.toMatchObject(refused);
    await expect(one.renew()).rejects.toMatchObject(refused);
    expect([await one.get(), asked]).toEqual([1, 2]);
    clock.advance(10_000);
    expect(await one.renew()).toBe(3);
  });
});
