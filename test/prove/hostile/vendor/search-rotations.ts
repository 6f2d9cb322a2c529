import { variable } from '../../../../lambda/contract.ts';
import type { Transition } from '../../../../lambda/domain/transition.ts';
import { createWorld, KEYS, type World } from '../../../lambda/world.ts';
import type { Violation } from '../../proof.ts';
import { type Garbage, http } from './garbage.ts';
import { type Answer, RawServer } from './raw-server.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const KNOWN = http(200, '{"data":{"status":"observed"}}');
const REJECTED = http(401, '{"error_code":"invalid_api_key"}');

export interface Driven {
  readonly inputs: number;
  readonly slowestMs: number;
  readonly violations: readonly Violation[];
}

/** Long enough for an answer that comes whole, on a busy machine too. */
const PATIENCE_MS = 250;

const directed = (world: World, server: RawServer) => {
  world.variables[variable.endpoints] = JSON.stringify(server.endpoints);
};

/** A rotation whose first question, or whose second, is answered with garbage: nothing is promoted. */
export async function searchPromotions(moods: readonly Garbage[]): Promise<Driven> {
  const violations: Violation[] = [];
  const server = await RawServer.start();
  const world = await createWorld();
  world.losePatience(PATIENCE_MS);
  directed(world, server);
  await world.stage(KEYS.second);
  server.answers = [moods[0]?.answer ?? KNOWN];
  await world.rotate();
  let slowestMs = 0;
  const scripts = moods.flatMap(({ name, answer }): [string, Answer[]][] => [
    [name, [answer]],
    [`an acceptance, then ${name}`, [KNOWN, answer]],
  ]);
  for (const [name, script] of scripts) {
    server.answers = script;
    const started = performance.now();
    const code = await world.retry();
    slowestMs = Math.max(slowestMs, performance.now() - started);
    const complaint = promotionComplaint(world, code);
    if (complaint) violations.push({ promise: NO_PROMOTION, how: `${complaint}\n${name}` });
  }
  server.answers = [KNOWN];
  await world.retry();
  if (world.keyAt('AWSCURRENT') !== KEYS.second) {
    violations.push({ promise: 'an accepted key is promoted after all', how: 'it was not' });
  }
  await world.close();
  await server.stop();
  return { inputs: scripts.length, slowestMs, violations };
}

const NO_PROMOTION = 'a key is promoted only after Amplitude accepted it';

function promotionComplaint(world: World, code: unknown): string | undefined {
  if (world.keyAt('AWSCURRENT') !== KEYS.first) return 'the staged key was promoted';
  return code === 'VERDICT_UNKNOWN' ? undefined : `the rotation ended with ${code}`;
}

/** A replaced key whose time is over, hour by hour, while garbage comes back: it is never retired. */
export async function searchRetirements(moods: readonly Garbage[]): Promise<Driven> {
  const violations: Violation[] = [];
  const server = await RawServer.start();
  const world = await createWorld();
  world.losePatience(PATIENCE_MS);
  await world.stage(KEYS.second);
  await world.rotate();
  world.aws.clock.advance(31 * DAY);
  directed(world, server);
  let slowestMs = 0;
  for (const { name, answer } of moods) {
    server.answers = [answer];
    const started = performance.now();
    const complaint = await sweptComplaint(world);
    slowestMs = Math.max(slowestMs, performance.now() - started);
    if (complaint) violations.push({ promise: NO_RETIREMENT, how: `${complaint}\n${name}` });
  }
  // Only the sixth hour of rejections is enough
  server.answers = [REJECTED];
  for (let hour = 0; hour < 7; hour += 1) await sweptComplaint(world);
  if (!isRetired(world.trail())) {
    violations.push({ promise: 'a rejected key is retired after all', how: 'it was not' });
  }
  await world.close();
  await server.stop();
  return { inputs: moods.length, slowestMs, violations };
}

const NO_RETIREMENT = 'a key is retired only after Amplitude rejected it';

async function sweptComplaint(world: World): Promise<string | undefined> {
  world.aws.clock.advance(HOUR);
  const code = await world.sweep();
  if (code !== undefined) return `the sweep ended with ${code}`;
  return isRetired(world.trail()) ? 'the key was retired' : undefined;
}

const isRetired = (trail: readonly Transition[]) =>
  trail.some(({ transition }) => transition === 'retired');
