import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CONTENT, chatMessage, workflowRun } from '../../dify.ts';
import { type Intake, intakeIn } from '../intake.ts';
import { createWorld, KEYS, type World } from '../world.ts';

let world: World;
let intake: Intake;
beforeEach(async () => {
  world = await createWorld({ relay: {} });
  intake = intakeIn(world);
});
afterEach(() => world.close());

/** Each span in a request of its own, the runs at the same time, as Dify's workers send them. */
async function sendSpanBySpan(runs: readonly ReturnType<typeof workflowRun>[]) {
  const longest = Math.max(...runs.map(({ length }) => length));
  for (let at = 0; at < longest; at += 1) {
    const spans = runs.flatMap((run) => run[at] ?? []);
    const answers = await Promise.all(spans.map((span) => intake.traces([span])));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  }
}

/** The delay of the queue is over. */
async function deliver() {
  world.aws.clock.advance(10_000);
  await world.relay.poll();
}

const once = (...ids: string[]) => new Map(ids.map((id) => [id, 1]));
const modelsSent = () =>
  Object.fromEntries(
    world.amplitude.events.map(({ insert_id, event_properties }) => [
      insert_id,
      (event_properties as Record<string, unknown>).model_used,
    ]),
  );

describe("Dify's executions", () => {
  it('are in Amplitude, each once, with the models that told of themselves in other requests', async () => {
    const models = [['gpt-4o'], ['gpt-4o', 'claude-3'], [], ['mistral-large']];
    const runs = Array.from({ length: 40 }, (_, at) =>
      workflowRun({ id: `run-${at}`, models: models[at % 4] ?? [], user: `user-${at}-of-dify` }),
    );
    const chats = Array.from({ length: 10 }, (_, at) => chatMessage({ id: `message-${at}` }));
    await sendSpanBySpan([...runs, ...chats]);
    await deliver();
    const ids = [...runs.map((_, at) => `run-${at}`), ...chats.map((_, at) => `message-${at}`)];
    expect(world.amplitude.countsByInsertId()).toEqual(once(...ids));
    expect(modelsSent()).toMatchObject({
      'run-0': 'gpt-4o',
      'run-1': 'claude-3, gpt-4o',
      'run-2': undefined,
      'run-3': 'mistral-large',
      'message-0': 'gpt-4o',
    });
    expect(world.relay.queue.messages).toEqual([]);
    expect(world.relay.failures()).toEqual([]);
    const told = JSON.stringify([world.amplitude.events, world.printed]);
    expect(told).not.toMatch(/Ada|earn|example\.com/);
  });

  it('are each once though Dify sends what it had no answer to again', async () => {
    const run = workflowRun({ id: 'run-1' });
    world.aws.faults.fail('UpdateItem', { error: 'throttled', when: 'after' });
    world.aws.faults.fail('SendMessageBatch', { error: 'timeout', when: 'after' });
    for (const span of run) {
      const { statusCode } = await intake.traces([span]);
      if (statusCode === 503)
        expect(await intake.traces([span])).toMatchObject({ statusCode: 200 });
    }
    expect(world.aws.faults.pending).toEqual([]);
    expect(intake.queued()).toHaveLength(2);
    await deliver();
    expect(world.amplitude.countsByInsertId()).toEqual(once('run-1'));
    expect(modelsSent()).toEqual({ 'run-1': 'gpt-4o' });
  });

  it('have the model of an LLM call that is told of after them, within the delay', async () => {
    const run = workflowRun({ id: 'run-1' });
    for (const span of run.toReversed()) {
      await intake.traces([span]);
      world.aws.clock.advance(2_000);
    }
    await deliver();
    expect(modelsSent()).toEqual({ 'run-1': 'gpt-4o' });
  });

  it('and what others posted survive a key that is rotated and revoked', async () => {
    await sendSpanBySpan([workflowRun({ id: 'run-1' })]);
    await deliver();
    await world.stage(KEYS.second);
    expect(await world.rotate()).toBeUndefined();
    world.amplitude.revoke(KEYS.first);
    await sendSpanBySpan([workflowRun({ id: 'run-2' })]);
    const click = { event_type: 'clicked', user_id: 'user-0001', insert_id: 'click-1' };
    const posted = { ...click, event_properties: { page: '/pricing', query: CONTENT } };
    expect(await intake.events({ events: [posted] })).toMatchObject({ statusCode: 200 });
    await deliver();
    await world.relay.announce();
    await deliver();
    expect(world.amplitude.countsByInsertId()).toEqual(once('run-1', 'run-2', 'click-1'));
    expect(world.amplitude.events.at(-1)).toMatchObject({
      ...click,
      event_properties: { page: '/pricing' },
    });
    expect(JSON.stringify(world.amplitude.events)).not.toMatch(/Ada|earn/);
  });
});
