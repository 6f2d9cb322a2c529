import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ROTATION,
  STEPS_A_ROTATION,
  SWEEP,
  SWEPT_KEY,
  TRAIL_BYTES_A_ROTATION,
  type Work,
} from '../../../bin/cost/usage.ts';
import { createWorld, KEYS, type World } from '../../lambda/world.ts';

const DAY = 86_400_000;
/** What a sweep asks whether or not anything is to be done. */
const ASKED = /^(List|Describe|Get)/;

let world: World;
beforeEach(async () => {
  world = await createWorld({ cmk: true });
  await world.stage(KEYS.second);
  await world.sweep();
  forget();
});
afterEach(() => world.close());

function forget() {
  world.aws.resetCalls();
  world.printed.length = 0;
}

type Call = World['aws']['calls'][number];

/** Reading, writing and telling under a CMK are requests to KMS too. */
function workOf(calls: readonly Call[], printed: readonly string[] = []): Work {
  const of = (service: string) => calls.filter((call) => call.service === service).length;
  const named = (command: string) => calls.filter((call) => call.command === command).length;
  const encrypted =
    named('GetSecretValue') + named('PutSecretValue') + named('GetParametersByPath');
  return {
    secretsManagerCalls: of('secretsmanager'),
    kmsRequests: of('kms') + encrypted + 2 * named('Publish'),
    snsRequests: of('sns'),
    events: of('events'),
    logBytes: Buffer.byteLength(printed.join('\n')),
  };
}

const sum = (one: Work, other: Work): Work => ({
  secretsManagerCalls: one.secretsManagerCalls + other.secretsManagerCalls,
  kmsRequests: one.kmsRequests + other.kmsRequests,
  snsRequests: one.snsRequests + other.snsRequests,
  events: one.events + other.events,
  logBytes: one.logBytes + other.logBytes,
});

/** An estimate that is too low is a fault, and one that is twice too high as well. */
function expectEstimate(estimate: Work, { measured, times }: { measured: Work; times: number }) {
  for (const count of Object.keys(estimate) as (keyof Work)[]) {
    expect(measured[count] / times, count).toBeLessThanOrEqual(estimate[count]);
    expect(measured[count] / times, count).toBeGreaterThanOrEqual(estimate[count] / 2);
  }
}

describe('what the cost takes for granted, as the functions do it:', () => {
  it('a sweep of a key with a retained version and a staged one', async () => {
    await world.rotate();
    await world.sweep();
    await world.stage(KEYS.third);
    forget();
    await world.pass(DAY);
    const measured = workOf(world.aws.calls, world.printed);
    expectEstimate(sum(SWEEP, SWEPT_KEY), { measured, times: 24 });
  });

  it('a rotation, until the replaced key is retired', async () => {
    await world.rotate();
    const rotating = [...world.aws.calls];
    const printed = [...world.printed];
    forget();
    await world.pass(DAY);
    world.aws.clock.advance(29 * DAY);
    await world.pass(DAY);
    world.amplitude.revoke(KEYS.first);
    await world.pass(DAY);
    const moving = world.aws.calls.filter(({ command }) => !ASKED.test(command));
    expectEstimate(ROTATION, { measured: workOf([...rotating, ...moving], printed), times: 1 });
    const trail = world.trail().map((line) => JSON.stringify(line));
    const bytes = Buffer.byteLength(trail.join('\n'));
    expect(bytes).toBeLessThanOrEqual(TRAIL_BYTES_A_ROTATION);
    expect(bytes).toBeGreaterThanOrEqual(TRAIL_BYTES_A_ROTATION / 4);
    const steps = printed.filter((line) => line.includes('"Done"'));
    expect(steps).toHaveLength(STEPS_A_ROTATION);
  });
});
