import { afterEach, describe, expect, it } from 'vitest';
import { relayTableName } from '../../../lambda/contract.ts';
import type { RelayEvent } from '../../../lambda/domain/relay/relay-event.ts';
import { rotationEvent, runEvent } from '../relay.ts';
import { createWorld, FINGERPRINTS, KEYS, type World, type WorldOptions } from '../world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let world: World;
afterEach(() => world.close());

/** With this many rotations behind it, each a day after the other. */
async function relayed(rotations: 0 | 1 | 2 = 0, options: WorldOptions = {}) {
  world = await createWorld({ relay: {}, ...options });
  for (const key of [KEYS.second, KEYS.third].slice(0, rotations)) {
    world.aws.clock.advance(24 * HOUR);
    await world.stage(key);
    expect(await world.rotate()).toBeUndefined();
    await world.relay.announce();
  }
  world.mail();
}

async function rotateTo(key: string) {
  await world.stage(key);
  expect(await world.rotate()).toBeUndefined();
}

const many = (count: number) => Array.from({ length: count }, () => runEvent());
const eachOnce = (events: readonly RelayEvent[]) =>
  Object.fromEntries(events.map(({ event }) => [event.insert_id, 1]));
const counts = () => Object.fromEntries(world.amplitude.countsByInsertId());
const held = () => world.aws.dynamoDb.itemsOf(relayTableName('dev')).get('held');
const requests = () => world.amplitude.requests.filter((one) => one.endsWith('/batch')).length;
const mailOf = (what: string) => world.mail().filter((subject) => subject.includes(what));
const lastHeldMetric = () =>
  world.printed
    .map((line) => JSON.parse(line))
    .findLast((line) => '_aws' in line && 'RelayHeld' in line)?.RelayHeld;

/** Lambda takes a while to turn a mapping on or off. */
const settleMapping = () => world.aws.clock.advance(MINUTE);

async function quarterOfAnHour() {
  await world.relay.wake();
  settleMapping();
  await world.relay.poll();
  world.aws.clock.advance(14 * MINUTE);
}

describe('the key that the sender uses', () => {
  it('is read once in five minutes', async () => {
    await relayed();
    const reads = () => world.aws.countOf('GetSecretValue');
    world.aws.resetCalls();
    for (let minute = 0; minute < 5; minute += 1) {
      world.relay.put(runEvent());
      await world.relay.poll();
      world.aws.clock.advance(MINUTE);
    }
    expect(reads()).toBe(1);
    world.relay.put(runEvent());
    await world.relay.poll();
    expect(reads()).toBe(2);
  });

  it('is read by label alone', async () => {
    await relayed(1);
    world.amplitude.revoke(KEYS.second);
    world.aws.resetCalls();
    world.relay.put(runEvent());
    await world.relay.poll();
    const inputs = world.aws.calls
      .filter(({ command }) => command === 'GetSecretValue')
      .map(({ input }) => input);
    expect(inputs.length).toBeGreaterThan(1);
    for (const input of inputs) {
      expect(Object.keys(input)).toEqual(['SecretId', 'VersionStage']);
      expect(input.VersionStage).toMatch(/^(AWSCURRENT|RETAINED-UNTIL-.*)$/);
    }
  });

  it('is read anew at a rotation', async () => {
    await relayed();
    world.relay.put(runEvent());
    await world.relay.poll();
    await rotateTo(KEYS.second);
    await world.relay.announce();
    world.amplitude.revoke(KEYS.first);
    world.relay.put(runEvent());
    await world.relay.poll();
    expect(world.amplitude.events).toHaveLength(2);
    expect(requests()).toBe(2);
  });
});

describe('a key that Amplitude rejects', () => {
  it('is read anew, since it may have been rotated: nothing is held or lost', async () => {
    await relayed();
    const events = many(4);
    world.relay.put(...events.slice(0, 2));
    await world.relay.poll();
    await rotateTo(KEYS.second);
    world.amplitude.revoke(KEYS.first);
    world.relay.put(...events.slice(2));
    await world.relay.poll();
    expect(counts()).toEqual(eachOnce(events));
    expect(world.relay.queue.messages).toEqual([]);
    expect(world.relay.mappingState()).toBe('Enabled');
    expect(held()).toBeUndefined();
  });

  it('in the middle of a batch: what was taken before is sent once', async () => {
    await relayed();
    world.amplitude.batch.most = { events: 2, bytes: 20_000_000 };
    await rotateTo(KEYS.second);
    world.amplitude.onRequest = () => {
      if (world.amplitude.events.length === 2) world.amplitude.revoke(KEYS.second);
    };
    const events = many(8);
    world.relay.put(...events);
    await world.relay.poll();
    expect(counts()).toEqual(eachOnce(events));
  });

  it('is the current one: the key replaced last is used, and told', async () => {
    await relayed(2);
    world.amplitude.revoke(KEYS.third);
    const events = many(3);
    world.relay.put(...events);
    await world.relay.poll();
    expect(counts()).toEqual(eachOnce(events));
    expect(requests()).toBe(2);
    expect(world.printed.join('\n')).toContain(FINGERPRINTS.third);
    expect(held()).toBeUndefined();
  });

  it('and so is the one before: the one before that is used', async () => {
    await relayed(2);
    world.amplitude.revoke(KEYS.third);
    world.amplitude.revoke(KEYS.second);
    world.relay.put(runEvent());
    await world.relay.poll();
    expect(world.amplitude.events).toHaveLength(1);
  });

  it('leads to no key that leaked, whatever else Amplitude takes', async () => {
    await relayed(2);
    const [versionId = ''] =
      Object.entries(world.labels()).find(([, labels]) => labels.includes('AWSPREVIOUS')) ?? [];
    await world.putOn(versionId, 'COMPROMISED-20261126T000000Z-12345678');
    world.amplitude.revoke(KEYS.third);
    world.amplitude.revoke(KEYS.first);
    world.relay.put(runEvent());
    await world.relay.poll();
    expect(world.amplitude.events).toEqual([]);
    expect(world.relay.queue.messages).toHaveLength(1);
  });

  it('is never told with its value', async () => {
    await relayed(1);
    for (const key of Object.values(KEYS)) world.amplitude.revoke(key);
    world.relay.put(runEvent());
    await world.relay.poll();
    const told = [...world.printed, ...world.aws.sns.published.map(({ message }) => message)];
    for (const key of Object.values(KEYS)) expect(told.join('\n')).not.toContain(key);
  });
});

/** Nothing is accepted any more, and events wait. */
async function rejected(rotations: 0 | 1 | 2 = 1, count = 5) {
  await relayed(rotations);
  for (const key of Object.values(KEYS)) world.amplitude.revoke(key);
  const events = many(count);
  world.relay.put(...events);
  await world.relay.poll();
  return events;
}

describe('with no key that Amplitude accepts', () => {
  it('a person is told although the mapping could not be stopped', async () => {
    await relayed();
    world.amplitude.revoke(KEYS.first);
    world.aws.faults.fail('UpdateEventSourceMapping', { error: 'access-denied' });
    world.relay.put(...many(1));
    await world.relay.poll();
    expect(world.mail()).toEqual(['Amplitude key dev/web: the relay is held back']);
    expect(world.relay.receives()).toEqual([1]);
  });

  it('the sender is held back: its mapping is off, all wait, and it is told once', async () => {
    const events = await rejected();
    expect(world.relay.mappingState()).toBe('Disabling');
    expect(world.relay.queue.messages).toHaveLength(events.length);
    expect(world.relay.failures()).toEqual([]);
    expect(held()).toMatchObject({
      rejected: { SS: expect.arrayContaining([FINGERPRINTS.first, FINGERPRINTS.second]) },
    });
    expect(lastHeldMetric()).toBe(1);
    expect(world.mail()).toEqual(['Amplitude key dev/web: the relay is held back']);
    const [message] = world.aws.sns.published.slice(-1);
    expect(message?.message).toContain('npx keyctl stage --env dev --key web');
    expect(message?.message).toContain(FINGERPRINTS.second);
  });

  it('no message that waits is handed out again, for days', async () => {
    await rejected();
    const later = many(3);
    settleMapping();
    world.relay.put(...later);
    for (let hour = 0; hour < 5; hour += 1) {
      for (let quarter = 0; quarter < 4; quarter += 1) {
        await quarterOfAnHour();
      }
    }
    expect(world.relay.receives()).toEqual([1, 1, 1, 1, 1, 0, 0, 0]);
    expect(lastHeldMetric()).toBe(1);
    expect(mailOf('relay')).toHaveLength(1);
  });

  it('batches that are under way come back, and say nothing twice', async () => {
    const events = await rejected();
    world.relay.put(...many(2));
    await world.relay.poll();
    await world.relay.poll();
    expect(world.relay.mappingState()).toBe('Disabling');
    expect(world.relay.queue.messages).toHaveLength(events.length + 2);
    expect(mailOf('relay')).toHaveLength(1);
  });

  it('the next rotation lets it go on, and each event arrives once', async () => {
    const events = await rejected();
    settleMapping();
    await rotateTo(KEYS.third);
    await world.relay.announce();
    settleMapping();
    expect(world.relay.mappingState()).toBe('Enabled');
    expect(held()).toBeUndefined();
    expect(lastHeldMetric()).toBe(0);
    await world.relay.pollAgain();
    expect(counts()).toEqual(eachOnce(events));
    expect(world.relay.queue.messages).toEqual([]);
    expect(mailOf('the relay')).toEqual([
      'Amplitude key dev/web: the relay is held back',
      'Amplitude key dev/web: the relay goes on',
    ]);
  });

  it('a rotation whose event is lost is found by the clock', async () => {
    const events = await rejected();
    settleMapping();
    await rotateTo(KEYS.third);
    world.aws.clock.advance(15 * MINUTE);
    await world.relay.wake();
    settleMapping();
    await world.relay.pollAgain();
    expect(counts()).toEqual(eachOnce(events));
    expect(held()).toBeUndefined();
  });

  it('an event that comes twice, and to two at once, starts and tells once', async () => {
    const events = await rejected();
    settleMapping();
    await rotateTo(KEYS.third);
    const other = world.relay.container();
    const [event] = world.aws.events.taken.slice(-1).map(rotationEvent);
    await Promise.all([world.relay.invoke(event), other(event), world.relay.wake()]);
    await world.relay.invoke(event);
    settleMapping();
    await world.relay.pollAgain();
    expect(counts()).toEqual(eachOnce(events));
    expect(mailOf('the relay goes on')).toHaveLength(1);
  });

  it('a rotation while it stops lets it go on at once', async () => {
    await relayed(1);
    for (const key of Object.values(KEYS)) world.amplitude.revoke(key);
    const events = many(2);
    world.relay.put(...events);
    let rotated = false;
    world.aws.onCall = async ({ command, input }) => {
      const isHold = command === 'UpdateItem' && JSON.stringify(input).includes('held');
      if (rotated || !isHold) return;
      rotated = true;
      await rotateTo(KEYS.third);
      await world.relay.announce();
    };
    await world.relay.poll();
    expect(world.relay.mappingState()).toBe('Enabled');
    expect(held()).toBeUndefined();
    await world.relay.pollAgain();
    expect(counts()).toEqual(eachOnce(events));
  });

  it('a rotation to a key that is rejected too leaves it held, and the one after lets it go on', async () => {
    const events = await rejected();
    settleMapping();
    await rotateTo(KEYS.third);
    await world.relay.announce();
    world.amplitude.revoke(KEYS.third);
    settleMapping();
    await world.relay.pollAgain();
    expect(held()).toBeDefined();
    settleMapping();
    await rotateTo(KEYS.fourth);
    await world.relay.announce();
    settleMapping();
    await world.relay.pollAgain();
    expect(counts()).toEqual(eachOnce(events));
    expect(held()).toBeUndefined();
  });

  it('a rotation of another key changes nothing', async () => {
    await rejected();
    settleMapping();
    const detail = { environment: 'dev', key: 'other' };
    await world.relay.invoke(
      rotationEvent({ source: 'amplitude-keys', detailType: 'Amplitude Key Rotated', detail }),
    );
    expect(world.relay.mappingState()).toBe('Disabled');
  });

  it('of two containers at once one tells, and both give their messages back', async () => {
    await relayed(1);
    for (const key of Object.values(KEYS)) world.amplitude.revoke(key);
    const batch = (id: string) => ({
      Records: [{ messageId: id, body: JSON.stringify(runEvent()) }],
    });
    const answers = await Promise.all([
      world.relay.invoke(batch('one')),
      world.relay.container()(batch('two')),
    ]);
    expect(answers).toEqual(
      ['one', 'two'].map((itemIdentifier) => ({ batchItemFailures: [{ itemIdentifier }] })),
    );
    expect(mailOf('held back')).toHaveLength(1);
  });
});

describe('a rejected key beside retained ones that can not be read', () => {
  it('holds the relay, and nobody is told that it goes on', async () => {
    await relayed(1);
    world.amplitude.revoke(KEYS.second);
    world.relay.put(...many(2));
    world.aws.faults.fail('DescribeSecret', { error: 'access-denied', times: 100 });
    await world.relay.poll();
    expect(held()).toMatchObject({ rejected: { SS: [FINGERPRINTS.second] } });
    for (let quarter = 0; quarter < 8; quarter += 1) await quarterOfAnHour();
    expect(world.relay.mappingState()).toBe('Disabled');
    expect(world.relay.receives()).toEqual([1, 1]);
    expect(mailOf('the relay')).toEqual(['Amplitude key dev/web: the relay is held back']);
  });
});

describe('a rejection that was a mistake of Amplitude', () => {
  it('is over for whoever looks next, although it could not be told', async () => {
    const events = await rejected();
    settleMapping();
    await world.relay.turnOn();
    settleMapping();
    world.amplitude.generate(KEYS.second);
    world.aws.faults.fail('Publish', { error: 'timeout' });
    await world.relay.pollAgain();
    expect(held()).toBeDefined();
    await quarterOfAnHour();
    await quarterOfAnHour();
    expect(world.relay.mappingState()).toBe('Enabled');
    expect(held()).toBeUndefined();
    expect(counts()).toEqual(eachOnce(events));
    expect(mailOf('goes on')).toHaveLength(1);
  });

  it('is not over by the answer to what was sent before it', async () => {
    await relayed();
    const runtime = world.relay.runtime();
    world.amplitude.onRequest = async () => {
      world.aws.clock.advance(1_000);
      await runtime.holding.hold([FINGERPRINTS.first], world.aws.clock.now());
      world.aws.clock.advance(1_000);
    };
    world.relay.put(runEvent());
    await world.relay.poll();
    expect(world.amplitude.events).toHaveLength(1);
    expect(held()).toMatchObject({ rejected: { SS: [FINGERPRINTS.first] } });
  });

  it('is found out after six hours, without a rotation and without a word in between', async () => {
    const events = await rejected();
    settleMapping();
    world.amplitude.generate(KEYS.second);
    for (let quarter = 0; quarter < 25; quarter += 1) {
      await quarterOfAnHour();
    }
    await world.relay.pollAgain();
    expect(counts()).toEqual(eachOnce(events));
    expect(held()).toBeUndefined();
    expect(mailOf('the relay')).toEqual([
      'Amplitude key dev/web: the relay is held back',
      'Amplitude key dev/web: the relay goes on',
    ]);
  });

  it('that was none costs each message one receive in six hours', async () => {
    await rejected();
    for (let quarter = 0; quarter < 4 * 24; quarter += 1) {
      await quarterOfAnHour();
    }
    expect(world.relay.receives()).toEqual([4, 4, 4, 4, 4]);
    expect(mailOf('the relay')).toEqual(['Amplitude key dev/web: the relay is held back']);
  });

  it('is found out by a batch that is under way while it stops', async () => {
    await rejected();
    world.amplitude.generate(KEYS.second);
    const last = runEvent();
    world.relay.put(last);
    await world.relay.poll();
    expect(world.amplitude.events).toEqual([last.event]);
    expect(held()).toBeUndefined();
    settleMapping();
    expect(world.relay.mappingState()).toBe('Disabled');
    await world.relay.wake();
    settleMapping();
    await world.relay.pollAgain();
    expect(world.relay.queue.messages).toEqual([]);
  });

  it('is found out as soon as somebody turns the mapping on by hand', async () => {
    const events = await rejected();
    settleMapping();
    world.amplitude.generate(KEYS.second);
    await world.relay.turnOn();
    settleMapping();
    await world.relay.pollAgain();
    expect(counts()).toEqual(eachOnce(events));
    expect(held()).toBeUndefined();
  });
});

describe('a key that can not be read', () => {
  it('for a moment brings the events back, and holds nothing', async () => {
    await relayed();
    const events = many(3);
    world.relay.put(...events);
    world.aws.faults.fail('GetSecretValue', { error: 'throttled', times: 2 });
    await world.relay.poll();
    expect(world.amplitude.events).toEqual([]);
    expect(held()).toBeUndefined();
    await world.relay.pollAgain();
    expect(counts()).toEqual(eachOnce(events));
  });

  it('after a rejection, or retained keys that can not: the same', async () => {
    await relayed(1);
    world.amplitude.revoke(KEYS.second);
    for (const command of ['GetSecretValue', 'DescribeSecret']) {
      world.relay.put(runEvent());
      world.aws.faults.fail(command, { error: 'timeout' });
      await world.relay.pollAgain();
      expect(world.aws.faults.pending).toEqual([]);
      expect(held()).toBeUndefined();
    }
    await world.relay.pollAgain();
    await world.relay.pollAgain();
    expect(world.amplitude.events).toHaveLength(2);
  });

  it('does not keep the retained one from being tried, and why is told', async () => {
    await relayed(1);
    const where = ({ VersionStage }: Readonly<Record<string, unknown>>) =>
      VersionStage === 'AWSCURRENT';
    world.relay.restart();
    world.aws.faults.fail('GetSecretValue', { error: 'access-denied', where, times: 2 });
    const event = runEvent();
    world.relay.put(event);
    await world.relay.poll();
    expect(world.aws.faults.pending).toEqual([]);
    expect(counts()).toEqual(eachOnce([event]));
    expect(held()).toBeUndefined();
    expect(world.printed.join('\n')).toContain('ACCESS_DENIED');
  });

  it('beside a retained one that is rejected holds the relay until it can be', async () => {
    await relayed(1);
    world.amplitude.revoke(KEYS.first);
    world.relay.restart();
    const where = ({ VersionStage }: Readonly<Record<string, unknown>>) =>
      VersionStage === 'AWSCURRENT';
    world.aws.faults.fail('GetSecretValue', { error: 'access-denied', where, times: 3 });
    world.relay.put(runEvent());
    await world.relay.poll();
    const [message] = world.aws.sns.published.slice(-1);
    expect(message?.message).toContain(
      `can't read the current key of dev/web (ACCESS_DENIED), and Amplitude rejects ${FINGERPRINTS.first}.`,
    );
    expect(message?.message).toContain('Make it readable again');
    settleMapping();
    await world.relay.wake();
    settleMapping();
    await world.relay.pollAgain();
    expect(world.amplitude.events).toHaveLength(1);
  });

  it('since the environment is locked down holds the relay until it is unlocked', async () => {
    await relayed(0, { cmk: true });
    await world.disableCmk();
    const events = many(3);
    world.relay.put(...events);
    await world.relay.poll();
    expect(world.amplitude.requests).toEqual([]);
    expect(world.mail()).toEqual(['Amplitude key dev/web: the relay is held back']);
    settleMapping();
    expect(world.relay.mappingState()).toBe('Disabled');
    await world.relay.wake();
    await world.enableCmk();
    world.aws.clock.advance(15 * MINUTE);
    await world.relay.wake();
    settleMapping();
    await world.relay.pollAgain();
    expect(counts()).toEqual(eachOnce(events));
    expect(world.relay.receives()).toEqual([]);
  });

  it('since there is none yet waits for the first', async () => {
    await relayed(0, { value: '{"placeholder":"No Amplitude key yet."}' });
    const events = many(2);
    world.relay.put(...events);
    await world.relay.poll();
    settleMapping();
    expect(world.relay.mappingState()).toBe('Disabled');
    expect(world.printed.join('\n')).toContain('NO_KEY_YET');
    const [message] = world.aws.sns.published.slice(-1);
    expect(message?.message).toContain(
      'It has none yet. Stage the key in use and rotate: npx keyctl',
    );
    await rotateTo(KEYS.second);
    await world.relay.announce();
    settleMapping();
    await world.relay.pollAgain();
    expect(counts()).toEqual(eachOnce(events));
  });

  it.each([
    ['access-denied' as const, 'ACCESS_DENIED'],
    [{ name: 'ResourceNotFoundException', message: 'no such secret' }, 'SECRET_NOT_FOUND'],
  ])('with %j holds the relay too', async (error, code) => {
    await relayed();
    world.relay.put(runEvent());
    world.aws.faults.fail('GetSecretValue', { error, times: 3 });
    await world.relay.poll();
    expect(held()).toBeDefined();
    expect(world.printed.join('\n')).toContain(code);
    settleMapping();
    await world.relay.wake();
    settleMapping();
    await world.relay.pollAgain();
    expect(world.amplitude.events).toHaveLength(1);
  });
});

describe('a mapping that is off for no reason', () => {
  it('is turned on by the clock', async () => {
    await relayed();
    await world.relay.turnOff();
    settleMapping();
    await world.relay.wake();
    settleMapping();
    expect(world.relay.mappingState()).toBe('Enabled');
  });

  it('is left alone while it is on: nothing is changed at AWS', async () => {
    await relayed();
    world.aws.resetCalls();
    await world.relay.wake();
    expect(world.aws.calls.map(({ command }) => command)).toEqual([
      'GetItem',
      'ListEventSourceMappings',
    ]);
  });
});
