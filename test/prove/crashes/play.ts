import { createWorld, type World } from '../../lambda/world.ts';
import { type Call, type CrashPoint, disturbed, listening, type Way } from './calls.ts';
import { brokenDue } from './due.ts';
import { brokenHandOver } from './hand-over.ts';
import { live } from './life.ts';
import { OVER, SETTLED } from './promises.ts';
import { type Amiss, brokenRecords, printedKeys, recordsOf, unlikeQuiet } from './records.ts';
import { DAY, RETENTION_DAYS, type Scenario } from './scenario.ts';
import { type Broken, Watch } from './watch.ts';

/** Retention, a person's and Amplitude's hours, and what a rerun came late. */
const LIFE = (RETENTION_DAYS + 1) * DAY;

/** How a world is spoilt before anything happens in it: a planted defect. */
export type Spoil = (world: World) => void;

export interface Setting {
  readonly takesPendingOff: boolean;
  readonly spoil?: Spoil;
}

/** What happens when nothing fails. */
export interface Undisturbed {
  readonly calls: readonly Call[];
  readonly broken: readonly Broken[];
}

export async function undisturbed(scenario: Scenario, setting: Setting): Promise<Undisturbed> {
  const calls: Call[] = [];
  const work = (world: World) =>
    listening(
      world,
      (call) => void calls.push(call),
      () => scenario.operate(world),
    );
  const { records, broken } = await play(scenario, setting, work);
  const amiss = unlikeQuiet(records, scenario.quiet);
  return { calls, broken: [...atTheEnd(amiss), ...broken] };
}

export async function crash(
  scenario: Scenario,
  setting: Setting,
  { point, way }: { point: CrashPoint; way: Way },
): Promise<readonly Broken[]> {
  const work = (world: World) => disturbed(world, point, way, () => scenario.operate(world));
  const { records, broken } = await play(scenario, setting, work);
  const amiss = brokenRecords(records, scenario.quiet, scenario.meanwhile);
  return [...broken, ...atTheEnd(amiss)];
}

const atTheEnd = (amiss: readonly Amiss[]): Broken[] =>
  amiss.map((one) => ({ ...one, when: 'at the end' }));

/** The operation, again what it was if it failed, and the days until all replaced keys are retired. */
async function play(
  scenario: Scenario,
  { takesPendingOff, spoil }: Setting,
  operate: (world: World) => Promise<unknown>,
) {
  const world = await createWorld({ ...scenario.world, takesPendingOff });
  try {
    spoil?.(world);
    const watch = new Watch(world, RETENTION_DAYS * DAY);
    await scenario.prepare(world);
    watch.look('before');
    watch.readMail('before');
    if (scenario.leaked) watch.leaked.push(scenario.leaked);
    await operate(world);
    watch.look('after the crash');
    watch.readMail('after the crash');
    for (const seen of await scenario.again(world))
      watch.add('Run again, it ends well', 'again', seen);
    watch.look('after it was run again', SETTLED);
    await live(world, watch, LIFE);
    watch.look('at the end', [...SETTLED, OVER]);
    const amiss = [
      ...brokenDue(world, watch),
      ...brokenHandOver(world, scenario.world ?? {}, watch, { most: 1 }),
      ...printedKeys(world),
    ];
    for (const { promise, seen } of amiss) watch.add(promise, 'at the end', seen);
    return { records: recordsOf(world), broken: watch.broken };
  } finally {
    await world.close();
  }
}
