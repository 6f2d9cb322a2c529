import pLimit from 'p-limit';
import { createWorld } from '../../lambda/world.ts';
import { Ledger } from './ledger.ts';
import { LEGS, type Leg, moments } from './legs.ts';
import { liveHeap } from './live-heap.ts';
import { Scene } from './scene.ts';
import { requestsOf, TOGETHER } from './traffic.ts';

export interface Played {
  readonly counts: Ledger['counts'] & { readonly sent: number; readonly requests: number };
  readonly deeds: Scene['counts'];
  readonly heap: { readonly first_tenth_mb: number; readonly end_mb: number };
  readonly faults: readonly string[];
  /** Left in the queue when nothing was to come any more. */
  readonly waiting: number;
  /** In the failed queue. */
  readonly failed: number;
}

export interface PlayOptions {
  readonly events: number;
  readonly seed: number;
  readonly progress: (text: string) => void;
  /** Lets a test break what is searched. */
  readonly spoil?: (scene: Scene) => void;
}

/** Events of a second: with their spans fewer requests than the flood's alarm asks about. */
const PER_SECOND = 40;
const CLIENTS = 8;
const DRAIN_STEP = 5;
const LONGEST_DRAIN_MS = 12 * 3_600_000;

/** All legs, one after the other; each ends when nothing of it waits any more. */
export async function play({ events, seed, progress, spoil }: PlayOptions): Promise<Played> {
  const world = await createWorld({ relay: { postedProperties: ['page'] } });
  try {
    const ledger = new Ledger(events, seed);
    const scene = new Scene(world, ledger, seed);
    spoil?.(scene);
    const heap: number[] = [];
    const all = moments(seed, LEGS.length);
    let requests = 0;
    for (const [at, leg] of LEGS.entries()) {
      const [first, end] = [at, at + 1].map((leg) => Math.round((events * leg) / LEGS.length));
      const moment = all[at];
      if (first === undefined || end === undefined || !moment) continue;
      leg.plan(scene, moment, (end - first) / PER_SECOND);
      for (let index = first; index < end; index += PER_SECOND) {
        progress(`${index} of ${events} events, ${leg.name}`);
        requests += await sendSecond(scene, index, Math.min(end, index + PER_SECOND));
        await scene.pass(1);
      }
      await drain(scene, leg);
      await scene.expire();
      heap.push(await liveHeap());
    }
    return {
      counts: { ...ledger.counts, sent: events, requests },
      deeds: scene.counts,
      heap: { first_tenth_mb: heap[0] ?? 0, end_mb: heap.at(-1) ?? 0 },
      faults: [...scene.faults, ...ledger.faults],
      waiting: world.relay.queue.messages.length,
      failed: world.relay.failed.messages.length,
    };
  } finally {
    await world.close();
  }
}

/** What comes within a second, from several clients at once. @returns how many requests */
async function sendSecond(scene: Scene, first: number, end: number): Promise<number> {
  const now = scene.world.aws.clock.now();
  const client = pLimit(CLIENTS);
  const counts = groupsIn(first, end).map((indexes) =>
    client(async () => {
      const requests = requestsOf(indexes, scene.seed, now);
      for (const request of requests) await scene.request(request);
      for (const index of indexes) scene.ledger.accept(index);
      return requests.length;
    }),
  );
  let requests = 0;
  for (const end of await Promise.allSettled(counts)) {
    if (end.status === 'rejected') throw end.reason;
    requests += end.value;
  }
  return requests;
}

/** By the numbers that are told of together. */
const groupsIn = (first: number, end: number): number[][] => [
  ...Map.groupBy(
    Array.from({ length: end - first }, (_, at) => first + at),
    (index) => Math.floor(index / TOGETHER),
  ).values(),
];

async function drain(scene: Scene, leg: Leg): Promise<void> {
  const until = scene.now + LONGEST_DRAIN_MS;
  while (!scene.isAtRest && scene.now < until) await scene.pass(DRAIN_STEP);
  if (!scene.isAtRest) scene.faults.push(`Something still waits 12 hours after "${leg.name}".`);
}
