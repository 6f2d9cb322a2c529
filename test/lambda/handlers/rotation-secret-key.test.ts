import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PLACEHOLDER, tag } from '../../../lambda/contract.ts';
import { createWorld, documentOf, KEYS, tagsOf, type World } from '../world.ts';

const API_KEY = KEYS.fourth;
let world: World;

/** `web` as a secret key, completed by the API key `server`. */
beforeEach(async () => {
  const value = JSON.stringify({ secretKey: KEYS.first, name: 'secret, first', held: [] });
  world = await createWorld({ value, tags: { [tag.kind]: 'secret', [tag.pairedWith]: 'server' } });
  pairWith(documentOf(API_KEY));
  world.amplitude.generate(API_KEY, 'US', KEYS.second);
});
afterEach(() => world.close());

function pairWith(value: string) {
  world.aws.secretsManager.seedSecret({
    name: 'amplitude/dev/server',
    tags: tagsOf('server'),
    value,
  });
}

const current = () => world.aws.secretsManager.valueOf('amplitude/dev/web', 'AWSCURRENT') ?? '';

describe('a secret key', () => {
  it('is judged together with its API key and stored under secretKey', async () => {
    await world.stage(KEYS.second, { known: false });
    expect(await world.rotate()).toBeUndefined();
    expect(JSON.parse(current())).toMatchObject({ secretKey: KEYS.second });
    expect(world.amplitude.requests).toEqual([
      'US GET /api/3/annotations',
      'US GET /api/3/annotations',
    ]);
  });

  it('costs one read of its API key in each of the two steps that ask Amplitude', async () => {
    await world.stage(KEYS.second, { known: false });
    world.aws.resetCalls();
    await world.rotate();
    expect(world.aws.calls.length - 1).toBe(15 + 2);
  });

  it('is rejected when either half is wrong', async () => {
    await world.stage(KEYS.third, { known: false });
    expect(await world.rotate()).toBe('KEY_REJECTED');
    expect(world.printed.join()).toContain('the secret key or its API key may be wrong');
    expect(current()).toContain(KEYS.first);
  });

  it('waits until its API key exists', async () => {
    world.aws.secretsManager.putByHand('amplitude/dev/server', PLACEHOLDER);
    await world.stage(KEYS.second, { known: false });
    expect(await world.rotate()).toBe('PAIRED_KEY_MISSING');
  });
});

describe('a key verified by canary', () => {
  it('is promoted after Amplitude ingested one marked event', async () => {
    await world.close();
    world = await createWorld({ tags: { [tag.verification]: 'canary' } });
    await world.stage(KEYS.second);
    expect(await world.rotate()).toBeUndefined();
    const ids = new Set(world.amplitude.events.map(({ insert_id }) => insert_id));
    expect(ids.size).toBe(1);
  });
});
