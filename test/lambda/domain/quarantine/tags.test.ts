import { describe, expect, it } from 'vitest';
import { QUARANTINE_TAGS, tag } from '../../../../lambda/contract.ts';
import type { Denied, Kept } from '../../../../lambda/domain/quarantine/quarantine.ts';
import {
  deniable,
  differenceOf,
  settingOf,
  slotFor,
  tagsFor,
  wordsOf,
  wordsTold,
} from '../../../../lambda/domain/quarantine/tags.ts';
import { ADDRESS, INTERN, LAPTOP, later, NOW, quarantined } from '../../quarantined.ts';

const kept = (denied: Denied, slot = 1, over: Partial<Kept> = {}): Kept => ({
  ...quarantined(denied),
  isAnnounced: true,
  slot,
  ...over,
});
const [first, second] = [tag.quarantine(1), tag.quarantine(2)];
/** A role of so many characters. */
const roleOf = (length: number) => {
  const start = 'arn:aws:iam::111122223333:role/';
  return start + 'r'.repeat(length - start.length);
};
const IPV6 = '2001:0db8:1111:2222:3333:4444:5555:6666';

describe('what of a target a tag can name', () => {
  it('is a session, a role and an address', () => {
    const all = { session: LAPTOP, principal: INTERN, address: ADDRESS };
    expect(deniable(all)).toEqual(all);
  });

  it.each([
    ['with a comma', 'AROAEXAMPLE:ann,bob'],
    ['with a space', 'AROAEXAMPLE:ann bob'],
    ['of other letters', 'AROAEXAMPLE:josé'],
    ['with what policies match any text by', 'AROAEXAMPLE:*'],
    ['of no letters', ''],
    ["that is what policies put for what a request doesn't have", 'none'],
    ['that is the mark', 'denied'],
    ['with a key in it', `AROAEXAMPLE:my-${'1f0e9d8c'.repeat(4)}`],
    ['that is a key', '1f0e9d8c'.repeat(4)],
    ['with two keys', `AROAEXAMPLE:${'1f0e9d8c'.repeat(8)}`],
  ])('is no session %s', (_, session) => {
    expect(deniable({ session })).toBeUndefined();
    expect(deniable({ session, address: ADDRESS })).toEqual({ address: ADDRESS });
    expect(slotFor({ session }, [], NOW)).toBeUndefined();
  });

  it("is the session of an ECS task, which is told without the task's id", () => {
    const session = `AROAEXAMPLETASK000000:${'0a1b2c3d'.repeat(4)}`;
    expect(deniable({ session, address: ADDRESS })).toEqual({ session, address: ADDRESS });
    expect(wordsOf({ session })).toEqual([session]);
    expect(wordsTold({ session })).toEqual(['AROAEXAMPLETASK000000:[redacted]']);
  });

  it('is everything that e-mail addresses and Identity Center make of names', () => {
    const session = 'AROAEXAMPLEINTERN0000:ann.o-brien+test=1@example.com';
    const principal =
      'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef';
    expect(deniable({ session, principal, address: IPV6 })).toEqual({
      session,
      principal,
      address: IPV6,
    });
  });

  it('is the role without the address where its ARN is long, and neither where it is too long', () => {
    const target = (length: number) => ({
      session: LAPTOP,
      principal: roleOf(length),
      address: IPV6,
    });
    expect(deniable(target(202))).toEqual(target(202));
    const { address: _, ...longer } = target(203);
    expect(deniable(target(203))).toEqual(longer);
    expect(deniable(target(242))).toEqual({ session: LAPTOP, principal: roleOf(242) });
    expect(deniable(target(243))).toEqual({ session: LAPTOP, address: IPV6 });
    expect(deniable({ session: 'x'.repeat(243), address: IPV6 })).toEqual({ address: IPV6 });
  });

  it('names no session of a role that is denied as a whole', () => {
    const all = { session: LAPTOP, principal: INTERN, address: ADDRESS };
    expect(wordsOf(all)).toEqual([INTERN, ADDRESS]);
    expect(wordsOf({ ...all, principal: 'of,comma' })).toEqual([LAPTOP, ADDRESS]);
  });
});

describe('the tags', () => {
  it('are none without a quarantine', () => {
    expect(tagsFor([], NOW)).toEqual({});
  });

  it('hold words between single spaces and marks, so that each has a space on both sides', () => {
    const one = kept({ session: LAPTOP, address: ADDRESS });
    expect(tagsFor([one], NOW)).toEqual({ [first]: `denied ${LAPTOP} ${ADDRESS} denied` });
  });

  it('hold what several deny once', () => {
    const all = [
      kept({ principal: INTERN, address: ADDRESS }),
      kept({ principal: INTERN, address: IPV6 }),
    ];
    expect(tagsFor(all, NOW)).toEqual({ [first]: `denied ${INTERN} ${ADDRESS} ${IPV6} denied` });
  });

  it.each([
    ['over', {}, later(24)],
    ['released', { releasedAt: NOW.toISOString() }, NOW],
  ])('hold nothing of one that is %s, and all of the others where it was', (_, over, now) => {
    const gone = kept({ principal: INTERN, address: ADDRESS }, 1, over);
    const until = later(48).toISOString();
    const other = kept({ address: IPV6 }, 1, { until });
    const [slot] = [kept({ session: LAPTOP }, 2, { until })];
    expect(tagsFor([gone, other, slot], now)).toEqual({
      [first]: `denied ${IPV6} denied`,
      [second]: `denied ${LAPTOP} denied`,
    });
  });

  it('still deny in the last millisecond before the end', () => {
    const one = kept({ address: ADDRESS });
    expect(tagsFor([one], new Date(later(24).getTime() - 1))).not.toEqual({});
    expect(tagsFor([one], later(24))).toEqual({});
  });

  it('have room for 256 characters each, and the one after goes into the next', () => {
    const long = kept({ principal: roleOf(202) });
    const fitting = { address: IPV6 };
    expect(slotFor(fitting, [long], NOW)).toBe(1);
    const longer = kept({ principal: roleOf(203) });
    expect(slotFor(fitting, [longer], NOW)).toBe(2);
    const value = tagsFor([long, kept(fitting)], NOW)[first] ?? '';
    expect(value).toHaveLength(256);
  });

  it('have no room when all are full, unless the words are there already', () => {
    const slots = Array.from({ length: QUARANTINE_TAGS }, (_, index) => index + 1);
    const full = slots.map((slot) => kept({ principal: roleOf(242 - slot) }, slot));
    expect(slotFor({ address: ADDRESS }, full, NOW)).toBeUndefined();
    expect(slotFor({ principal: roleOf(240) }, full, NOW)).toBe(2);
    expect(slotFor({ address: ADDRESS }, full, later(24))).toBe(1);
  });
});

describe('the tags of a secret, compared with those that are wanted', () => {
  const wanted = { [first]: `denied ${ADDRESS} denied` };

  it('are right as they are', () => {
    const present = new Map([...Object.entries(wanted), ['team', 'growth']]);
    expect(differenceOf(present, wanted)).toBeUndefined();
    expect(differenceOf(new Map([['team', 'growth']]), {})).toBeUndefined();
  });

  it('lack one, or have it with other words', () => {
    expect(differenceOf(new Map(), wanted)).toEqual({ set: wanted, off: [] });
    const weaker = new Map([[first, 'denied denied']]);
    expect(differenceOf(weaker, wanted)).toEqual({ set: wanted, off: [] });
  });

  it('have one that nobody wants, and what else begins like it is left alone', () => {
    const present = new Map([
      ...Object.entries(wanted),
      [second, 'x'],
      ['amplitude-quarantine-9', 'x'],
    ]);
    expect(differenceOf(present, wanted)).toEqual({ set: {}, off: [second] });
  });

  it('are set blindly for some of them alone', () => {
    expect(settingOf([1], wanted)).toEqual({ set: wanted, off: [] });
    expect(settingOf([2], wanted)).toEqual({ set: {}, off: [second] });
  });
});
