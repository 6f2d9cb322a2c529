import { afterEach, describe, expect, it } from 'vitest';
import { type GuardRules, guardTableName, tag } from '../../../lambda/contract.ts';
import type { UsageLine } from '../../../lambda/domain/access-guard/usage-line.ts';
import {
  type CloudTrailRecord,
  type ReadOf,
  read,
  role,
  throughEndpoint,
  user,
} from '../../aws/recorded/cloudtrail.ts';
import { createWorld, type World } from '../world.ts';

const BACKEND = 'arn:aws:iam::111122223333:role/backend';
const ANN = 'arn:aws:iam::111122223333:user/ann';
const AFAR = '198.51.100.7';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let world: World;
afterEach(() => world.close());

async function guarded(guard: Partial<GuardRules> = {}) {
  const tags = { [tag.consumer(1)]: BACKEND, [tag.consumer(2)]: ANN };
  world = await createWorld({ guard, tags });
}

const now = () => world.aws.clock.now();
/** A read of now, or of so many minutes ago. */
const readNow = ({ ago = 0, ...more }: ReadOf & { readonly ago?: number } = {}) =>
  read({ ...more, at: new Date(now().getTime() - ago * MINUTE) });

/** A consumer that starts its tasks once a day, each with a session of its own. */
async function pass(days: number, of: (day: number) => ReadOf = () => ({})) {
  for (let day = 0; day < days; day += 1) {
    const task = `task-${now().toISOString()}`;
    await world.deliver(readNow({ by: role('backend', task), ...of(day) }));
    world.aws.clock.advance(DAY);
  }
}

const lineOf = (record: CloudTrailRecord): UsageLine | undefined =>
  world.uses().findLast(({ event_id }) => event_id === record.eventID);

/** The line of a record, once it was delivered. */
async function weighed(record: CloudTrailRecord): Promise<UsageLine | undefined> {
  await world.deliver(record);
  return lineOf(record);
}

const messages = () => world.aws.sns.published.map(({ message }) => message);
const baselineOf = (principal: string) =>
  world.aws.dynamoDb.itemsOf(guardTableName('dev')).get(`baseline ${principal}`);

describe('a stranger', () => {
  it('is told of in one message, with the factors in words', async () => {
    await guarded({ allowedRanges: ['192.0.2.0/24'] });
    const line = await weighed(readNow({ by: role('stranger', 'laptop'), from: AFAR }));
    expect(line).toMatchObject({
      verdict: 'suspicious',
      reasons: ['no-grant', 'outside-allowed-ranges', 'high-risk'],
      risk: 100,
      risk_device: 100,
      risk_location: 100,
      risk_behaviour: 100,
      risk_reasons: [
        'read by one to whom the key is not granted',
        '198.51.100.7 is in none of the allowed ranges',
        'without a grant nothing is usual',
      ],
    });
    expect(world.mail()).toEqual(['Amplitude key dev/web: a use of high risk']);
    expect(messages()[0]).toContain(
      'risk 100 of 100: device 100 (read by one to whom the key is not granted); location 100 (198.51.100.7 is in none of the allowed ranges); behaviour 100 (without a grant nothing is usual). By arn:aws:iam::111122223333:role/stranger, session laptop, from 198.51.100.7',
    );
  });

  it('is never learned, however long it goes on', async () => {
    await guarded();
    await pass(20, () => ({ by: role('stranger') }));
    expect((await weighed(readNow({ by: role('stranger') })))?.risk).toBe(100);
    expect(Object.keys(baselineOf(BACKEND.replace('backend', 'stranger')) ?? {})).not.toContain(
      expect.stringContaining('seen '),
    );
  });
});

describe('a consumer', () => {
  it('is told of nothing while it is learned, nor after, as long as it does what it did', async () => {
    await guarded();
    await pass(30);
    expect(world.mail()).toEqual([]);
    expect(world.uses().map(({ risk }) => risk)).toEqual([
      ...Array(3).fill(30),
      ...Array(4).fill(22),
      ...Array(23).fill(4),
    ]);
    expect(world.uses().at(-1)).toMatchObject({ verdict: 'ok', risk_device: 10 });
  });

  it('of whom a session is stolen is told of, and what the thief does is not learned', async () => {
    await guarded();
    await pass(14);
    const task = role('backend', 'task-today');
    await world.deliver(readNow({ by: task }));
    const stolen = await weighed(readNow({ by: task, from: AFAR }));
    expect(stolen).toMatchObject({
      risk: 81,
      risk_reasons: [
        'a workload from elsewhere than usual',
        'a new place',
        'a session that was elsewhere before',
      ],
    });
    expect(stolen).not.toHaveProperty('risk_location');
    await pass(14, () => ({ by: task, from: AFAR }));
    expect(await weighed(readNow({ by: role('backend', 'task-x'), from: AFAR }))).toMatchObject({
      risk: 60,
      verdict: 'suspicious',
    });
    expect(world.mail().every((subject) => subject.includes('of high risk'))).toBe(true);
  });

  it('that moves into a range of our own is as usual at once', async () => {
    await guarded({ ownRanges: ['198.51.100.0/24'] });
    await pass(14);
    const moved = await weighed(readNow({ from: AFAR }));
    expect(moved).toMatchObject({ verdict: 'ok', risk: 3, risk_location: 0, risk_behaviour: 0 });
  });

  it('that moves to another VPC endpoint is learned within days', async () => {
    await guarded();
    await pass(14, () => ({ more: throughEndpoint }));
    const next = { more: { ...throughEndpoint, vpcEndpointId: 'vpce-next' } };
    await pass(5, () => next);
    expect(
      world
        .uses()
        .slice(14)
        .map(({ risk }) => risk),
    ).toEqual([27, 9, 9, 0, 0]);
    expect(world.mail()).toEqual([]);
  });

  it('outside a VPC, that comes from anywhere, is told of nothing', async () => {
    await guarded();
    await pass(40, (day) => ({ by: role('backend', 'function'), from: `203.0.${day}.7` }));
    expect(world.mail()).toEqual([]);
  });

  it('that reads far more often than ever is told of with both numbers', async () => {
    await guarded({ mostReads: 10_000 });
    await pass(14, () => ({ more: throughEndpoint }));
    const many = () => Array.from({ length: 100 }, () => readNow({ more: throughEndpoint }));
    await world.deliver(...many());
    expect(world.mail()).toEqual([]);
    await world.deliver(...many());
    expect(world.mail()).toEqual(['Amplitude key dev/web: a use of high risk']);
    expect(messages()[0]).toContain(
      'risk 45 of 100: device 0 (a workload through a VPC endpoint of its account); location 0 (through a VPC endpoint); behaviour 100 (200 reads that day, where 1 are usual)',
    );
  });

  it('that is poisoned slowly is not: one place, twice a day for weeks, then in earnest', async () => {
    await guarded({ mostReads: 10_000 });
    await pass(14);
    for (let day = 0; day < 21; day += 1) {
      await world.deliver(readNow(), readNow({ by: role('backend', 'thief'), from: AFAR }));
      world.aws.clock.advance(DAY);
    }
    const earnest = Array.from({ length: 90 }, () =>
      readNow({ by: role('backend', 'thief'), from: AFAR }),
    );
    await world.deliver(...earnest);
    expect(lineOf(earnest[0] ?? {})).toMatchObject({ risk: 84, risk_behaviour: 100 });
    expect(JSON.stringify(baselineOf(BACKEND))).not.toContain('seen place 198.51.100.0/24');
  });

  it('has its usual address kept as one of ours, and a thief’s is not', async () => {
    await guarded();
    await pass(14);
    await pass(14, () => ({ from: AFAR }));
    const kept = [...world.aws.dynamoDb.itemsOf(guardTableName('dev')).keys()];
    expect(kept.filter((id) => id.startsWith('address '))).toEqual(['address 192.0.2.10']);
  });
});

describe('a person', () => {
  it('who reads all keys where one was usual is told of, in one batch or in several', async () => {
    await guarded();
    const keys = ['ios', 'android', 'tv', 'watch'];
    for (const key of keys) world.seedKey(key, { tags: { [tag.consumer(1)]: ANN } });
    await pass(14, () => ({ by: user() }));
    const reads = keys.map((key) => readNow({ by: user(), secretId: `amplitude/dev/${key}` }));
    for (const one of reads) await world.deliver(one);
    expect(reads.map((one) => lineOf(one)?.risk)).toEqual([30, 48, 66, 72]);
    expect(lineOf(reads[2] ?? {})?.risk_reasons).toContain('3 keys that it never read');
  });

  it('to whom new keys were granted is told of them for three days at most', async () => {
    await guarded();
    const keys = ['ios', 'android', 'tv', 'watch'];
    for (const key of keys) world.seedKey(key, { tags: { [tag.consumer(1)]: ANN } });
    await pass(14, () => ({ by: user() }));
    for (let day = 0; day < 3; day += 1) {
      await world.deliver(
        ...keys.map((key) => readNow({ by: user(), secretId: `amplitude/dev/${key}` })),
      );
      world.aws.clock.advance(DAY);
    }
    const days = world
      .uses()
      .slice(14)
      .map(({ risk }) => risk);
    expect(days).toEqual([72, 72, 72, 72, ...Array(8).fill(12)]);
  });
});
