import { afterEach, describe, expect, it } from 'vitest';
import { modelsTable } from '../../../lambda/adapters/relay-models.ts';
import { relayTableName } from '../../../lambda/contract.ts';
import type { Awaited } from '../../../lambda/domain/relay/relay-event.ts';
import { awaited, runEvent } from '../relay.ts';
import { createWorld, KEYS, type World } from '../world.ts';

let world: World;
afterEach(() => world.close());

async function relayed() {
  world = await createWorld({ relay: {} });
}

const many = (count: number, over = {}) => Array.from({ length: count }, () => runEvent(over));
const sentIds = () => world.amplitude.events.map(({ insert_id }) => insert_id);
const requests = () => world.amplitude.requests.filter((one) => one.endsWith('/batch')).length;
const models = () =>
  modelsTable({
    client: world.aws.clients.dynamoDb,
    table: relayTableName('dev'),
    now: () => world.aws.clock.now(),
    atOnce: () => (work) => work(),
  });

/** Of each model one, at the same time. */
const calls = (...models: string[]) => models.map((model) => ({ model, slotMs: 5_000 }));

/** What a line of the log tells of metrics. */
const measured = () =>
  Object.assign(
    {},
    ...world.printed.map((line) => JSON.parse(line)).filter((line) => '_aws' in line),
  );

describe("a batch of the relay's queue", () => {
  it('is sent in one request, with the current key, and is gone', async () => {
    await relayed();
    const events = many(3);
    world.relay.put(...events);
    await world.relay.poll();
    expect(world.amplitude.events).toEqual(events.map(({ event }) => event));
    expect(requests()).toBe(1);
    expect(world.relay.queue.messages).toEqual([]);
    expect(world.relay.failures()).toEqual([]);
  });

  it('holds only the fields that are ever sent, whatever somebody put into the queue', async () => {
    await relayed();
    const event = runEvent();
    const more = { ...event, event: { ...event.event, query: 'what people wrote' }, inputs: 'too' };
    world.relay.put(more as never);
    await world.relay.poll();
    expect(world.amplitude.events).toEqual([event.event]);
  });

  it('is measured: how many, and the longest time since an execution ended', async () => {
    await relayed();
    world.relay.put(runEvent(), runEvent({ time: Date.parse('2026-11-23T23:59:20Z') }));
    world.aws.clock.advance(30_000);
    await world.relay.poll();
    expect(measured()).toMatchObject({
      RelayEventsSent: 2,
      RelayEventsFailed: 0,
      RelayDelaySeconds: 70,
      environment: 'dev',
      service: 'amplitude-relay-sender',
    });
  });

  it('is measured from its arrival where it is posted long after it happened', async () => {
    await relayed();
    world.relay.put(runEvent({ time: Date.parse('2026-11-20T00:00:00Z') }));
    world.aws.clock.advance(5_000);
    await world.relay.poll();
    expect(measured()).toMatchObject({ RelayDelaySeconds: 4 });
  });

  it('sends an event once that it holds twice, and both messages are done', async () => {
    await relayed();
    const [event, other] = many(2);
    if (!event || !other) throw new Error('no event');
    world.relay.put(event, other, event);
    await world.relay.poll();
    expect(sentIds()).toEqual([event.event.insert_id, other.event.insert_id]);
    expect(world.relay.queue.messages).toEqual([]);
  });

  it('sends both of two events with one insert_id that are of different people', async () => {
    await relayed();
    const event = runEvent();
    world.relay.put(event, { ...event, event: { ...event.event, user_id: 'somebody-else' } });
    await world.relay.poll();
    expect(world.amplitude.events).toHaveLength(2);
  });

  it('writes nothing of an event into its log', async () => {
    await relayed();
    world.relay.put(runEvent({ user_id: 'ann-of-sales', insert_id: 'run-of-ann' }));
    await world.relay.poll();
    expect(world.printed.join('\n')).not.toMatch(/ann/);
    expect(world.printed.join('\n')).toContain('Events sent');
  });
});

describe('the models of an execution', () => {
  const awaiting = (trace: string) => runEvent({}, { awaits: awaited(trace) });

  it('are those that its spans told of, joined in alphabetical order', async () => {
    await relayed();
    await models().add('trace-1', calls('gpt-5', 'claude-opus-5'));
    await models().add('trace-1', calls('gpt-5', 'llama-4'));
    world.relay.put(awaiting('trace-1'));
    await world.relay.poll();
    expect(world.amplitude.events).toMatchObject([
      { event_properties: { app: 'support', model_used: 'claude-opus-5, gpt-5, llama-4' } },
    ]);
  });

  it('are those that came with it and those that came in other requests', async () => {
    await relayed();
    await models().add('trace-1', calls('llama-4', 'gpt-5'));
    const event_properties = { model_used: 'gpt-5' };
    world.relay.put(
      runEvent({ event_properties }, { awaits: awaited('trace-1', { models: ['gpt-5'] }) }),
    );
    await world.relay.poll();
    expect(world.amplitude.events).toMatchObject([
      { event_properties: { model_used: 'gpt-5, llama-4' } },
    ]);
  });

  it('are those of its time, of several that share a trace', async () => {
    await relayed();
    await models().add('trace-1', [
      { model: 'gpt-5', slotMs: 20_000 },
      { model: 'llama-4', slotMs: 90_000 },
    ]);
    const times = { startedMs: 10_000, endedMs: 30_000 };
    world.relay.put(runEvent({}, { awaits: awaited('trace-1', times) }));
    await world.relay.poll();
    expect(world.amplitude.events).toMatchObject([{ event_properties: { model_used: 'gpt-5' } }]);
  });

  it('are told of an execution that came twice, once without', async () => {
    await relayed();
    const bare = runEvent({}, { awaits: awaited('trace-1') });
    const event_properties = { ...bare.event.event_properties, model_used: 'gpt-5' };
    world.relay.put(bare, { ...bare, event: { ...bare.event, event_properties } });
    await world.relay.poll();
    expect(world.amplitude.events).toMatchObject([{ event_properties: { model_used: 'gpt-5' } }]);
  });

  it('are joined to an execution of the form that an earlier intake wrote', async () => {
    await relayed();
    await models().add('trace-1', calls('gpt-5'));
    const awaits = { trace: 'trace-1', property: 'model_used' } as Awaited;
    world.relay.put(runEvent({}, { awaits }));
    await world.relay.poll();
    expect(world.amplitude.events).toMatchObject([{ event_properties: { model_used: 'gpt-5' } }]);
  });

  it('are absent where no span told of one', async () => {
    await relayed();
    const event = awaiting('trace-2');
    world.relay.put(event);
    await world.relay.poll();
    expect(world.amplitude.events).toEqual([event.event]);
  });

  it('are found by one look for a batch, a hundred traces at a time', async () => {
    await relayed();
    for (let at = 0; at < 250; at += 1) await models().add(`trace-${at}`, calls(`model-${at}`));
    world.relay.put(...Array.from({ length: 250 }, (_, at) => awaiting(`trace-${at}`)));
    world.aws.resetCalls();
    await world.relay.poll();
    expect(world.aws.countOf('BatchGetItem')).toBe(3);
    const told = world.amplitude.events.map(({ event_properties }) => event_properties);
    expect(told).toHaveLength(250);
    expect(told.every((one) => 'model_used' in (one as object))).toBe(true);
  });

  it('are known after days in the queue', async () => {
    await relayed();
    await models().add('trace-3', calls('gpt-5'));
    const [, item] = [...world.aws.dynamoDb.itemsOf(relayTableName('dev'))][0] ?? [];
    const days = (Number(item?.expires?.N) * 1_000 - world.aws.clock.now().getTime()) / 86_400_000;
    expect(days).toBe(15);
  });

  it('are waited for while the table gives no answer, and the other events are sent', async () => {
    await relayed();
    await models().add('trace-4', calls('gpt-5'));
    const other = runEvent();
    world.relay.put(awaiting('trace-4'), other);
    world.aws.faults.fail('BatchGetItem', { error: 'throttled' });
    await world.relay.poll();
    expect(sentIds()).toEqual([other.event.insert_id]);
    await world.relay.pollAgain();
    expect(world.amplitude.events[1]).toMatchObject({ event_properties: { model_used: 'gpt-5' } });
  });

  it('are not waited for where some are known', async () => {
    await relayed();
    const event_properties = { model_used: 'gpt-5' };
    world.relay.put(
      runEvent({ event_properties }, { awaits: awaited('trace-4', { models: ['gpt-5'] }) }),
    );
    world.aws.faults.fail('BatchGetItem', { error: 'throttled' });
    await world.relay.poll();
    expect(world.amplitude.events).toMatchObject([{ event_properties }]);
  });

  it('are given up where the table gives no answer five times', async () => {
    await relayed();
    world.relay.put(awaiting('trace-5'));
    world.aws.faults.fail('BatchGetItem', { error: 'access-denied', times: 5 });
    await world.relay.poll();
    for (let again = 0; again < 4; again += 1) await world.relay.pollAgain();
    expect(world.amplitude.events).toHaveLength(1);
    expect(world.relay.queue.messages).toEqual([]);
  });
});

/** What came back is handed out again so many times, each time in the middle of others. */
async function againBesideOthers(times: number) {
  for (let time = 0; time < times; time += 1) {
    world.aws.clock.advance(800_000);
    world.relay.put(...many(3));
    await world.relay.poll();
  }
}

describe('a request that is too large for Amplitude', () => {
  it('is halved until it is taken', async () => {
    await relayed();
    world.amplitude.batch.most = { events: 2, bytes: 20_000_000 };
    const events = many(7);
    world.relay.put(...events);
    await world.relay.poll();
    expect(sentIds().sort()).toEqual(events.map(({ event }) => event.insert_id).sort());
    expect(world.relay.queue.messages).toEqual([]);
  });

  it('of one event is put among the failed, and the others are taken', async () => {
    await relayed();
    world.amplitude.batch.most = { events: 2_000, bytes: 5_000 };
    const large = runEvent({ event_properties: { app: 'x'.repeat(6_000) } });
    const [first, last] = [runEvent(), runEvent()];
    world.relay.put(first, large, last);
    await world.relay.poll();
    expect(sentIds()).toEqual([first.event.insert_id, last.event.insert_id]);
    await againBesideOthers(2);
    expect(world.relay.failures()).toEqual([['too_large', JSON.stringify(large)]]);
    expect(world.relay.queue.messages).toEqual([]);
  });
});

describe('events that Amplitude names as invalid', () => {
  it('are put among the failed with the reason, and the rest is sent at once', async () => {
    await relayed();
    const odd = runEvent({ event_type: 'odd' });
    const events = [runEvent(), odd, runEvent()];
    world.amplitude.batch.invalidField = ({ event_type }) =>
      event_type === 'odd' ? 'event_type' : undefined;
    world.amplitude.batch.silenced.add('device-9');
    const silenced = runEvent({ device_id: 'device-9' });
    world.relay.put(...events, silenced);
    await world.relay.poll();
    expect(world.amplitude.events).toHaveLength(2);
    expect(requests()).toBe(2);
    expect(world.relay.failures().map(([reason]) => reason)).toEqual([
      'invalid_event_type',
      'silenced',
    ]);
    expect(world.relay.queue.messages).toEqual([]);
    expect(measured()).toMatchObject({ RelayEventsFailed: 2, RelayEventsSent: 2 });
  });

  it('are put there with the models that were known then', async () => {
    await relayed();
    await models().add('trace-6', calls('gpt-5'));
    world.amplitude.batch.invalidField = () => 'user_id';
    world.relay.put(runEvent({}, { awaits: awaited('trace-6') }));
    await world.relay.poll();
    const [[, body = ''] = []] = world.relay.failures();
    expect(JSON.parse(body).event.event_properties.model_used).toBe('gpt-5');
  });

  it('say when they were put there', async () => {
    await relayed();
    world.amplitude.batch.invalidField = () => 'user_id';
    world.relay.put(runEvent());
    await world.relay.poll();
    const [message] = world.relay.failed.messages;
    expect(message?.attributes.failed_at?.StringValue).toBe('2026-11-24T00:00:00.000Z');
  });

  it('come again where they could not be put there', async () => {
    await relayed();
    world.amplitude.batch.invalidField = ({ event_type }) =>
      event_type === 'odd' ? 'event_type' : undefined;
    world.relay.put(runEvent(), runEvent({ event_type: 'odd' }));
    world.aws.faults.fail('SendMessageBatch', { error: 'timeout' });
    await world.relay.poll();
    expect(world.relay.failures()).toEqual([]);
    await world.relay.pollAgain();
    expect(world.relay.failures()).toHaveLength(1);
    expect(world.relay.queue.messages).toEqual([]);
    expect(world.amplitude.events).toHaveLength(1);
  });

  it('come again alone where SQS took the others, and are counted once', async () => {
    await relayed();
    world.amplitude.batch.invalidField = () => 'user_id';
    const [first, second] = [runEvent(), runEvent()];
    world.relay.put(first, second);
    world.aws.sqs.refuse = (body) =>
      body === JSON.stringify(first) ? { Code: 'InternalError', SenderFault: false } : undefined;
    await world.relay.poll();
    expect(measured()).toMatchObject({ RelayEventsFailed: 1 });
    expect(world.relay.receives()).toEqual([1]);
    world.aws.sqs.refuse = () => undefined;
    await world.relay.pollAgain();
    expect(world.relay.failures()).toHaveLength(2);
  });

  it('are measured too while they can not be put there', async () => {
    await relayed();
    world.amplitude.batch.invalidField = () => 'user_id';
    world.relay.put(runEvent());
    world.aws.clock.advance(3 * 86_400_000);
    world.aws.faults.fail('SendMessageBatch', { error: 'access-denied' });
    await world.relay.poll();
    expect(measured().RelayWaitingSeconds).toBeGreaterThan(259_000);
  });

  it('without a name are found by halving, and put there once that was so three times', async () => {
    await relayed();
    world.amplitude.batch.isUnwelcome = ({ event_type }) => event_type === 'odd';
    const odd = runEvent({ event_type: 'odd' });
    world.relay.put(...many(40), odd, ...many(9));
    await world.relay.poll();
    expect(world.amplitude.events).toHaveLength(49);
    expect(world.printed.join('\n')).toMatch(/"reason": ?"refused_unexplained"/);
    await againBesideOthers(1);
    expect(world.relay.failures()).toEqual([]);
    await againBesideOthers(1);
    expect(world.relay.failures()).toEqual([['unexplained', JSON.stringify(odd)]]);
  });

  it('without a name are no reason to give up any, where none is taken', async () => {
    await relayed();
    world.amplitude.batch.isUnwelcome = () => true;
    world.relay.put(...many(200));
    await world.relay.poll();
    expect(requests()).toBe(48);
    expect(world.relay.failures()).toEqual([]);
    expect(world.relay.queue.messages).toHaveLength(200);
    expect(world.printed.join('\n')).toMatch(/"reason": ?"refused_unexplained"/);
  });

  it('without a name for a while, all of them, cost none: they are taken later', async () => {
    await relayed();
    let answers = 0;
    world.amplitude.onRequest = () => {
      answers += 1;
      world.amplitude.batch.isUnwelcome = () => answers <= 9;
    };
    const events = many(200);
    world.relay.put(...events);
    for (let again = 0; again < 4; again += 1) await world.relay.pollAgain();
    expect(world.relay.failures()).toEqual([]);
    expect(sentIds().sort()).toEqual(events.map(({ event }) => event.insert_id).sort());
  });

  it('without a name beside others do not keep later ones from being tried', async () => {
    await relayed();
    world.amplitude.batch.isUnwelcome = ({ event_type }) => event_type === 'odd';
    world.relay.put(...many(60, { event_type: 'odd' }), ...many(100));
    for (let again = 0; again < 4; again += 1) await againBesideOthers(1);
    expect(world.amplitude.events).toHaveLength(112);
    expect(world.relay.failures()).toHaveLength(60);
  });

  it('without a name cost none that was received often for other reasons', async () => {
    await relayed();
    world.relay.put(...many(5));
    world.amplitude.down = true;
    for (let again = 0; again < 121; again += 1) await world.relay.pollAgain();
    world.amplitude.down = false;
    let answers = 0;
    world.amplitude.onRequest = () => {
      answers += 1;
      world.amplitude.batch.isUnwelcome = () => answers <= 4;
    };
    await world.relay.pollAgain();
    expect(world.relay.failures()).toEqual([]);
    await world.relay.pollAgain();
    expect(world.amplitude.events).toHaveLength(5);
  });

  it('without a name and without others are put there after a day', async () => {
    await relayed();
    world.amplitude.batch.isUnwelcome = () => true;
    world.relay.put(runEvent());
    for (let again = 0; again < 119; again += 1) await world.relay.pollAgain();
    expect(world.relay.failures()).toEqual([]);
    await world.relay.pollAgain();
    expect(world.relay.failures().map(([reason]) => reason)).toEqual(['unexplained']);
    expect(world.relay.queue.messages).toEqual([]);
  });
});

describe('a message that is no event of the relay', () => {
  it.each(['no JSON', '{}', '{"event":{"event_type":"x"},"receivedAt":"now"}'])(
    '%s is put among the failed as it came',
    async (body) => {
      await relayed();
      world.relay.queue.send({ body, attributes: {} }, 0);
      world.relay.put(runEvent());
      await world.relay.poll();
      expect(world.relay.failures()).toEqual([['unreadable', body]]);
      expect(world.amplitude.events).toHaveLength(1);
    },
  );
});

describe('a user of whom too much comes', () => {
  it('is waited for, while the others are sent at once', async () => {
    await relayed();
    const eager = many(3, { user_id: 'eager-user' });
    const others = many(4);
    world.amplitude.batch.throttled.add('eager-user');
    world.amplitude.onRequest = () => {
      if (world.amplitude.events.length === 4) world.amplitude.batch.throttled.clear();
    };
    const before = world.aws.clock.now().getTime();
    world.relay.put(...eager, ...others);
    await world.relay.poll();
    expect(sentIds()).toEqual([...others, ...eager].map(({ event }) => event.insert_id));
    expect(world.aws.clock.now().getTime() - before).toBe(15_000);
    expect(world.relay.queue.messages).toEqual([]);
  });

  it('comes again with the queue if it takes longer, and nobody else does', async () => {
    await relayed();
    const eager = many(2, { device_id: 'eager-device' });
    world.amplitude.batch.throttled.add('eager-device');
    world.relay.put(...eager, ...many(2));
    await world.relay.poll();
    expect(requests()).toBe(4);
    expect(world.relay.receives()).toEqual([1, 1]);
    expect(world.printed.join('\n')).toMatch(/"reason": ?"throttled"/);
    world.amplitude.batch.throttled.clear();
    await world.relay.pollAgain();
    expect([...world.amplitude.countsByInsertId().values()]).toEqual([1, 1, 1, 1]);
  });

  it('may be everybody: all wait, and are sent then', async () => {
    await relayed();
    world.amplitude.expect('throttling');
    world.relay.put(...many(3));
    await world.relay.poll();
    expect(world.amplitude.events).toHaveLength(3);
    expect(world.aws.clock.now().toISOString()).toBe('2026-11-24T00:00:15.000Z');
  });
});

describe('an Amplitude that gives no answer', () => {
  it('makes its events wait, and the longest of these times is measured each time', async () => {
    await relayed();
    world.amplitude.down = true;
    world.relay.put(runEvent());
    world.aws.clock.advance(3 * 86_400_000);
    world.relay.put(runEvent());
    await world.relay.poll();
    expect(measured().RelayWaitingSeconds).toBeGreaterThan(259_200);
    expect(measured()).not.toHaveProperty('RelayDelaySeconds');
  });

  it.each(['failing', 'hanging-up', 'html', 'portal', 'redirecting', 'not-enabled'] as const)(
    '%s is asked again after a second, and after two',
    async (mood) => {
      await relayed();
      world.amplitude.expect(mood, mood);
      world.relay.put(runEvent());
      await world.relay.poll();
      expect(world.amplitude.events).toHaveLength(1);
      expect(world.aws.clock.now().toISOString()).toBe('2026-11-24T00:00:03.000Z');
    },
  );

  it('gets its events later, each with the insert_id it had', async () => {
    await relayed();
    world.amplitude.down = true;
    const events = many(5);
    world.relay.put(...events);
    await world.relay.poll();
    expect(requests()).toBe(3);
    expect(world.relay.queue.messages).toHaveLength(5);
    expect(world.relay.mappingState()).toBe('Enabled');
    world.amplitude.down = false;
    await world.relay.pollAgain();
    expect(sentIds()).toEqual(events.map(({ event }) => event.insert_id));
  });

  it('may have taken them: they are sent twice, with the same insert_id', async () => {
    await relayed();
    const event = runEvent();
    world.amplitude.expect('answer-lost');
    world.relay.put(event);
    await world.relay.poll();
    expect([...world.amplitude.countsByInsertId()]).toEqual([[event.event.insert_id, 2]]);
    expect(world.relay.queue.messages).toEqual([]);
  });

  it('within its time is given up', async () => {
    await relayed();
    world.losePatience();
    world.amplitude.expect('silent', 'silent', 'silent');
    world.relay.put(runEvent());
    await world.relay.poll();
    expect(world.relay.receives()).toEqual([1]);
    expect(world.printed.join('\n')).toMatch(/"reason": ?"timeout"/);
  });

  it('for too long leaves the rest to the next time, before the function is ended', async () => {
    await relayed();
    world.amplitude.batch.most = { events: 1, bytes: 20_000_000 };
    world.amplitude.onRequest = () => world.aws.clock.advance(20_000);
    world.relay.put(...many(10));
    await world.relay.poll();
    expect(requests()).toBe(4);
    world.amplitude.onRequest = () => {};
    await world.relay.pollAgain();
    await world.relay.pollAgain();
    expect(new Set(sentIds()).size).toBe(10);
  });

  it('repeats the key in its answers, which are told nowhere', async () => {
    await relayed();
    for (const status of [200, 307, 400, 401, 403, 500]) {
      world.amplitude.echo = { status, type: 'application/json' };
      world.relay.put(runEvent());
      await world.relay.pollAgain();
    }
    const told = [...world.printed, ...world.aws.sns.published.map(({ message }) => message)];
    expect(told.join('\n')).not.toContain(KEYS.first);
    expect(JSON.stringify(world.aws.calls)).not.toContain(KEYS.first);
  });
});

describe('what the sender is invoked with', () => {
  it.each([
    [{}],
    [{ Records: [{}] }],
    [{ action: 'sleep' }],
    [null],
    [{ source: 'amplitude-keys' }],
  ])('and is nothing it knows, %j, is refused', async (event) => {
    await relayed();
    await expect(world.relay.invoke(event)).rejects.toMatchObject({ code: 'EVENT_MALFORMED' });
  });
});
