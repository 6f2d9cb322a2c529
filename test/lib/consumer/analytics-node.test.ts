import { createInstance, type Types } from '@amplitude/analytics-node';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keyPlugin } from '../../../lib/consumer/analytics-node.ts';
import { createWorld, FINGERPRINTS, KEYS, type World } from '../../lambda/world.ts';
import { readsOf } from './reader.ts';
import { keyOf, Traffic, type TrafficOptions } from './traffic.ts';

const DAY = 86_400_000;
const GET = 'GetSecretValue';
let world: World;

const everyEvent = (sent: number) => ({ sent, received: sent, twice: 0 });
const rejections = ({ uploads }: Traffic) => uploads.filter((status) => status === 400).length;
const emergency = () =>
  world.emergencyHandler({ action: 'revoke', key: 'web', reason: 'leaked in a public repo' });

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  world = await createWorld();
});
afterEach(async () => {
  await world.close();
  vi.useRealTimers();
});

/** Ten minutes around a rotation, and around the Revoke that ends the retention 30 days later. */
async function acrossARotation(options: TrafficOptions = {}) {
  const traffic = new Traffic(world, options);
  await traffic.flow(100);
  await world.stage(KEYS.second);
  expect(await world.rotate()).toBeUndefined();
  await traffic.flow(400);
  world.aws.clock.advance(30 * DAY);
  await world.sweep();
  expect(world.mail()).toContain(`Revoke Amplitude key ${FINGERPRINTS.first} of dev/web`);
  await traffic.flow(50);
  world.amplitude.revoke(KEYS.first);
  await traffic.flow(50);
  await traffic.wait(20);
  return traffic;
}

/** A key leaks; Revoke is pressed within the second in which it is replaced. */
async function acrossARevocation(options: TrafficOptions = {}) {
  const traffic = new Traffic(world, options);
  await world.stage(KEYS.second);
  await traffic.flow(105);
  await emergency();
  world.amplitude.revoke(KEYS.first);
  await traffic.flow(195);
  await traffic.wait(20);
  return traffic;
}

/** A rejection echoes the key, and the SDK prints it unless it never sees it. */
const printedKeys = () => /(\d)\1{7}/.test(world.printed.join());

describe('no event is lost, and none sent twice,', () => {
  afterEach(() => expect(printedKeys()).toBe(false));

  it('across a rotation, and no upload is rejected: the next key is read in time', async () => {
    const traffic = await acrossARotation();
    expect(traffic.count).toEqual(everyEvent(600));
    expect(rejections(traffic)).toBe(0);
  });

  it('across a revocation that waits for nobody, at the price of one rejected upload', async () => {
    const traffic = await acrossARevocation();
    expect(traffic.count).toEqual(everyEvent(300));
    expect(rejections(traffic)).toBe(1);
  });

  it('when Revoke is pressed a minute before there is another key', async () => {
    const traffic = new Traffic(world);
    await world.stage(KEYS.second);
    await traffic.flow(30);
    world.amplitude.revoke(KEYS.first);
    await traffic.flow(60);
    expect(traffic.count).toMatchObject({ sent: 90, received: 30 });
    await emergency();
    await traffic.flow(60);
    await traffic.wait(60);
    expect(traffic.count).toEqual(everyEvent(150));
  });

  it('when the current key is revoked by mistake: the retained one goes on', async () => {
    const traffic = new Traffic(world);
    await world.stage(KEYS.second);
    await world.rotate();
    await traffic.flow(30);
    world.amplitude.revoke(KEYS.second);
    await traffic.flow(30);
    await traffic.wait(20);
    expect(traffic.count).toEqual(everyEvent(60));
    expect(rejections(traffic)).toBe(1);
  });

  it('while AWS is down at the start for a minute', async () => {
    world.aws.faults.fail(GET, { error: 'timeout', times: 6 });
    const traffic = new Traffic(world);
    await traffic.flow(120);
    await traffic.wait(60);
    expect(traffic.count).toEqual(everyEvent(120));
    expect(world.aws.faults.pending).toEqual([]);
  });

  it('while Amplitude is down for a minute, which is no rejection: no other key is looked for', async () => {
    const traffic = new Traffic(world);
    await traffic.flow(30);
    world.amplitude.down = true;
    await traffic.flow(60);
    world.amplitude.down = false;
    await traffic.flow(30);
    await traffic.wait(60);
    expect(traffic.count).toEqual(everyEvent(120));
    expect(readsOf(world.aws)).toEqual([GET]);
  });

  it('of several clients with one key, which ask AWS once', async () => {
    const key = keyOf(world);
    const several = Array.from({ length: 5 }, () => new Traffic(world, { key }));
    await world.stage(KEYS.second);
    await Promise.all(several.map((traffic) => traffic.flow(20)));
    await emergency();
    world.amplitude.revoke(KEYS.first);
    await Promise.all(several.map((traffic) => traffic.flow(20)));
    await several[0]?.wait(20);
    expect(world.amplitude.events).toHaveLength(200);
    expect(readsOf(world.aws)).toEqual([GET, GET]);
  });
});

describe('without the plugin', () => {
  it('a rotation loses no event before Revoke, and all of them from then on', async () => {
    const { count } = await acrossARotation({ plugin: false });
    expect(count).toEqual({ sent: 600, received: 550, twice: 0 });
  });

  it('a revocation loses every event from then on, and the SDK prints the key', async () => {
    const { count, results } = await acrossARevocation({ plugin: false });
    expect(count).toEqual({ sent: 300, received: 100, twice: 0 });
    expect(results.at(-1)?.code).toBe(400);
    expect(printedKeys()).toBe(true);
  });
});

describe('while Amplitude accepts no key at all', () => {
  afterEach(() => expect(printedKeys()).toBe(false));

  async function forAnHour(flushMaxRetries?: number) {
    const traffic = new Traffic(world, flushMaxRetries ? { flushMaxRetries } : {});
    world.amplitude.revoke(KEYS.first);
    await traffic.flow(60);
    await traffic.wait(3540);
    await world.stage(KEYS.second);
    await world.rotate();
    await traffic.wait(120);
    return traffic;
  }

  it('the SDK gives up its events after a minute, unless it is told to have more patience', async () => {
    const hasty = await forAnHour();
    expect(hasty.count).toMatchObject({ sent: 60, received: 0 });
    expect(hasty.results.at(0)).toMatchObject({ code: 500 });
  });

  it('with 120 tries, they are there after an hour', async () => {
    expect((await forAnHour(120)).count).toEqual(everyEvent(60));
  });

  it('a flush by hand keeps them too', async () => {
    const traffic = new Traffic(world);
    world.amplitude.revoke(KEYS.first);
    await traffic.flow(5);
    await traffic.flush();
    expect(traffic.count).toMatchObject({ received: 0 });
    await world.stage(KEYS.second);
    await world.rotate();
    await traffic.wait(30);
    expect(traffic.count).toEqual(everyEvent(5));
  });
});

it.each<[string, object | null]>([
  ['success', { status: 'success', statusCode: 200, body: {} }],
  ['a fault of the events', { status: 'invalid', statusCode: 400, body: { error: 'Missing' } }],
  ['too much at once', { status: 'payload_too_large', statusCode: 413, body: { error: 'x' } }],
  ['throttling', { status: 'rate_limit', statusCode: 429, body: { error: 'Invalid API key?' } }],
  ['an outage', { status: 'failed', statusCode: 503 }],
  ['no answer', null],
])('the SDK is left alone with %s', async (_, answer) => {
  const send = vi.fn().mockResolvedValue(answer);
  const config = { transportProvider: { send } } as unknown as Types.IConfig;
  const key = keyOf(world);
  await keyPlugin(key).setup?.(config, createInstance());
  const payload = { api_key: key.secretId, events: [], client_upload_time: 'now' };
  expect(await config.transportProvider.send('https://a', payload, true)).toBe(answer);
  expect(send.mock.calls).toEqual([['https://a', { ...payload, api_key: KEYS.first }, true]]);
});
