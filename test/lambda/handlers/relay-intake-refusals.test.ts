import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpAnswer } from '../../../lambda/adapters/http-answer.ts';
import { MOST_BYTES } from '../../../lambda/adapters/request-body.ts';
import {
  guardTableName,
  type RelaySettings,
  relayPath,
  relayTokenName,
} from '../../../lambda/contract.ts';
import { CONTENT, workflowRun } from '../../dify.ts';
import { otlpRequest } from '../../otlp-requests.ts';
import type { Sent } from '../http-event.ts';
import { bearer, type Intake, intakeIn, TOKENS, tracesOf } from '../intake.ts';
import { keeping } from '../quarantined.ts';
import { createWorld, type World } from '../world.ts';

const MINUTE = 60_000;
const RUN = workflowRun({ id: 'run-1' });
const PROTOBUF = { 'content-type': 'application/x-protobuf' };
const JSON_TYPE = { 'content-type': 'application/json' };

let world: World;
let intake: Intake;
afterEach(() => world.close());

async function start(settings: Partial<RelaySettings> = {}, isGuarded = false) {
  world = await createWorld({ relay: settings });
  intake = intakeIn(world, isGuarded);
}

/** Of a refusal, after which nothing may be put down. */
function expectNothing() {
  expect(intake.queued()).toEqual([]);
  expect(intake.models()).toEqual({});
}

const messageOf = ({ body }: HttpAnswer) => JSON.parse(body).message ?? JSON.parse(body).error;
const statusOf = async (headers: Readonly<Record<string, string>>, send = intake.send) =>
  (await send({ ...tracesOf(RUN), headers: { ...PROTOBUF, ...headers } })).statusCode;

describe('a token', () => {
  it.each([
    ['none', {}],
    ['an empty one', { authorization: 'Bearer ', api_key: '' }],
    ['an unknown one', bearer('no-token-of-the-relay')],
    ['the beginning of the right one', bearer(TOKENS.first.slice(0, -1))],
    ['more than the right one', bearer(`${TOKENS.first}x`)],
    ['the right one twice', { authorization: `Bearer ${TOKENS.first},Bearer ${TOKENS.first}` }],
    ['the right one of another scheme', { authorization: `Basic ${TOKENS.first}` }],
    ['the right one without a scheme', { authorization: TOKENS.first }],
    ['an over-long one', bearer('x'.repeat(9_000))],
    ['the right one far behind', { authorization: `Bearer ${' '.repeat(600)}${TOKENS.first}` }],
    ['an over-long one by api_key', { api_key: 'x'.repeat(9_000) }],
  ])('is needed: %s is refused with 401', async (_, headers) => {
    await start();
    const answer = await intake.traces(RUN, {
      form: 'json',
      headers: { ...JSON_TYPE, ...headers },
    });
    expect(answer).toMatchObject({
      statusCode: 401,
      headers: { 'content-type': 'application/json', 'www-authenticate': 'Bearer' },
    });
    expect(JSON.parse(answer.body)).toMatchObject({
      code: 16,
      message: expect.stringContaining("presents no token of the relay's"),
    });
    expectNothing();
    expect(world.printed.join()).toContain('"source_ip": "198.51.100.7"');
    expect(world.printed.join()).not.toContain(TOKENS.first.slice(0, -1));
  });

  it('comes as Dify sends it, by either header or both, in any case of the scheme', async () => {
    await start();
    expect(await statusOf({ api_key: TOKENS.first })).toBe(200);
    expect(await statusOf({ ...bearer(TOKENS.first), api_key: TOKENS.first })).toBe(200);
    expect(await statusOf({ authorization: `bearer   ${TOKENS.first}` })).toBe(200);
    expect(await statusOf({ ...bearer('another'), api_key: TOKENS.first })).toBe(200);
    expect(intake.queued()).toHaveLength(4);
  });

  it('may be as long as a secret of the relay may be', async () => {
    await start();
    intake.changeToken('x'.repeat(512));
    expect(await statusOf(bearer('x'.repeat(512)))).toBe(200);
  });

  it('is taken at once when it was changed, and so is the one before it', async () => {
    await start();
    expect(await statusOf(bearer(TOKENS.first))).toBe(200);
    world.aws.clock.advance(MINUTE);
    expect(await statusOf(bearer(TOKENS.second))).toBe(401);
    world.aws.clock.advance(10_000);
    intake.changeToken(TOKENS.second);
    expect(await statusOf(bearer(TOKENS.second))).toBe(200);
    expect(await statusOf(bearer(TOKENS.first))).toBe(200);
  });

  it('is refused once it was replaced twice, five minutes later at the latest', async () => {
    await start();
    expect(await statusOf(bearer(TOKENS.first))).toBe(200);
    intake.changeToken(TOKENS.second);
    intake.changeToken(TOKENS.third);
    expect(await statusOf(bearer(TOKENS.first), intake.start())).toBe(401);
    expect(await statusOf(bearer(TOKENS.first))).toBe(200);
    world.aws.clock.advance(5 * MINUTE + 1);
    expect(await statusOf(bearer(TOKENS.first))).toBe(401);
    expect(await statusOf(bearer(TOKENS.second))).toBe(200);
    expect(await statusOf(bearer(TOKENS.third))).toBe(200);
  });

  it('that is wrong, however often, costs two reads in ten seconds', async () => {
    await start();
    for (let second = 0; second < 20; second += 1) {
      expect(await statusOf(bearer(`wrong-${second}`))).toBe(401);
      world.aws.clock.advance(1_000);
    }
    expect(world.aws.countOf('GetSecretValue')).toBe(4);
    expectNothing();
  });

  it('that is missing costs no read at all', async () => {
    await start();
    expect(await statusOf({})).toBe(401);
    expect(world.aws.calls).toEqual([]);
  });

  it('that may be new is asked for again while nobody can tell', async () => {
    await start();
    expect(await statusOf(bearer(TOKENS.first))).toBe(200);
    world.aws.clock.advance(MINUTE);
    intake.changeToken(TOKENS.second);
    world.aws.faults.fail('GetSecretValue', { error: 'throttled' });
    expect(await statusOf(bearer(TOKENS.second))).toBe(503);
    expect(await statusOf(bearer(TOKENS.first))).toBe(200);
    world.aws.clock.advance(10_000);
    expect(await statusOf(bearer(TOKENS.second))).toBe(200);
  });

  it('is known for an hour though Secrets Manager answers nothing', async () => {
    await start();
    expect(await statusOf(bearer(TOKENS.first))).toBe(200);
    world.aws.faults.fail('GetSecretValue', { error: 'timeout', times: 1_000 });
    for (let minutes = 6; minutes <= 60; minutes += 6) {
      world.aws.clock.advance(6 * MINUTE);
      expect(await statusOf(bearer(TOKENS.first))).toBe(200);
    }
    expect(world.printed.join()).toContain(`secret ${relayTokenName('dev')} failed`);
    world.aws.clock.advance(MINUTE);
    expect(await statusOf(bearer(TOKENS.first))).toBe(503);
    world.aws.faults.clear();
    expect(await statusOf(bearer(TOKENS.first))).toBe(200);
  });
});

describe('an address', () => {
  const from = async (address: string, send = intake.send) =>
    (await send({ ...tracesOf(RUN, 'json'), address })).statusCode;

  it('in a denied range is turned away before anything is read', async () => {
    await start({ deniedRanges: ['203.0.113.0/24', '2001:db8::/32'] });
    expect(await from('203.0.113.9')).toBe(403);
    expect(await from('2001:db8::7')).toBe(403);
    expect(world.aws.calls).toEqual([]);
    expectNothing();
    const answer = await intake.traces(RUN, { form: 'json', address: '203.0.113.9' });
    expect(JSON.parse(answer.body)).toMatchObject({ code: 7 });
    expect(await from('203.0.114.9')).toBe(200);
    expect(await from('2001:db9::7')).toBe(200);
  });

  it('that the guard quarantined is turned away until that is over', async () => {
    await start({}, true);
    const guard = keeping(world.aws);
    await guard.add({ address: '203.0.113.9' }, { hours: 2 });
    await guard.add({ address: '2001:DB8:0::7' }, { hours: 2 });
    await guard.add({ principal: 'arn:aws:iam::111122223333:role/intern' });
    expect(await from('203.0.113.9')).toBe(403);
    expect(await from('2001:db8::7')).toBe(403);
    expect(await from('203.0.113.8')).toBe(200);
    world.aws.clock.advance(120 * MINUTE);
    expect(await from('203.0.113.9')).toBe(200);
  });

  it('that is quarantined is known within a minute, by a read a minute', async () => {
    await start({}, true);
    expect(await from('203.0.113.9')).toBe(200);
    await keeping(world.aws).add({ address: '203.0.113.9' });
    world.aws.resetCalls();
    for (let second = 0; second < 50; second += 10) {
      world.aws.clock.advance(10_000);
      expect(await from('203.0.113.9')).toBe(200);
    }
    expect(world.aws.countOf('GetItem')).toBe(0);
    world.aws.clock.advance(10_001);
    expect(await from('203.0.113.9')).toBe(403);
    expect(await from('203.0.113.9')).toBe(403);
    expect(world.aws.countOf('GetItem')).toBe(1);
  });

  it("is judged by what is known where the guard's table can't be read, and that is told", async () => {
    await start({ deniedRanges: ['203.0.113.0/28'] }, true);
    await keeping(world.aws).add({ address: '203.0.113.99' });
    world.aws.faults.fail('GetItem', { error: 'timeout' });
    expect(await from('203.0.113.99')).toBe(200);
    expect(await from('203.0.113.9')).toBe(403);
    expect(world.printed.join()).toContain(`GetItem of table ${guardTableName('dev')} failed`);
    world.aws.clock.advance(MINUTE + 1);
    expect(await from('203.0.113.99')).toBe(403);
    world.aws.faults.fail('GetItem', { error: 'timeout' });
    world.aws.clock.advance(MINUTE + 1);
    expect(await from('203.0.113.99')).toBe(403);
    expect(world.aws.faults.pending).toEqual([]);
  });

  it('is never looked up without a guard', async () => {
    await start();
    await keeping(world.aws).add({ address: '203.0.113.9' });
    world.aws.resetCalls();
    expect(await from('203.0.113.9')).toBe(200);
    expect(world.aws.countOf('GetItem')).toBe(0);
  });
});

describe('a request', () => {
  const json = (more: Partial<Sent>): Sent => ({ ...tracesOf(RUN, 'json'), ...more });

  it.each(['/', '/v1', '/v1/traces/', '/V1/TRACES', '/v1/metrics', `/${CONTENT}`])(
    'for another path is 404, which is told to whoever has a token only: %s',
    async (path) => {
      await start();
      const answer = await intake.send(json({ path }));
      expect(answer.statusCode).toBe(404);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 5 });
      expect((await intake.send(json({ path, headers: JSON_TYPE }))).statusCode).toBe(401);
      expect(world.printed.join()).toContain('"route": "unknown"');
      expect(world.printed.join()).not.toContain('Ada');
      expectNothing();
    },
  );

  it.each(['GET', 'PUT', 'OPTIONS', 'post'])('by another method is 405: %s', async (method) => {
    await start();
    const answer = await intake.send(json({ method }));
    expect(answer).toMatchObject({ statusCode: 405, headers: { allow: 'POST' } });
    expect(JSON.parse(answer.body)).toMatchObject({ code: 12 });
    expectNothing();
  });

  it.each([undefined, 'text/plain', 'multipart/form-data', 'application/grpc'])(
    'of another type is 415, answered in JSON: %s',
    async (type) => {
      await start();
      for (const path of Object.values(relayPath)) {
        const headers = { ...bearer(TOKENS.first), ...(type ? { 'content-type': type } : {}) };
        const answer = await intake.send({ ...tracesOf(RUN), path, headers });
        expect(answer).toMatchObject({ statusCode: 415, isBase64Encoded: false });
        expect(messageOf(answer)).toContain('Content-Type');
      }
      expectNothing();
    },
  );

  it('is refused by its type before its size is looked at', async () => {
    await start();
    const headers = { ...bearer(TOKENS.first), 'content-type': 'text/plain' };
    const body = Buffer.alloc(MOST_BYTES.sent + 1);
    expect(await intake.traces([], { headers, body })).toMatchObject({ statusCode: 415 });
  });

  it('of posted events in protobuf is 415', async () => {
    await start();
    expect(await intake.send({ ...tracesOf(RUN), path: relayPath.events })).toMatchObject({
      statusCode: 415,
    });
    expectNothing();
  });

  it('is refused in its own form: in protobuf by google.rpc.Status', async () => {
    await start();
    const answer = await intake.traces(RUN, { body: Buffer.from('no protobuf') });
    expect(answer).toMatchObject({
      statusCode: 400,
      headers: { 'content-type': 'application/x-protobuf' },
      isBase64Encoded: true,
    });
    const bytes = Buffer.from(answer.body, 'base64');
    expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0x08, 3]));
    expect(bytes.toString()).toContain('The body is no OTLP request for traces');
    expectNothing();
  });

  it.each([
    ['no JSON', 'no JSON'],
    ['the right JSON of another thing', '{"resourceSpans":7,"events":7}'],
    ['deep', '['.repeat(100_000)],
  ])("that can't be read is 400: %s", async (_, body) => {
    await start();
    for (const path of Object.values(relayPath)) {
      expect((await intake.send(json({ path, body }))).statusCode).toBe(400);
    }
    expectNothing();
  });

  it('may be compressed', async () => {
    await start();
    const headers = { ...PROTOBUF, ...bearer(TOKENS.first), 'content-encoding': 'gzip' };
    const body = gzipSync(otlpRequest('protobuf', RUN));
    expect(await intake.send({ path: relayPath.traces, body, headers })).toMatchObject({
      statusCode: 200,
    });
    expect(intake.queued()).toHaveLength(1);
  });

  it('that is a bomb, too large or compressed otherwise is refused by its size', async () => {
    await start();
    const headers = { ...PROTOBUF, ...bearer(TOKENS.first) };
    const refused = async (body: Uint8Array, encoding: string) => {
      const sent = { ...headers, 'content-encoding': encoding };
      return (await intake.send({ path: relayPath.traces, body, headers: sent })).statusCode;
    };
    const bomb = gzipSync(Buffer.alloc(MOST_BYTES.decompressed + 1));
    expect(bomb.length).toBeLessThan(100_000);
    expect(await refused(bomb, 'gzip')).toBe(413);
    expect(await refused(Buffer.alloc(MOST_BYTES.sent + 1), '')).toBe(413);
    expect(await refused(otlpRequest('protobuf', RUN), 'br')).toBe(415);
    expect(await refused(otlpRequest('protobuf', RUN), 'gzip')).toBe(400);
    expectNothing();
  });

  it('without a token is not even decompressed', async () => {
    await start();
    const headers = { ...PROTOBUF, 'content-encoding': 'gzip' };
    const body = Buffer.from('no gzip');
    expect(await intake.send({ path: relayPath.traces, body, headers })).toMatchObject({
      statusCode: 401,
    });
  });
});
