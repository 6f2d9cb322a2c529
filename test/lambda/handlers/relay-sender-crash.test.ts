import { afterEach, describe, expect, it } from 'vitest';
import { modelsTable } from '../../../lambda/adapters/relay-models.ts';
import { functionName, relayTableName } from '../../../lambda/contract.ts';
import type { Moment } from '../../aws/fakes/faults.ts';
import { awaited, runEvent } from '../relay.ts';
import { createWorld, KEYS, type World } from '../world.ts';

const MINUTE = 60_000;
const SENDER = functionName('dev', 'relay-sender');

let world: World;
afterEach(() => world.close());

/**
 * The sender dies at its nth call of AWS: that one fails before or after its effect, all later ones
 * are never made, and nobody gets its answer. The next invocation is another container's.
 */
function dieAt(nth: number, moment: Moment) {
  let calls = 0;
  let isRunning = false;
  let isDead = false;
  world.aws.onCall = ({ command }) => {
    if (!isRunning) return;
    calls += 1;
    if (calls < nth) return;
    if (calls === nth && !isDead) {
      isDead = true;
      if (moment === 'before') throw new Error('The process is gone.');
      world.aws.faults.fail(command, { error: 'timeout', when: 'after' });
    } else if (isDead) throw new Error('The process is gone.');
  };
  let handler = world.relay.container();
  world.aws.functions.set(SENDER, async (event) => {
    isRunning = true;
    try {
      const answer = await handler(event);
      if (isDead) throw new Error('Nobody gets the answer.');
      return answer;
    } finally {
      isRunning = false;
      if (isDead) handler = world.relay.container();
      isDead = false;
    }
  });
  return { hasDied: () => calls >= nth };
}

async function quarterOfAnHour() {
  await world.relay.wake()?.catch(() => undefined);
  world.aws.clock.advance(MINUTE);
  await world.relay.poll();
  world.aws.clock.advance(14 * MINUTE);
}

/** Events come, the only key is revoked, events come, another key is current; some hours pass. */
async function play() {
  const models = modelsTable({
    client: world.aws.clients.dynamoDb,
    table: relayTableName('dev'),
    now: () => world.aws.clock.now(),
    atOnce: () => (work) => work(),
  });
  await models.add('trace-1', [{ model: 'gpt-5', slotMs: 0 }]);
  world.amplitude.batch.invalidField = ({ event_type }) =>
    event_type === 'odd' ? 'event_type' : undefined;
  const awaits = awaited('trace-1');
  const odd = runEvent({ event_type: 'odd' });
  const first = [runEvent(), runEvent({}, { awaits })];
  world.relay.put(...first, odd);
  await world.relay.poll();
  await quarterOfAnHour();
  world.amplitude.revoke(KEYS.first);
  const second = [runEvent(), runEvent({}, { awaits })];
  world.relay.put(...second);
  await world.relay.poll();
  // What died then is handed out again
  for (let quarter = 0; quarter < 2; quarter += 1) await quarterOfAnHour();
  await world.stage(KEYS.second);
  await world.rotate();
  await world.relay.announce().catch(() => undefined);
  for (let quarter = 0; quarter < 4; quarter += 1) await quarterOfAnHour();
  return { sent: [...first, ...second], odd };
}

/** Another name of the same thing is no second one: an insert_id counts once. */
function expectNothingLost({ sent, odd }: Awaited<ReturnType<typeof play>>) {
  const counts = world.amplitude.countsByInsertId();
  expect([...counts.keys()].sort()).toEqual(sent.map(({ event }) => event.insert_id).sort());
  expect(Math.max(...counts.values())).toBeLessThanOrEqual(2);
  const failures = new Set(world.relay.failures().map((failure) => JSON.stringify(failure)));
  expect([...failures]).toEqual([JSON.stringify(['invalid_event_type', JSON.stringify(odd)])]);
  const told = world.amplitude.events.filter(({ insert_id }) =>
    [sent[1], sent[3]].some((one) => one?.event.insert_id === insert_id),
  );
  for (const { event_properties } of told) {
    expect(event_properties).toMatchObject({ model_used: 'gpt-5' });
  }
  expect(world.relay.queue.messages).toEqual([]);
  expect(world.relay.mappingState()).toBe('Enabled');
  expect(world.aws.dynamoDb.itemsOf(relayTableName('dev')).has('held')).toBe(false);
  const mail = world.mail().filter((subject) => subject.includes('the relay'));
  const times = (what: string) => mail.filter((subject) => subject.includes(what)).length;
  for (const what of ['held back', 'goes on']) {
    expect([1, 2], `${what} was told ${times(what)} times`).toContain(times(what));
  }
}

async function relayed() {
  world = await createWorld({ relay: {} });
}

describe('a sender that dies', () => {
  it.each(['before', 'after'] as const)(
    '%s any of its calls takes effect loses nothing, and the next goes on where it was',
    async (moment) => {
      let deaths = 0;
      for (let nth = 1; ; nth += 1) {
        await relayed();
        const life = dieAt(nth, moment);
        const played = await play();
        if (!life.hasDied()) break;
        deaths += 1;
        expectNothingLost(played);
        await world.close();
      }
      expect(deaths).toBeGreaterThan(40);
    },
  );
});

describe('a call that AWS refuses', () => {
  it.each(['timeout', 'access-denied'] as const)(
    'once, %s, whichever it is, costs nothing but time',
    async (error) => {
      let faults = 0;
      for (let nth = 1; ; nth += 1) {
        await relayed();
        let calls = 0;
        let isRunning = false;
        const handler = world.relay.container();
        world.aws.functions.set(SENDER, async (event) => {
          isRunning = true;
          return handler(event).finally(() => {
            isRunning = false;
          });
        });
        world.aws.onCall = ({ command }) => {
          if (!isRunning) return;
          calls += 1;
          if (calls === nth) world.aws.faults.fail(command, { error });
        };
        const played = await play();
        if (calls < nth) break;
        faults += 1;
        expectNothingLost(played);
        await world.close();
      }
      expect(faults).toBeGreaterThan(40);
    },
  );
});
