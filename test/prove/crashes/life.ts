import type { World } from '../../lambda/world.ts';
import { retry, sweep } from './operations.ts';
import { CONTAINED } from './promises.ts';
import { HOUR } from './scenario.ts';
import type { Watch } from './watch.ts';

/** Nothing here waits for a shorter time than six hours. */
const STEP = 6 * HOUR;
const TRIES = 3;

/** The time after: sweeps, the service's tries, and a person who reads the mail. */
export async function live(world: World, watch: Watch, milliseconds: number): Promise<void> {
  for (let step = 1; step * STEP <= milliseconds; step += 1) {
    world.aws.clock.advance(STEP);
    const when = `${(step * STEP) / HOUR} hours later`;
    for (const seen of await sweep(world)) watch.add('A sweep ends well', when, seen);
    if (step <= TRIES) await retry(world);
    watch.look(when, CONTAINED);
    watch.readMail(when);
  }
}
