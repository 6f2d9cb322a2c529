import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Added,
  dropExpired,
  markAnnounced,
  release,
} from '../../../../lambda/domain/quarantine/change.ts';
import { idOf } from '../../../../lambda/domain/quarantine/quarantine.ts';
import type { FakeAws } from '../../../aws/fakes/fake-aws.ts';
import { ADDRESS, fakeWith, INTERN, keeping, LAPTOP } from '../../quarantined.ts';

const HOUR = 3_600_000;
let aws: FakeAws;
let kept: ReturnType<typeof keeping>;
beforeEach(() => {
  aws = fakeWith();
  kept = keeping(aws);
});

const address = (number: number) => ({ address: `203.0.113.${number}` });
const all = async () => (await kept.ports.quarantines.all()).quarantines;
const ids = async () => (await all()).map(({ id }) => id);
const now = () => aws.clock.now();
const wordOf = async (added: Promise<Added>) => (await added).word;
const releaseOf = (denied: object) => release(kept.ports, idOf(denied), now());
describe('a quarantine that is added', () => {
  it('is kept with a tag of its own, not announced yet', async () => {
    const added = await kept.add({ session: LAPTOP, address: ADDRESS });
    expect(added).toMatchObject({ word: 'added', quarantine: { slot: 1, isAnnounced: false } });
    expect(await all()).toEqual([(added as { quarantine?: unknown }).quarantine]);
  });

  it('twice is one: of a message that comes again', async () => {
    await kept.add({ session: LAPTOP });
    expect(await wordOf(kept.add({ session: LAPTOP }, { eventId: 'event-2' }))).toBe(
      'there already',
    );
    expect(await ids()).toHaveLength(1);
  });

  it('is there already where its words are denied, whichever quarantines deny them', async () => {
    const role = await kept.add({ principal: INTERN, address: ADDRESS });
    const session = { session: LAPTOP, principal: INTERN, address: ADDRESS };
    expect(await kept.add(session)).toEqual({ ...role, word: 'there already' });
    await kept.add(address(10));
    expect(await wordOf(kept.add({ principal: INTERN, ...address(10) }))).toBe('there already');
    expect(await wordOf(kept.add({ principal: INTERN, ...address(11) }))).toBe('added');
  });

  it('begins anew once the one before is over', async () => {
    await kept.add({ session: LAPTOP }, { hours: 1 });
    aws.clock.advance(HOUR);
    expect(await wordOf(kept.add({ session: LAPTOP }))).toBe('added');
    expect(await ids()).toHaveLength(1);
  });

  it('is written after all when its answer is lost, and found by the next try', async () => {
    aws.faults.fail('PutItem', { error: 'timeout', when: 'after' });
    await expect(kept.add({ session: LAPTOP })).rejects.toMatchObject({ code: 'AWS_CALL_FAILED' });
    expect(await wordOf(kept.add({ session: LAPTOP }))).toBe('there already');
  });

  it.each(['GetItem', 'PutItem'])('is none while %s is throttled', async (command) => {
    aws.faults.fail(command, { error: 'throttled' });
    await expect(kept.add({ session: LAPTOP })).rejects.toMatchObject({ code: 'THROTTLED' });
    expect(await ids()).toEqual([]);
  });
});

describe('many quarantines', () => {
  it('begin at most so many times an hour, whatever became of them', async () => {
    for (const number of [1, 2, 3]) await kept.add(address(number), {}, 3);
    expect(await wordOf(kept.add(address(4), {}, 3))).toBe('limit');
    await releaseOf(address(1));
    expect(await wordOf(kept.add(address(4), {}, 3))).toBe('limit');
    aws.clock.advance(HOUR - 1);
    expect(await wordOf(kept.add(address(4), {}, 3))).toBe('limit');
    aws.clock.advance(1);
    expect(await wordOf(kept.add(address(4), {}, 3))).toBe('added');
  });

  it('count even when they last no longer than the hour', async () => {
    await kept.add(address(1), { hours: 0.5 }, 1);
    aws.clock.advance(HOUR - 1);
    await dropExpired(kept.ports, now());
    expect(await wordOf(kept.add(address(2), {}, 1))).toBe('limit');
  });

  it('at once are all kept, and exactly as many as may be', async () => {
    const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
    const words = await Promise.all(
      numbers.map((number) => wordOf(kept.add(address(number), {}, 5))),
    );
    expect(words.filter((word) => word === 'added')).toHaveLength(5);
    expect(words.filter((word) => word === 'limit')).toHaveLength(3);
    expect(await ids()).toHaveLength(5);
  });

  it('fill the tags, and one that has no room is none', async () => {
    const role = (letter: string) => ({
      principal: `arn:aws:iam::111122223333:role/${letter.repeat(190)}`,
    });
    for (const letter of ['r', 's', 't', 'u']) {
      expect(await wordOf(kept.add(role(letter)))).toBe('added');
    }
    expect(await wordOf(kept.add(role('v')))).toBe('full');
    expect(await wordOf(kept.add({ address: '2001:db8:1111:2222:3333::1' }))).toBe('full');
    expect(await wordOf(kept.add({ address: '192.0.2.1' }))).toBe('added');
    await releaseOf(role('s'));
    expect(await kept.add(role('v'))).toMatchObject({ word: 'added', quarantine: { slot: 2 } });
  });

  it('of whom nothing can be named are none', async () => {
    expect(await wordOf(kept.add({ session: 'AROAEXAMPLE:ann,bob' }))).toBe('full');
  });
});

describe('a release', () => {
  it('ends a quarantine, and no late event begins it anew before its time', async () => {
    await kept.add({ principal: INTERN, address: ADDRESS });
    const { quarantine } = await releaseOf({ principal: INTERN, address: ADDRESS });
    expect(quarantine.releasedAt).toBe(now().toISOString());
    const again = kept.add({ session: LAPTOP, principal: INTERN, address: ADDRESS });
    expect(await again).toEqual({ word: 'released', quarantine });
    expect(await wordOf(kept.add({ principal: INTERN, ...address(1) }))).toBe('added');
    aws.clock.advance(24 * HOUR);
    expect(await wordOf(kept.add({ principal: INTERN, address: ADDRESS }))).toBe('added');
  });

  it('twice is one', async () => {
    await kept.add({ session: LAPTOP });
    const once = await releaseOf({ session: LAPTOP });
    aws.clock.advance(1_000);
    expect(await releaseOf({ session: LAPTOP })).toEqual(once);
  });

  it('says which others deny some of the same', async () => {
    await kept.add({ principal: INTERN, ...address(1) });
    await kept.add({ principal: INTERN, ...address(2) });
    await kept.add(address(3));
    const { stillDeniedBy } = await releaseOf({ principal: INTERN, ...address(1) });
    expect(stillDeniedBy).toEqual([idOf({ principal: INTERN, ...address(2) })]);
  });

  it('of none that there is names those that there are', async () => {
    await kept.add({ session: LAPTOP, address: ADDRESS });
    const error = await release(kept.ports, '01234567', now()).catch((reason) => reason);
    expect(error.code).toBe('QUARANTINE_NOT_FOUND');
    expect(error.message).toBe(
      `There is no quarantine 01234567 in environment dev; nothing was changed. There are: ${idOf({ session: LAPTOP, address: ADDRESS })} (${LAPTOP}, ${ADDRESS}).`,
    );
  });

  it('of one that is over finds none', async () => {
    await kept.add({ session: LAPTOP }, { hours: 1 });
    aws.clock.advance(HOUR);
    await expect(releaseOf({ session: LAPTOP })).rejects.toThrow('There are: none.');
  });

  it('at the same time as an add loses neither', async () => {
    await kept.add(address(1));
    const [released, added] = await Promise.all([releaseOf(address(1)), kept.add(address(2))]);
    const { releasedAt } = released.quarantine;
    expect(await all()).toEqual([
      expect.objectContaining({ denied: address(1), releasedAt }),
      (added as { quarantine?: unknown }).quarantine,
    ]);
  });
});

describe('what is over', () => {
  it('is dropped, and nothing is written where nothing is', async () => {
    await kept.add(address(1), { hours: 2 });
    await kept.add(address(2), { hours: 3 });
    aws.clock.advance(2 * HOUR);
    aws.resetCalls();
    expect(await dropExpired(kept.ports, now())).toEqual(await all());
    expect(await ids()).toEqual([idOf(address(2))]);
    await dropExpired(kept.ports, now());
    expect(aws.countOf('PutItem')).toBe(1);
  });
});

describe('that the event bus was told', () => {
  it('is kept once, and of one that is gone is nothing', async () => {
    await kept.add(address(1));
    await kept.add(address(2));
    await markAnnounced(kept.ports, [idOf(address(1))]);
    expect((await all()).map(({ isAnnounced }) => isAnnounced)).toEqual([true, false]);
    aws.resetCalls();
    await markAnnounced(kept.ports, [idOf(address(1)), '01234567']);
    expect(aws.countOf('PutItem')).toBe(0);
  });
});

describe('a change that others always come before', () => {
  it('is given up in the end, and says that it may be tried again', async () => {
    let number = 0;
    const meanwhile = keeping(aws);
    let isOther = false;
    aws.onCall = async ({ command }) => {
      if (command !== 'PutItem' || isOther) return;
      isOther = true;
      number += 1;
      await meanwhile.ports.quarantines.change([], number - 1);
      isOther = false;
    };
    const error = await kept.add(address(1)).catch((reason) => reason);
    expect(error.code).toBe('QUARANTINES_BUSY');
    expect(error.message).toContain('safe to run again');
    expect(number).toBe(10);
  });
});
