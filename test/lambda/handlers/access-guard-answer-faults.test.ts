import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { type GuardRules, guardTableName, tag } from '../../../lambda/contract.ts';
import type { Moment } from '../../aws/fakes/faults.ts';
import { type CloudTrailRecord, type ReadOf, read, role } from '../../aws/recorded/cloudtrail.ts';
import { keeping } from '../quarantined.ts';
import { createWorld, type World } from '../world.ts';

const BACKEND = 'arn:aws:iam::111122223333:role/backend';
const STRANGER = 'arn:aws:iam::111122223333:role/stranger';
const ADDRESS = '203.0.113.9';
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How long the queue hides a message that failed. */
const HIDDEN = 6 * MINUTE;
const KEYS = ['web', 'api'];
const ROLE_ONLY = { [tag.quarantine(1)]: `denied ${STRANGER} denied` };
const TAGS = { [tag.quarantine(1)]: `denied ${STRANGER} ${ADDRESS} denied` };

let world: World;
let kept: ReturnType<typeof keeping>;
afterEach(() => world.close());

async function guarding(guard: Partial<GuardRules> = {}) {
  world = await createWorld({
    guard: { answer: 'quarantine', ...guard },
    tags: { [tag.consumer(1)]: BACKEND },
  });
  world.seedKey('api');
  kept = keeping(world.aws);
}

const readNow = (of: ReadOf = {}) => read({ at: world.aws.clock.now(), ...of });
const stranger = () => readNow({ by: role('stranger', 'laptop'), from: ADDRESS });

const failuresIn = (answer: { batchItemFailures: readonly { itemIdentifier: string }[] }) =>
  answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
const deliver = async (...records: readonly CloudTrailRecord[]) =>
  failuresIn(await world.deliver(...records));

/** Delivers until nothing fails, as the queue would; how often it took. */
async function deliverAll(...records: readonly CloudTrailRecord[]): Promise<number> {
  let left = records;
  for (let times = 1; ; times += 1) {
    const failed = await deliver(...left);
    if (failed.length === 0) return times;
    if (times > 5) throw new Error('It never ends.');
    left = left.filter((_, index) => failed.includes(`message-${index + 1}`));
    world.aws.clock.advance(HIDDEN);
  }
}

const quarantines = async () => (await kept.ports.quarantines.all()).quarantines;
const messages = () => world.aws.sns.published.map(({ message }) => message).join('\n');
const newsOfQuarantine = () =>
  world.aws.sns.published.filter(({ subject }) => subject?.endsWith('a reader was quarantined'));
const recorded = () => new Set(world.uses().map(({ event_id }) => event_id));
const answers = () => world.uses().map(({ answer }) => answer);
const ofItem = (id: string) => (input: Readonly<Record<string, unknown>>) =>
  JSON.stringify(input.Key ?? input.Item).includes(`"S":"${id}`);

/** Every call that a batch with a stranger takes, and that may fail. */
async function callsOfOne() {
  await guarding();
  await deliver(stranger());
  const counts = Map.groupBy(world.aws.calls, ({ command }) => command);
  await world.close();
  return [...counts].map(([command, calls]) => [command, calls.length] as const);
}

describe('a call that fails', () => {
  const failures: (readonly ['throttled' | 'timeout', Moment])[] = [
    ['throttled', 'before'],
    ['timeout', 'before'],
    ['timeout', 'after'],
  ];

  it.each(failures)(
    '%s, %s its effect, whichever it is, loses no line of the record and no quarantine',
    async (error, when) => {
      const calls = (await callsOfOne()).filter(
        ([command]) => !['DescribeSecret', 'ListSecrets', 'GetSecretValue'].includes(command),
      );
      expect(calls.length).toBeGreaterThan(6);
      for (const [command, count] of calls) {
        for (let nth = 1; nth <= count; nth += 1) {
          const which = `${command} ${nth}`;
          await guarding();
          world.aws.faults.fail(command, { error, when, nth });
          const record = stranger();
          await deliverAll(record);
          expect(recorded(), which).toEqual(new Set([record.eventID]));
          expect(answers().at(-1), which).toBe('quarantined');
          // Whether the address is a NAT gateway of ours was not told: it is spared then
          const tags = messages().includes('could not be told just now') ? ROLE_ONLY : TAGS;
          for (const key of KEYS) expect(kept.tagsOf(key), which).toEqual(tags);
          // An event of which it wasn't kept that it was sent is sent again by the sweep
          await world.sweep();
          const all = await quarantines();
          expect(all, which).toMatchObject([{ isAnnounced: true }]);
          expect(newsOfQuarantine().length, which).toBeGreaterThan(0);
          expect(newsOfQuarantine().length, which).toBeLessThanOrEqual(2);
          const events = world.aws.events.taken.length;
          expect(events, which).toBeGreaterThan(0);
          expect(events, which).toBeLessThanOrEqual(2);
          expect(world.aws.faults.pending, which).toEqual([]);
          await world.close();
        }
      }
      await guarding();
    },
    60_000,
  );
});

describe('the tags of the secrets', () => {
  const ofKey = (key: string) => (input: Readonly<Record<string, unknown>>) =>
    String(input.SecretId).includes(`/${key}`);

  it('of which one is refused deny by the others at once, and by all when it comes again', async () => {
    await guarding();
    world.aws.faults.fail('TagResource', { error: 'access-denied', where: ofKey('api') });
    const record = stranger();
    expect(await deliver(record)).toEqual(['message-1']);
    expect([kept.tagsOf('web'), kept.tagsOf('api')]).toEqual([TAGS, {}]);
    expect(answers()).toEqual(['quarantined']);
    expect(messages()).toContain(
      'api can be read until their tags are set (ACCESS_DENIED), which is tried again within minutes',
    );
    world.aws.clock.advance(HIDDEN);
    expect(await deliver(record)).toEqual([]);
    expect(kept.tagsOf('api')).toEqual(TAGS);
    expect(await quarantines()).toHaveLength(1);
    expect(world.aws.events.taken).toHaveLength(1);
    expect(newsOfQuarantine()).toHaveLength(1);
  });

  it('of which none can be set are no quarantine yet, which is told once they are', async () => {
    await guarding();
    world.aws.faults.fail('TagResource', { error: 'throttled', times: KEYS.length });
    const record = stranger();
    expect(await deliver(record)).toEqual(['message-1']);
    expect(answers()).toEqual(['notified']);
    expect(messages()).toContain('Not quarantined: no tag of a secret could be set (THROTTLED)');
    expect(newsOfQuarantine()).toHaveLength(0);
    world.aws.clock.advance(HIDDEN);
    expect(await deliver(record)).toEqual([]);
    expect(answers().at(-1)).toBe('quarantined');
    expect(newsOfQuarantine()).toHaveLength(1);
    expect(await quarantines()).toHaveLength(1);
  });

  it('that nobody sets when the message is lost are set by the sweep', async () => {
    await guarding();
    world.aws.faults.fail('TagResource', { error: 'throttled', times: KEYS.length });
    await deliver(stranger());
    await world.sweep();
    for (const key of KEYS) expect(kept.tagsOf(key)).toEqual(TAGS);
  });

  it('of a Secrets Manager that takes too long are left for later: the uses are written down', async () => {
    await guarding();
    for (let at = 0; at < 20; at += 1) world.seedKey(`key-${at}`);
    world.aws.takeTime((_, command) => (command === 'TagResource' ? 6_000 : 1));
    let began: number | undefined;
    world.aws.onCall = ({ command }) => {
      if (command === 'TagResource') began ??= world.aws.clock.now().getTime();
    };
    expect(await deliver(stranger())).toEqual(['message-1']);
    expect(world.aws.clock.now().getTime() - (began ?? 0)).toBeLessThan(25_000);
    expect(recorded().size).toBe(1);
    expect(messages()).toContain('and 11 more can be read until their tags are set');
  });

  it('that are quarantined already are not asked for again by another use', async () => {
    await guarding();
    await deliver(stranger());
    world.aws.resetCalls();
    await deliver(stranger());
    expect(world.aws.countOf('TagResource')).toBe(0);
  });
});

describe('the table', () => {
  const QUARANTINES = ofItem('quarantines');

  it('that does not tell who is quarantined is no reason not to judge, nor not to quarantine', async () => {
    await guarding();
    world.aws.faults.fail('GetItem', { error: 'throttled', where: QUARANTINES });
    const record = stranger();
    expect(await deliver(record, readNow())).toEqual(['message-1', 'message-2']);
    expect(
      world
        .uses()
        .map(({ verdict }) => verdict)
        .toSorted(),
    ).toEqual(['suspicious', 'unjudged']);
    expect(kept.tagsOf()).toEqual(TAGS);
    world.aws.clock.advance(HIDDEN);
    expect(await deliver(record)).toEqual([]);
    expect(newsOfQuarantine()).toHaveLength(1);
    expect(world.aws.events.taken).toHaveLength(1);
  });

  it('that keeps no quarantine is asked once for all readers, whose messages come again', async () => {
    await guarding({ mostQuarantinesAnHour: 20 });
    world.aws.faults.fail('PutItem', { error: 'throttled', where: QUARANTINES });
    const others = [1, 2, 3].map((at) => readNow({ by: role(`stranger-${at}`), from: ADDRESS }));
    expect(await deliver(...others)).toHaveLength(3);
    expect(await quarantines()).toEqual([]);
    expect(answers()).toEqual(Array(3).fill('notified'));
    expect(messages()).toContain('Not quarantined: it could not be kept (THROTTLED)');
    world.aws.clock.advance(HIDDEN);
    expect(await deliver(...others)).toEqual([]);
    expect(await quarantines()).toHaveLength(3);
    expect(answers().slice(-3)).toEqual(Array(3).fill('quarantined'));
  });

  it('that others change all the time gives up, and tries again', async () => {
    await guarding();
    world.aws.onCall = async ({ command, input }) => {
      if (command !== 'PutItem' || !QUARANTINES(input)) return;
      world.aws.onCall = undefined;
      world.aws.faults.fail('PutItem', {
        error: { name: 'ConditionalCheckFailedException' },
        where: QUARANTINES,
        times: 10,
      });
    };
    const record = stranger();
    expect(await deliver(record)).toEqual(['message-1']);
    expect(messages()).toContain('it could not be kept (QUARANTINES_BUSY)');
    world.aws.clock.advance(HIDDEN);
    expect(await deliver(record)).toEqual([]);
    expect(kept.tagsOf()).toEqual(TAGS);
  });

  it('whose quarantines nobody can read does not begin with none: nobody is quarantined', async () => {
    await guarding();
    await deliver(stranger());
    const Item = { id: { S: 'quarantines' }, version: { N: '2' }, list: { S: '{' } };
    const put = new PutItemCommand({ TableName: guardTableName('dev'), Item });
    await world.aws.clients.dynamoDb.send(put);
    const other = readNow({ by: role('other'), from: ADDRESS });
    expect(await deliver(other)).toEqual(['message-1']);
    expect(recorded().has(other.eventID)).toBe(true);
    expect(kept.tagsOf()).toEqual(TAGS);
  });

  it('that does not tell whose an address is spares it; with nothing else the message comes again', async () => {
    await guarding();
    for (let day = 0; day < 8; day += 1) {
      await deliver(readNow());
      world.aws.clock.advance(DAY);
    }
    const where = ofItem('address');
    world.aws.faults.fail('GetItem', { error: 'throttled', where });
    const record = readNow({ from: ADDRESS, with: 'curl/8.9' });
    expect(await deliver(record)).toEqual(['message-1']);
    expect(answers().at(-1)).toBe('notified');
    expect(kept.tagsOf()).toEqual({});
    expect(await deliver(record)).toEqual([]);
    expect(kept.tagsOf()).toEqual({ [tag.quarantine(1)]: `denied ${ADDRESS} denied` });
  });
});

describe('the event bus', () => {
  it('that refuses one of many is asked no more: the function has a minute', async () => {
    await guarding();
    world.aws.faults.fail('PutEvents', { error: 'timeout', times: 2 });
    const records = ['one', 'two', 'three'].map((name) => readNow({ by: role(name) }));
    expect(await deliver(...records)).toHaveLength(3);
    expect(world.aws.calls.filter(({ command }) => command === 'PutEvents')).toHaveLength(1);
    expect(answers()).toEqual(['quarantined', 'quarantined', 'quarantined']);
  });

  it.each(['call', 'entry'])(
    'that refuses the %s is told when it comes again, once',
    async (what) => {
      await guarding();
      if (what === 'call') world.aws.faults.fail('PutEvents', { error: 'access-denied' });
      else world.aws.events.failure = { ErrorCode: 'InternalFailure', ErrorMessage: 'no' };
      const record = stranger();
      expect(await deliver(record)).toEqual(['message-1']);
      expect(answers()).toEqual(['quarantined']);
      expect(messages()).toContain('the event bus was not told yet');
      world.aws.clock.advance(HIDDEN);
      expect(await deliver(record)).toEqual([]);
      expect(world.aws.events.taken).toHaveLength(1);
      expect(newsOfQuarantine()).toHaveLength(1);
    },
  );
});

describe('without an answer of inspect', () => {
  it('nobody is quarantined by what was known before the read, and inspect is asked in vain once', async () => {
    await guarding();
    await deliver(readNow());
    world.aws.clock.advance(10 * MINUTE);
    world.aws.resetCalls();
    world.aws.faults.fail('Invoke', { error: 'throttled', times: 2 });
    const record = stranger();
    expect(await deliver(record)).toEqual(['message-1']);
    expect(world.aws.countOf('Invoke')).toBe(1);
    expect(answers().at(-1)).toBe('notified');
    expect(messages()).toContain(
      'Not quarantined: not all that it takes could be asked (THROTTLED)',
    );
    expect(await quarantines()).toEqual([]);
    world.aws.faults.clear();
    world.aws.clock.advance(HIDDEN);
    expect(await deliver(record)).toEqual([]);
    expect(kept.tagsOf()).toEqual(TAGS);
  });

  it('nobody is quarantined, since nobody knows the consumers, until there is one', async () => {
    await guarding();
    world.aws.faults.fail('Invoke', { error: 'throttled' });
    const record = stranger();
    expect(await deliver(record)).toEqual(['message-1']);
    expect(await quarantines()).toEqual([]);
    world.aws.clock.advance(HIDDEN);
    expect(await deliver(record)).toEqual([]);
    expect(kept.tagsOf()).toEqual(TAGS);
  });
});
