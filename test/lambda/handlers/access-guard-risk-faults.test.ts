import { afterEach, describe, expect, it } from 'vitest';
import { guardTableName, tag } from '../../../lambda/contract.ts';
import { bytesOf } from '../../aws/fakes/dynamodb-item.ts';
import type { Moment } from '../../aws/fakes/faults.ts';
import { type CloudTrailRecord, read, role } from '../../aws/recorded/cloudtrail.ts';
import { createWorld, type World } from '../world.ts';

const BACKEND = 'arn:aws:iam::111122223333:role/backend';
const KEY = '1f0e9d8c'.repeat(4);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let world: World;
afterEach(() => world.close());

/** Two consumers, whose last ten days are known. */
async function guarded(days = 10) {
  const tags = { [tag.consumer(1)]: BACKEND, [tag.consumer(2)]: BACKEND.replace('backend', 'api') };
  world = await createWorld({ guard: { mostReads: 100_000 }, tags });
  for (let day = 0; day < days; day += 1) {
    await world.deliver(readNow(), readNow({ by: role('api') }));
    world.aws.clock.advance(DAY);
  }
}

const readNow = (more: Parameters<typeof read>[0] = {}) =>
  read({ at: world.aws.clock.now(), ...more });
const failuresIn = (answer: { batchItemFailures: readonly { itemIdentifier: string }[] }) =>
  answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
const itemOf = (principal = BACKEND) =>
  world.aws.dynamoDb.itemsOf(guardTableName('dev')).get(`baseline ${principal}`) ?? {};
const readsOf = (day: number) => itemOf()[`reads ${day}`]?.N;
const today = () => Math.floor(world.aws.clock.now().getTime() / DAY);
const linesOf = (record: CloudTrailRecord) =>
  world.uses().filter(({ event_id }) => event_id === record.eventID);

/** Of one principal, learning or not. */
const where =
  (isLearning: boolean, name = 'role/backend') =>
  (input: object) => {
    const { Key, ReturnValues } = input as { Key?: { id: { S: string } }; ReturnValues?: string };
    return (
      Key?.id.S.startsWith('baseline ') === true &&
      Key.id.S.endsWith(name) &&
      (ReturnValues === 'NONE') === isLearning
    );
  };

describe('a baseline that DynamoDB does not give', () => {
  const moments: Moment[] = ['before', 'after'];
  it.each(
    (['throttled', 'timeout', 'access-denied'] as const).flatMap((error) =>
      moments.map((when) => [error, when] as const),
    ),
  )(
    '(%s, %s its effect) leaves its principal alone unjudged, until it comes again',
    async (error, when) => {
      await guarded();
      world.aws.faults.fail('UpdateItem', { error, when, where: where(false) });
      const [mine, other] = [readNow({ from: '198.51.100.7' }), readNow({ by: role('api') })];
      expect(failuresIn(await world.deliver(mine, other))).toEqual(['message-1']);
      expect(linesOf(mine)).toMatchObject([{ verdict: 'unjudged', reasons: [] }]);
      expect(linesOf(mine)[0]).not.toHaveProperty('risk');
      expect(linesOf(other)).toMatchObject([{ verdict: 'ok', risk: 4 }]);
      expect(world.mail()).toEqual([]);
      expect(failuresIn(await world.deliver(mine))).toEqual([]);
      expect(linesOf(mine).at(-1)).toMatchObject({ verdict: 'suspicious', risk: 60 });
      expect(world.mail()).toHaveLength(1);
      // Counted again, when the first time had its effect
      expect(readsOf(today())).toBe(when === 'before' ? '1' : '2');
      expect(world.aws.faults.pending).toEqual([]);
    },
  );

  it('leaves what other rules found as it is', async () => {
    await guarded();
    world.aws.faults.fail('UpdateItem', { error: 'throttled', where: where(false, 'stranger') });
    const stranger = readNow({ by: role('stranger') });
    expect(failuresIn(await world.deliver(stranger))).toEqual(['message-1']);
    expect(linesOf(stranger)).toMatchObject([{ verdict: 'suspicious', reasons: ['no-grant'] }]);
    expect(world.mail()).toEqual(['Amplitude key dev/web: read without a grant']);
  });

  it('is not asked for about what was not counted: it comes again as a whole', async () => {
    await guarded();
    world.aws.faults.fail('UpdateItem', {
      error: 'throttled',
      where: (input) => JSON.stringify(input).includes('reads from 192.0.2.10'),
    });
    const record = readNow();
    expect(failuresIn(await world.deliver(record))).toEqual(['message-1']);
    expect(readsOf(today())).toBeUndefined();
    expect(linesOf(record)[0]).not.toHaveProperty('risk');
  });
});

describe('what could not be learned', () => {
  it('brings back no message, is told in the log, and learned with the next use', async () => {
    await guarded();
    world.aws.faults.fail('UpdateItem', { error: 'throttled', where: where(true) });
    const agent = { with: 'Boto3/1.28' };
    expect(failuresIn(await world.deliver(readNow(agent)))).toEqual([]);
    expect(world.printed.join('\n')).toContain('UpdateItem');
    expect(itemOf()).not.toHaveProperty('seen agent Boto3');
    await world.deliver(readNow(agent));
    expect(itemOf()).toHaveProperty('seen agent Boto3');
    expect(world.aws.faults.pending).toEqual([]);
  });
});

describe('two batches at once', () => {
  it('add up what one principal reads', async () => {
    await guarded();
    world.aws.takeTime(20);
    const batch = () => Array.from({ length: 100 }, () => readNow());
    await Promise.all([1, 2, 3].map(() => world.deliver(...batch())));
    expect(readsOf(today())).toBe('300');
    expect(Math.max(...world.uses().map(({ risk = 0 }) => risk))).toBe(64);
  });

  it('see each other’s keys', async () => {
    await guarded();
    const keys = ['ios', 'android', 'tv', 'watch'];
    for (const key of keys) world.seedKey(key, { tags: { [tag.consumer(1)]: BACKEND } });
    await world.deliver(readNow({ secretId: 'amplitude/dev/none' }));
    world.aws.clock.advance(2 * MINUTE);
    world.aws.takeTime(20);
    await Promise.all(
      keys.map((key) => world.deliver(readNow({ secretId: `amplitude/dev/${key}` }))),
    );
    const risks = world
      .uses()
      .slice(-4)
      .map(({ risk = 0 }) => risk);
    expect(Math.max(...risks)).toBe(64);
  });

  it('learn the same once', async () => {
    await guarded();
    world.aws.takeTime(20);
    const agent = { with: 'Boto3/1.28' };
    await Promise.all([1, 2, 3].map(() => world.deliver(readNow(agent))));
    expect(itemOf()['seen agent Boto3']?.NS).toHaveLength(1);
  });
});

describe('events out of order', () => {
  it('are weighed by the days before their own', async () => {
    await guarded();
    const late = read({ at: new Date(world.aws.clock.now().getTime() - 8.5 * DAY) });
    await world.deliver(late);
    expect(linesOf(late)).toMatchObject([{ risk: 30, verdict: 'ok' }]);
  });

  it('that come again the same day are as unusual as the first time', async () => {
    await guarded();
    const record = readNow({ with: 'curl/8.14.1', from: '192.0.2.99' });
    for (let time = 0; time < 3; time += 1) await world.deliver(record);
    const [first, ...again] = linesOf(record).map(({ risk }) => risk);
    expect(first).toBe(19);
    expect(again).toEqual([19, 19]);
  });
});

describe('the item of a principal', () => {
  it('stays small, whatever a new reader’s events are full of', async () => {
    await guarded(0);
    let largest = 0;
    for (let batch = 0; batch < 12; batch += 1) {
      const events = Array.from({ length: 100 }, (_, index) => {
        const number = batch * 100 + index;
        return readNow({
          by: role('backend', `${'s'.repeat(60)}${number}`),
          from: `10.${number >> 8}.${number & 255}.7`,
          with: `${'x'.repeat(3_000)}${number}/1`,
        });
      });
      expect(failuresIn(await world.deliver(...events))).toEqual([]);
      largest = Math.max(largest, bytesOf(itemOf()));
      world.aws.clock.advance(60 * MINUTE);
    }
    expect(largest).toBeLessThan(30_000);
    expect(JSON.stringify(itemOf())).not.toContain('xxxx');
  });

  it('stays small over the years', async () => {
    await guarded(0);
    for (let day = 0; day < 150; day += 1) {
      await world.deliver(readNow({ by: role('backend', `task-${day}`) }));
      world.aws.clock.advance(DAY);
    }
    expect(bytesOf(itemOf())).toBeLessThan(5_000);
    expect(world.uses().at(-1)).toMatchObject({ risk: 4 });
  });

  it('has no key that a caller wrote into an event', async () => {
    await guarded();
    await world.deliver(
      readNow({ with: `curl/${KEY}` }),
      readNow({ with: KEY, by: role('backend', KEY), from: KEY }),
      readNow({ secretId: `amplitude/dev/${KEY}`, more: { vpcEndpointId: KEY } }),
    );
    expect(JSON.stringify(world.aws.calls)).not.toContain(KEY);
  });
});
