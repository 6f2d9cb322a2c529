import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { tag } from '../../../lambda/contract.ts';
import type { Moment } from '../../aws/fakes/faults.ts';
import {
  batchOf,
  type CloudTrailRecord,
  rawBatch,
  read,
  role,
  user,
} from '../../aws/recorded/cloudtrail.ts';
import { createWorld, FINGERPRINTS, type World } from '../world.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How long the queue hides a message that failed. */
const HIDDEN = 6 * MINUTE;

let world: World;
afterEach(() => world.close());

async function guarded(rules = {}) {
  const tags = { [tag.consumer(1)]: 'arn:aws:iam::111122223333:role/backend' };
  world = await createWorld({ guard: rules, tags });
}

const failuresIn = (answer: { batchItemFailures: readonly { itemIdentifier: string }[] }) =>
  answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

const stranger = () => read({ by: role('stranger') });
const distinctEvents = () => new Set(world.uses().map(({ event_id }) => event_id)).size;

/** Delivers until nothing fails, as the queue would; how often it took. */
async function deliverAll(...records: CloudTrailRecord[]): Promise<number> {
  let left = records;
  for (let times = 1; ; times += 1) {
    const failed = failuresIn(await world.deliver(...left));
    if (failed.length === 0) return times;
    if (times > 5) throw new Error('It never ends.');
    left = left.filter((_, index) => failed.includes(`message-${index + 1}`));
    world.aws.clock.advance(HIDDEN);
  }
}

describe('a call that AWS does not answer', () => {
  const CALLS = [
    ['PutLogEvents', {}],
    ['UpdateItem', {}],
    ['PutItem', {}],
    ['Publish', {}],
    ['Invoke', {}],
  ] as const;
  const FAILURES = ['throttled', 'timeout', 'access-denied'] as const;
  const moments: Moment[] = ['before', 'after'];
  const all = CALLS.flatMap(([call]) =>
    FAILURES.flatMap((error) => moments.map((when) => [call, error, when] as const)),
  );

  it.each(all)(
    '%s, %s, %s its effect: no use is lost, and the stranger is reported',
    async (call, error, when) => {
      await guarded();
      world.aws.faults.fail(call, { error, when });
      const records = [read(), stranger(), read({ by: user() })];
      await deliverAll(...records);
      expect(world.aws.faults.pending).toEqual([]);
      expect(distinctEvents()).toBe(3);
      const verdicts = Map.groupBy(world.uses(), ({ event_id }) => event_id);
      for (const record of records) expect(verdicts.has(record.eventID), record.eventID).toBe(true);
      expect(world.mail()).toContain('Amplitude key dev/web: a use of high risk');
      const [last] = world
        .uses()
        .filter(({ principal }) => principal.endsWith('/stranger'))
        .slice(-1);
      expect(last?.reasons).toContain('no-grant');
    },
  );

  it('is retried with its own messages alone', async () => {
    await guarded();
    world.aws.faults.fail('Publish', { error: 'throttled' });
    expect(failuresIn(await world.deliver(read(), stranger(), read()))).toEqual(['message-2']);
  });

  it('never brings back what can not be read', async () => {
    await guarded();
    world.aws.faults.fail('PutLogEvents', { error: 'throttled' });
    const [body = ''] = batchOf([read()]).Records.map((one) => one.body);
    const answer = await world.guardHandler(rawBatch(['no JSON', body]));
    expect(failuresIn(answer)).toEqual(['message-2']);
  });

  it('brings back every message that an event came with', async () => {
    await guarded();
    world.aws.faults.fail('PutLogEvents', { error: 'throttled' });
    const once = read();
    expect(failuresIn(await world.deliver(once, once))).toEqual(['message-1', 'message-2']);
  });

  it('is told in the log with what failed, and once', async () => {
    await guarded();
    world.aws.faults.fail('UpdateItem', { error: 'throttled', times: 10 });
    await world.deliver(read(), stranger());
    const errors = world.printed
      .map((line) => JSON.parse(line))
      .filter(({ level }) => level === 'ERROR');
    expect(errors).toMatchObject([{ metadata: { code: 'THROTTLED', call: 'UpdateItem' } }]);
  });

  it('leaves the record without the heartbeat, which the next batch makes up for', async () => {
    await guarded();
    const where = ({ Key }: Readonly<Record<string, unknown>>) =>
      JSON.stringify(Key).includes('latest');
    world.aws.faults.fail('UpdateItem', { error: 'throttled', where });
    expect(failuresIn(await world.deliver(read()))).toEqual([]);
    expect(world.aws.faults.pending).toEqual([]);
  });
});

describe('reads that could not be counted', () => {
  it('are recorded as not judged, and counted once when they come again', async () => {
    await guarded({ mostReads: 2 });
    world.aws.faults.fail('UpdateItem', { error: 'throttled', times: 4 });
    const reads = [read(), read(), read()];
    expect(failuresIn(await world.deliver(...reads))).toHaveLength(3);
    expect(world.uses().map(({ verdict }) => verdict)).toEqual(Array(3).fill('unjudged'));
    await deliverAll(...reads);
    const message = world.aws.sns.published.map((one) => one.message).join('\n');
    expect(message).toContain('More than 2 reads of the key within 5 minutes');
  });
});

describe('without an answer of inspect', () => {
  it('a use is recorded without fingerprint as not judged, and judged when it comes again', async () => {
    await guarded();
    world.aws.faults.fail('Invoke', { error: 'throttled' });
    expect(await deliverAll(stranger())).toBe(2);
    expect(world.uses()).toMatchObject([
      { verdict: 'unjudged', reasons: [] },
      {
        verdict: 'suspicious',
        fingerprint: FINGERPRINTS.first,
        reasons: ['no-grant', 'high-risk'],
      },
    ]);
  });

  it('what was known before is judged by', async () => {
    await guarded();
    await world.deliver(read());
    world.aws.clock.advance(30 * MINUTE);
    world.aws.faults.fail('Invoke', { error: 'throttled' });
    expect(await deliverAll(stranger())).toBe(1);
    expect(
      world
        .uses()
        .map(({ verdict }) => verdict)
        .sort(),
    ).toEqual(['ok', 'suspicious']);
    expect(world.mail()).toHaveLength(1);
  });

  it.each([
    ['an error of the function', { StatusCode: 200, FunctionError: 'Unhandled' }],
    ['something else', { StatusCode: 200, Payload: Buffer.from('{"keys":[{}]}') }],
    ['no JSON', { StatusCode: 200, Payload: Buffer.from('{') }],
  ])('as %s the rest is judged', async (_, answer) => {
    await guarded({ deniedRanges: ['192.0.2.0/24'] });
    world.aws.lambda.answers = answer;
    expect(failuresIn(await world.deliver(read()))).toEqual(['message-1']);
    expect(world.uses()).toMatchObject([{ reasons: ['in-denied-ranges'] }]);
  });

  it('of a key that inspect can not read, all but its grants is judged', async () => {
    await guarded();
    world.seedKey('odd', { tags: { [tag.kind]: 'odd' } });
    expect(await deliverAll(read({ secretId: 'amplitude/dev/odd', by: role('stranger') }))).toBe(1);
    expect(world.uses()).toMatchObject([{ api_key_name: 'odd', verdict: 'ok' }]);
  });
});

describe('a report', () => {
  it('is sent once a day for the same rule, key and principal', async () => {
    await guarded();
    for (let hour = 0; hour < 23; hour += 1) {
      await world.deliver(
        read({ by: role('stranger', `session-${hour}`), at: world.aws.clock.now() }),
      );
      world.aws.clock.advance(60 * MINUTE);
    }
    expect(world.mail()).toHaveLength(1);
    world.aws.clock.advance(60 * MINUTE);
    await world.deliver(read({ by: role('stranger'), at: world.aws.clock.now() }));
    expect(world.mail()).toHaveLength(1);
  });

  it('is sent once by two batches at the same time', async () => {
    await guarded();
    await Promise.all([
      world.deliver(stranger()),
      world.deliver(stranger()),
      world.deliver(stranger()),
    ]);
    expect(world.mail()).toHaveLength(1);
  });

  it('is sent although the function that had claimed it died', async () => {
    await guarded();
    const record = stranger();
    world.aws.faults.fail('Publish', { error: 'timeout' });
    await world.deliver(record);
    expect(world.mail()).toHaveLength(0);
    world.aws.clock.advance(HIDDEN);
    await world.deliver(record);
    expect(world.mail()).toHaveLength(1);
  });

  it('is sent however often SNS had refused it within the hour', async () => {
    await guarded();
    const record = stranger();
    world.aws.faults.fail('Publish', { error: 'throttled', times: 7 });
    for (let time = 0; time < 7; time += 1) {
      expect(failuresIn(await world.deliver(record))).toEqual(['message-1']);
      world.aws.clock.advance(HIDDEN);
    }
    expect(failuresIn(await world.deliver(record))).toEqual([]);
    expect(world.mail()).toHaveLength(1);
  });

  it('is claimed although the answer to the first try was lost', async () => {
    await guarded();
    let tries = 0;
    // As the SDK does it: the same request once more
    world.aws.onCall = async ({ command, input }) => {
      tries += 1;
      if (command !== 'PutItem' || tries > 1_000 || !('ConditionExpression' in input)) return;
      tries = 1_000;
      await world.aws.clients.dynamoDb.send(new PutItemCommand(input as never));
    };
    await world.deliver(stranger());
    expect(world.mail()).toHaveLength(1);
  });

  it('of the same rule and key is one message, of twenty lines and how many more', async () => {
    await guarded();
    await world.deliver(
      ...Array.from({ length: 25 }, (_, at) => read({ by: role(`stranger-${at}`) })),
    );
    const [message, ...more] = world.aws.sns.published;
    expect(more).toEqual([]);
    expect(message?.message.match(/not granted/g)).toHaveLength(20);
    expect(message?.message).toContain('And 5 more, in the usage record /amplitude/dev/usage.');
  });

  it('is kept a day', async () => {
    await guarded();
    await world.deliver(stranger());
    const expiries = [...world.aws.dynamoDb.itemsOf('amplitude-dev-access-guard')]
      .filter(([id]) => id.startsWith('report '))
      .map(([, { expires }]) => Number(expires?.N) * 1000 - world.aws.clock.now().getTime());
    expect(expiries).toEqual([DAY]);
  });
});
