import { createWorld, type World } from '../../lambda/world.ts';
import { brokenDue } from './due.ts';
import { brokenHandOver } from './hand-over.ts';
import { live } from './life.ts';
import { settle } from './operations.ts';
import { type Pair, repeatUntilDone } from './pairs.ts';
import type { Setting } from './play.ts';
import { CONTAINED, OVER, SETTLED } from './promises.ts';
import { printedKeys, saidTooOften } from './records.ts';
import { DAY, RETENTION_DAYS } from './scenario.ts';
import { type Schedule, Turns } from './turns.ts';
import { type Broken, Watch } from './watch.ts';

/** A dead rotation is cleared after a day, and another takes its key; then a retention and a Revoke. */
const LIFE = (RETENTION_DAYS + 3) * DAY;

export interface Interleaved {
  readonly broken: readonly Broken[];
  /** Calls that each of the two made. */
  readonly made: Turns['made'];
}

/** Both at once by the schedule, then whatever the service, the sweeps and the operator do next. */
export async function interleave(
  pair: Pair,
  { takesPendingOff, spoil }: Setting,
  schedule: Schedule,
): Promise<Interleaved> {
  const world = await createWorld({ ...pair.world, takesPendingOff });
  try {
    spoil?.(world);
    const watch = new Watch(world, RETENTION_DAYS * DAY);
    await pair.prepare(world);
    watch.look('before');
    watch.readMail('before');
    if (pair.leaked) watch.leaked.push(pair.leaked);
    else watch.believesMarks = true;
    const made = await both(world, pair, watch, schedule);
    await settle(world);
    watch.look('after both');
    for (const key of watch.leaked) {
      const failed = await repeatUntilDone(world, key);
      for (const seen of failed) watch.add('Run again, it ends well', 'repeated', seen);
    }
    watch.look('once the revocation is done', CONTAINED);
    await live(world, watch, LIFE);
    watch.look('at the end', [...SETTLED, OVER]);
    const amiss = [
      ...brokenDue(world, watch),
      ...brokenHandOver(world, pair.world, watch, { most: 2 }),
      ...saidTooOften(world, watch.leaked),
      ...printedKeys(world),
    ];
    for (const { promise, seen } of amiss) watch.add(promise, 'at the end', seen);
    return { broken: watch.broken, made };
  } finally {
    await world.close();
  }
}

async function both(world: World, { one, other }: Pair, watch: Watch, schedule: Schedule) {
  const turns = new Turns(schedule);
  world.aws.onCall = async () => {
    await turns.take();
    watch.look(`after ${turns.made.one} calls of the one and ${turns.made.other} of the other`);
  };
  await turns.run(
    () => one.run(world),
    () => other.run(world),
  );
  world.aws.onCall = undefined;
  return turns.made;
}
