import { afterEach, describe, expect, it } from 'vitest';
import { guardTableName, tag } from '../../../lambda/contract.ts';
import { bytesOf } from '../../aws/fakes/dynamodb-item.ts';
import { type CloudTrailRecord, otherAccount, read, role } from '../../aws/recorded/cloudtrail.ts';
import { createWorld, type World } from '../world.ts';

const MANY = 10_000;
const SOME = 2_000;
const BATCH = 100;

let world: World;
afterEach(() => world.close());

interface Flooded {
  /** Of the batch with the most. */
  readonly calls: number;
  readonly updates: number;
}

/** 10,000 events a minute, from the queue in batches. */
async function flood(
  events: number,
  event: (index: number, at: Date) => CloudTrailRecord,
): Promise<Flooded> {
  world = await createWorld({
    guard: {},
    tags: { [tag.consumer(1)]: 'arn:aws:iam::111122223333:role/backend' },
  });
  const batches: Flooded[] = [];
  for (let first = 0; first < events; first += BATCH) {
    world.aws.resetCalls();
    const at = world.aws.clock.now();
    const batch = Array.from({ length: BATCH }, (_, index) => event(first + index, at));
    expect(await world.deliver(...batch)).toEqual({ batchItemFailures: [] });
    const { length: calls } = world.aws.calls;
    batches.push({ calls, updates: world.aws.countOf('UpdateItem') });
    world.aws.clock.advance(600);
  }
  return {
    calls: Math.max(...batches.map(({ calls }) => calls)),
    updates: Math.max(...batches.map(({ updates }) => updates)),
  };
}

const largest = () =>
  Math.max(...[...world.aws.dynamoDb.itemsOf(guardTableName('dev')).values()].map(bytesOf));

describe('a flood of reads, 10,000 a minute,', () => {
  it('by one consumer takes few calls for each batch, and two messages in all', async () => {
    const { updates, calls } = await flood(MANY, (_, at) => read({ at }));
    expect(world.uses()).toHaveLength(MANY);
    expect(updates).toBeLessThanOrEqual(9);
    expect(calls).toBeLessThanOrEqual(30);
    expect(world.mail()).toEqual([
      'Amplitude key dev/web: too many reads',
      'Amplitude keys of dev: too many reads from one source',
    ]);
    expect(largest()).toBeLessThan(4_096);
  }, 60_000);

  it('by as many strangers from as many addresses is all recorded, and five messages an hour', async () => {
    const { calls } = await flood(SOME, (index, at) =>
      read({
        at,
        by: index % 2 ? role(`stranger-${index}`) : otherAccount(String(100_000_000_000 + index)),
        from: `198.51.${index >> 8}.${index & 255}`,
      }),
    );
    expect(world.uses()).toHaveLength(SOME);
    expect(world.uses().every(({ reasons }) => reasons.includes('no-grant'))).toBe(true);
    // Two windows of each source, a user, a baseline, an address, and a report claimed and settled, of each event
    expect(calls).toBeLessThanOrEqual(7 * BATCH + 30);
    const subjects = world.mail();
    expect(subjects.filter((subject) => subject.includes('of high risk'))).toHaveLength(5);
    expect(subjects).toHaveLength(6);
    expect(world.aws.sns.published.map(({ message }) => message).join()).toContain(
      'No more messages of this kind within the hour',
    );
  }, 60_000);

  it('that is one event over and over counts as one', async () => {
    const once = read();
    await flood(SOME, () => once);
    expect(world.mail()).toEqual([]);
    expect(new Set(world.uses().map(({ event_id }) => event_id)).size).toBe(1);
  }, 60_000);
});
