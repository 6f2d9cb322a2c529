import { afterEach, describe, expect, it } from 'vitest';
import {
  type RelaySettings,
  relayDigestKeyName,
  relayMetric,
  relayPath,
  relaySecretField,
} from '../../../lambda/contract.ts';
import { keyedDigestOf, SecretValue } from '../../../lambda/domain/secret-value.ts';
import { apiCheck, CONTENT, chatMessage, workflowRun } from '../../dify.ts';
import { durableRun, unifiedRun } from '../../dify-next.ts';
import { otlpRequest } from '../../otlp-requests.ts';
import { bearer, type Intake, intakeIn, TOKENS, tracesOf } from '../intake.ts';
import { createWorld, type World } from '../world.ts';

let world: World;
let intake: Intake;
afterEach(() => world.close());

async function start(settings: Partial<RelaySettings> = {}, isGuarded = false) {
  world = await createWorld({ relay: settings });
  intake = intakeIn(world, isGuarded);
}

/** The sums of the relay's metrics. */
function counted(): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const line of world.printed) {
    const said = JSON.parse(line);
    for (const name of Object.values(relayMetric)) {
      if (name in said) sums[name] = (sums[name] ?? 0) + said[name];
    }
  }
  return sums;
}

const digestKey = (): string => {
  const text = world.aws.secretsManager.valueOf(relayDigestKeyName('dev'), 'AWSCURRENT');
  return JSON.parse(text ?? '')[relaySecretField.digestKey];
};
const digest = (id: string) => keyedDigestOf(new SecretValue(digestKey()), id);

const ENDED = Date.parse('2026-11-24T12:00:02.500Z');

describe('traces of Dify', () => {
  it.each(['protobuf', 'json'] as const)('become events in the queue: %s', async (form) => {
    await start();
    const run = workflowRun({ id: 'run-1', user: 'user-0007' });
    const answer = await intake.traces(run, { form });
    expect(answer).toEqual({
      statusCode: 200,
      headers: { 'content-type': form === 'json' ? 'application/json' : 'application/x-protobuf' },
      body: form === 'json' ? '{}' : '',
      isBase64Encoded: form === 'protobuf',
    });
    expect(intake.queued()).toEqual([
      {
        event: {
          event_type: 'workflow_executed',
          user_id: 'user-0007',
          time: ENDED,
          insert_id: 'run-1',
          event_properties: {
            workflow_id: '7e3f4a52-0000-4000-8000-00000000f001',
            model_used: 'gpt-4o',
            app: 'Support bot',
            app_id: '7e3f4a52-0000-4000-8000-00000000a001',
            status: 'succeeded',
            duration: 2.5,
            tokens: 100,
            version: '2026-09-01 08:15:30.123456',
            triggered_from: 'app-run',
          },
        },
        receivedAt: '2026-11-24T00:00:00.000Z',
        awaits: {
          trace: run.at(-1)?.spanContext().traceId,
          property: 'model_used',
          models: ['gpt-4o'],
          startedMs: ENDED - 2_500,
          endedMs: ENDED,
        },
      },
    ]);
    expect(counted()).toMatchObject({ RelayEventsReceived: 1 });
    expect(counted().RelayFieldsScrubbed).toBeGreaterThan(20);
  });

  it('that come span by span keep their models for the sender', async () => {
    await start();
    const run = workflowRun({ id: 'run-1', models: ['gpt-4o', 'claude-3'] });
    for (const span of run) {
      const { statusCode } = await intake.traces([span]);
      expect(statusCode).toBe(200);
    }
    const trace = run[0]?.spanContext().traceId;
    expect(intake.models()).toEqual({ [`trace ${trace}`]: ['claude-3', 'gpt-4o'] });
    const [event, ...others] = intake.queued();
    expect(others).toEqual([]);
    expect(event?.awaits).toMatchObject({ trace, property: 'model_used', models: [] });
    expect(event?.event.event_properties).not.toHaveProperty('model_used');
  });

  it('are taken of chats, and of providers to come', async () => {
    await start();
    const chat = chatMessage({ id: 'message-1' });
    for (const spans of [chat, unifiedRun({ id: 'run-2' }), durableRun({ id: 'run-3' })]) {
      expect(await intake.traces(spans)).toMatchObject({ statusCode: 200 });
    }
    expect(intake.queued().map(({ event }) => [event.event_type, event.insert_id])).toEqual([
      ['workflow_executed', 'message-1'],
      ['workflow_executed', 'run-2'],
      ['workflow_executed', 'run-3'],
    ]);
  });

  it('have the same insert_id whenever they come again', async () => {
    await start();
    const run = workflowRun();
    for (const _ of [1, 2]) {
      await intake.traces(run);
      world.aws.clock.advance(60_000);
    }
    const [first, second] = intake.queued();
    expect(second?.event).toEqual(first?.event);
  });

  it('are of digests of user ids where that is configured, the same in every container', async () => {
    await start({ userIds: 'hmac' });
    const run = workflowRun({ user: 'user-0007' });
    for (const send of [intake.send, intake.start()]) await send(tracesOf(run));
    const users = intake.queued().map(({ event }) => event.user_id);
    expect(users).toEqual([digest('user-0007'), digest('user-0007')]);
  });

  it("may be none: of an empty request, and of the check of Dify's settings page", async () => {
    await start();
    expect(await intake.traces([], { body: '' })).toMatchObject({ statusCode: 200, body: '' });
    expect(await intake.traces([], { body: '{}', form: 'json' })).toMatchObject({
      statusCode: 200,
      body: '{}',
    });
    expect(await intake.traces(apiCheck())).toMatchObject({ statusCode: 200, body: '' });
    expect(intake.queued()).toEqual([]);
    expect(intake.models()).toEqual({});
    expect(counted().RelayEventsReceived).toBe(0);
    expect(world.aws.countOf('SendMessageBatch')).toBe(0);
  });

  it('are taken but for spans without an id, which the answer tells of', async () => {
    await start();
    const body = JSON.parse(Buffer.from(otlpRequest('json', workflowRun())).toString());
    const { spans } = body.resourceSpans[0].scopeSpans[0];
    spans[0].traceId = '0'.repeat(32);
    spans[1].spanId = 'no id';
    const answer = await intake.traces([], { form: 'json', body: JSON.stringify(body) });
    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body)).toEqual({
      partialSuccess: {
        rejectedSpans: '2',
        errorMessage: 'Spans without a usable id of their own or of their trace were left out: 2.',
      },
    });
    expect(intake.queued()).toHaveLength(1);
    expect(world.printed.join()).toContain('"rejected": 2');
  });

  it('may be more at once than a call of SQS or of DynamoDB takes', async () => {
    await start();
    const runs = Array.from({ length: 25 }, (_, at) => workflowRun({ id: `run-${at}` }));
    const steps = Array.from({ length: 30 }, () => workflowRun().slice(0, -1)).flat();
    expect(await intake.traces([...runs.flat(), ...steps])).toMatchObject({ statusCode: 200 });
    const ids = intake.queued().map(({ event }) => event.insert_id);
    expect(new Set(ids)).toEqual(new Set(runs.map((_, at) => `run-${at}`)));
    expect(ids).toHaveLength(25);
    expect(Object.keys(intake.models())).toHaveLength(55);
  });
});

const VIEW = { event_type: 'page_viewed', user_id: 'user-0001' };

describe('posted events', () => {
  it('are put into the queue, of their fields only those that are let through', async () => {
    await start();
    const click = {
      ...VIEW,
      insert_id: 'click-1',
      event_properties: { page: '/x', query: CONTENT },
    };
    const answer = await intake.events({ events: [click, VIEW] });
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false });
    expect(JSON.parse(answer.body)).toEqual({
      code: 200,
      events_ingested: 2,
      server_upload_time: new Date('2026-11-24T00:00:00Z').getTime(),
      fields_left_out: 1,
    });
    expect(intake.queued()).toMatchObject([
      { event: { insert_id: 'click-1', event_properties: { page: '/x' } } },
      { event: { event_type: 'page_viewed', event_properties: {} } },
    ]);
    expect(counted()).toEqual({ RelayEventsReceived: 2, RelayFieldsScrubbed: 1 });
  });

  it('may be none', async () => {
    await start();
    const { statusCode, body } = await intake.events({ events: [] });
    expect({ statusCode, ...JSON.parse(body) }).toMatchObject({
      statusCode: 200,
      code: 200,
      events_ingested: 0,
    });
    expect(intake.queued()).toEqual([]);
  });

  it('that say when they were have the same insert_id whenever they come again', async () => {
    await start();
    const dated = { ...VIEW, time: 1_795_478_000_000 };
    for (const _ of [1, 2]) await intake.events({ events: [dated, dated, VIEW] });
    const [first, second, third, ...again] = intake.queued().map(({ event }) => event.insert_id);
    expect(again.slice(0, 2)).toEqual([first, second]);
    expect(new Set([first, second, third, again[2]]).size).toBe(4);
  });

  it('are all refused while one is, each by its reason', async () => {
    await start();
    const events = [VIEW, { ...VIEW, user_id: 7 }, VIEW, { user_id: CONTENT }];
    const { statusCode, body } = await intake.events({ events });
    expect({ statusCode, ...JSON.parse(body) }).toEqual({
      statusCode: 400,
      code: 400,
      error:
        "Nothing was taken, since some events can't be. events[1]: user_id is not a string; events[3]: event_type is missing. Mend these or leave them out, and send all others again.",
    });
    expect(intake.queued()).toEqual([]);
  });

  it('are refused with each reason once', async () => {
    await start();
    const { body } = await intake.events({ events: Array.from({ length: 30 }, () => ({})) });
    expect(JSON.parse(body).error).toContain(' events[0]–[29]: event_type is missing. ');
  });

  it('may not bring a key, which nothing repeats', async () => {
    await start();
    const key = '1f0e9d8c'.repeat(4);
    const answer = await intake.events({ api_key: key, events: [VIEW] });
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body).error).toContain('holds an API key');
    expect(intake.queued()).toEqual([]);
    expect(JSON.stringify([answer, world.printed])).not.toContain(key);
  });
});

describe('what cannot be put down', () => {
  const unavailable = {
    statusCode: 503,
    headers: { 'content-type': 'application/json', 'retry-after': '5' },
  };
  const run = workflowRun({ id: 'run-1' });

  it.each([
    ['SendMessageBatch', 'before', 1],
    ['SendMessageBatch', 'after', 2],
    ['UpdateItem', 'before', 2],
    ['UpdateItem', 'after', 2],
  ] as const)('is asked for again: %s fails %s it took effect', async (command, when, messages) => {
    await start();
    const spans = [...run, ...workflowRun().slice(0, -1)];
    world.aws.faults.fail(command, { error: 'throttled', when });
    const answer = await intake.traces(spans, { form: 'json' });
    expect(answer).toMatchObject(unavailable);
    expect(JSON.parse(answer.body)).toEqual({
      code: 14,
      message: "The relay can't take it at the moment. Send it again in some seconds.",
    });
    expect(world.aws.faults.pending).toEqual([]);
    expect(counted()).toEqual({ RelayRequestsRefused: 1, RelayRequestsUnavailable: 1 });
    expect(await intake.traces(spans, { form: 'json' })).toMatchObject({ statusCode: 200 });
    expect(intake.queued().map(({ event }) => event.insert_id)).toEqual(
      Array.from({ length: messages }, () => 'run-1'),
    );
    expect(Object.values(intake.models())).toEqual([['gpt-4o'], ['gpt-4o']]);
  });

  it('is asked for again of posted events, with what may count twice then', async () => {
    await start();
    const events = [{ ...VIEW, insert_id: 'click-1' }, VIEW];
    world.aws.faults.fail('SendMessageBatch', { error: 'throttled', when: 'after' });
    const answer = await intake.events({ events });
    expect(answer).toMatchObject(unavailable);
    expect(JSON.parse(answer.body)).toEqual({
      code: 503,
      error:
        "The relay can't take it at the moment. Send it again in some seconds. Events with neither an insert_id nor a time may count twice then: give each an insert_id from the first.",
    });
    await intake.events({ events });
    const ids = intake.queued().map(({ event }) => event.insert_id);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(3);
  });

  it.each(['before', 'after'] as const)(
    'is lost at no call, whichever fails %s it took effect',
    async (when) => {
      await start({}, true);
      const spans = [...run, ...workflowRun().slice(0, -1)];
      let nth = 0;
      do {
        nth += 1;
        world.aws.clock.advance(3_700_000);
        world.aws.faults.clear();
        world.aws.faults.fail('*', { error: 'timeout', when, nth });
        const { statusCode } = await intake.traces(spans);
        if (statusCode === 503) {
          expect(await intake.traces(spans)).toMatchObject({ statusCode: 200 });
        }
        const ids = intake.queued().map(({ event }) => event.insert_id);
        expect(new Set(ids)).toEqual(new Set(['run-1']));
        expect(ids.length).toBeGreaterThanOrEqual(nth);
      } while (world.aws.faults.pending.length === 0);
      // The guard's table, both tokens, the digests' key, the queue, models of two traces; and none failed
      expect(nth).toBe(8);
    },
  );

  it('is asked for again of a batch of which SQS takes some', async () => {
    await start();
    world.aws.sqs.refuse = (body) =>
      body.includes('run-2') ? { Code: 'KmsThrottled', SenderFault: false } : undefined;
    const spans = [...run, ...workflowRun({ id: 'run-2' })];
    expect(await intake.traces(spans)).toMatchObject({ statusCode: 503 });
    world.aws.sqs.refuse = () => undefined;
    expect(await intake.traces(spans)).toMatchObject({ statusCode: 200 });
    const ids = intake.queued().map(({ event }) => event.insert_id);
    expect(ids).toEqual(['run-1', 'run-1', 'run-2']);
  });

  it.each(['token', 'digest-key'])(
    "is asked for again while the %s can't be read",
    async (name) => {
      await start();
      const where = ({ SecretId }: Readonly<Record<string, unknown>>) =>
        SecretId === `amplitude-relay/dev/${name}`;
      world.aws.faults.fail('GetSecretValue', { error: 'access-denied', where });
      expect(await intake.traces(run, { form: 'json' })).toMatchObject(unavailable);
      expect(intake.queued()).toEqual([]);
      expect(await intake.traces(run)).toMatchObject({ statusCode: 200 });
    },
  );

  it('is told in the log, once and not to whoever sent it', async () => {
    await start();
    world.aws.faults.fail('GetSecretValue', { error: 'access-denied' });
    const { body } = await intake.traces(run, { form: 'json' });
    expect(body).not.toMatch(/amplitude-relay|AWS|denied/);
    const lines = world.printed.map((line) => JSON.parse(line));
    const errors = lines.filter(({ level }) => level === 'ERROR');
    expect(errors).toMatchObject([
      { metadata: { code: 'ACCESS_DENIED', http_status: 503, call: 'GetSecretValue' } },
    ]);
    expect(errors[0].message).toContain('amplitude-relay/dev/token');
  });

  it('by a fault of ours is 500, with nothing of it told', async () => {
    await start();
    const fault = { put: () => Promise.reject(new TypeError(CONTENT)) };
    const send = intake.start({ queue: fault });
    const answer = await send(tracesOf(run, 'json'));
    expect(answer.statusCode).toBe(500);
    expect(JSON.parse(answer.body)).toEqual({
      code: 13,
      message: 'A fault of the relay. Whoever runs it finds more in its log.',
    });
    expect(JSON.stringify([answer, world.printed])).not.toMatch(/Ada|earn/);
    expect(world.printed.join()).toContain('UNEXPECTED');
  });

  it('is an error of the function where the payload is no request at all', async () => {
    await start();
    const handle = intake.start({ requestIn: () => undefined });
    await expect(handle({ path: relayPath.traces })).rejects.toMatchObject({
      code: 'EVENT_MALFORMED',
    });
  });

  it('is an error of the function where its settings are wrong', async () => {
    await start({ deniedRanges: ['10.0.0.0/99'] });
    await expect(intake.traces(run)).rejects.toMatchObject({ code: 'SETTING_INVALID' });
    intake.variables.RELAY_QUEUE_URL = '';
    await expect(intake.start()(tracesOf(run))).rejects.toMatchObject({ code: 'SETTING_INVALID' });
  });
});

describe('what people wrote', () => {
  it('is in no event, line or answer, whatever becomes of the request', async () => {
    await start();
    const runs = [workflowRun, chatMessage, unifiedRun, durableRun];
    const spans = runs.flatMap((make) => make({ status: 'failed', user: CONTENT }));
    const headers = { ...bearer(TOKENS.first), 'content-type': 'application/json' };
    const answers = [
      await intake.traces(spans),
      await intake.traces(spans, { form: 'json' }),
      await intake.traces(spans, { headers: { 'content-type': 'text/plain', ...bearer(CONTENT) } }),
      await intake.traces(spans, { path: `/v1/${CONTENT}` }),
      await intake.traces([], { headers, body: `{"resourceSpans":"${CONTENT}"` }),
      await intake.events({ events: [{ event_type: CONTENT, user_id: CONTENT }], query: CONTENT }),
      await intake.events({ events: [{ event_type: 'x', user_id: CONTENT, page: CONTENT }] }),
      await intake.events(CONTENT),
    ];
    world.aws.faults.fail('SendMessageBatch', { error: { name: 'Boom', message: CONTENT } });
    answers.push(await intake.traces(spans));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([
      200, 200, 401, 404, 400, 400, 200, 400, 503,
    ]);
    const decoded = answers.map(({ body }) => Buffer.from(body, 'base64').toString());
    const told = JSON.stringify([
      answers,
      decoded,
      intake.queued(),
      intake.models(),
      world.printed,
    ]);
    expect(told).toContain('"insert_id"');
    expect(told).not.toMatch(/Ada|earn|example\.com/);
    for (const secret of [...Object.values(TOKENS), digestKey()])
      expect(told).not.toContain(secret);
  });
});
