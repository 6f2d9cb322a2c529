import { usageGroupName } from '../../../lambda/contract.ts';
import { type Account, createAccount } from './account.ts';
import { DAY, dayOf, HOUR, REPLAYED, WARM_UP_DAYS } from './calendar.ts';
import { batchesOf, type Delivered, deliveriesOf } from './delivery.ts';
import { ENVIRONMENT } from './events.ts';
import { createGuardedWorld, type GuardedWorld } from './guarded-world.ts';
import type { Happening } from './happening.ts';
import type { Line, Replayed } from './judge.ts';
import { Random } from './random.ts';
import { countIn, partOf } from './warm-up.ts';

export interface PlayOptions {
  readonly seed: number;
  /** Of what services read, 1 being a hundred thousand events on the replayed day. */
  readonly scale: number;
  /** Of what services do in the warm-up; the rest is counted as if it had been played. */
  readonly kept: number;
  /** Of what comes in the warm-up a batch gathers for so many hours, if it isn't full before. */
  readonly gatherHours: number;
  /** At least and at most so many attacks of each kind. */
  readonly attacks: readonly [number, number];
  /** Path of a database of countries. @default the guard has none */
  readonly geoDatabase?: string;
  readonly progress: (text: string) => void;
}

/** Three weeks in which the guard learns, and the day that counts. */
export async function play(options: PlayOptions): Promise<Replayed> {
  const { seed, scale, attacks } = options;
  const world = await createGuardedWorld(options.geoDatabase);
  try {
    const account = createAccount({ seed, scale, attacks, cmkArn: world.keysCmkArn });
    const { happenings, before } = await playDays(world, account, options);
    const { published } = world.aws.sns;
    return {
      attacks: account.attacks,
      happenings,
      before,
      lines: linesOf(world),
      hasCountries: options.geoDatabase !== undefined,
      messages: published.filter(({ at }) => at.getTime() >= REPLAYED.start).length,
    };
  } finally {
    await world.close();
  }
}

async function playDays(
  world: GuardedWorld,
  account: Account,
  { seed, kept, gatherHours, progress }: PlayOptions,
) {
  const random = new Random(`delivery ${seed}`);
  const before: Happening[] = [];
  let queued: Delivered[] = [];
  let happenings: readonly Happening[] = [];
  for (let index = 0; index <= WARM_UP_DAYS; index += 1) {
    const day = dayOf(index);
    const its = random.of(index);
    const all = account.on(day);
    const { played, leftOut } = partOf(all, day.isReplayed ? 1 : kept, its);
    if (day.isReplayed) happenings = played;
    else before.push(...played);
    await world.grant(index);
    await countIn(world, day, leftOut);
    queued.push(...played.flatMap((one) => deliveriesOf(one, its)));
    const end = day.isReplayed ? Number.POSITIVE_INFINITY : day.start + DAY;
    const due = queued.filter(({ arrives }) => arrives < end);
    const batches = batchesOf(due, gatherHours * HOUR);
    queued = queued.filter(({ arrives }) => arrives >= end);
    for (const [number, batch] of batches.entries()) {
      progress(`day ${index + 1} of ${WARM_UP_DAYS + 1}, batch ${number + 1} of ${batches.length}`);
      await hand(world, batch);
    }
  }
  return { happenings, before };
}

async function hand(world: GuardedWorld, batch: readonly Delivered[]): Promise<void> {
  const bodies = batch.flatMap(({ happening }) => world.routed(happening.record()) ?? []);
  const last = batch.at(-1);
  if (bodies.length > 0 && last) await world.hand(bodies, last.arrives);
}

/** Of an event that was delivered twice the first line counts, as of all others. */
function linesOf(world: GuardedWorld): ReadonlyMap<string, Line> {
  const lines = new Map<string, Line>();
  for (const message of world.aws.logs.messagesOf(usageGroupName(ENVIRONMENT))) {
    const line = JSON.parse(message) as Line;
    if (!lines.has(line.event_id)) lines.set(line.event_id, line);
  }
  return lines;
}
