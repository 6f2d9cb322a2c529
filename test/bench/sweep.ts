import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { TIMEOUT_SECONDS } from '../../lib/thresholds.ts';
import { createWorld, documentOf, KEYS, type World } from '../lambda/world.ts';
import type { Options, Part, Row } from './measurement.ts';

const SIZES = [10, 100, 1_000] as const;
const DAY = 86_400_000;
/** What a call takes at AWS within a Region. */
const CALL_MS = 20;
/** Reads at once, in `lambda/domain/look.ts`. */
const AT_ONCE = 8;
/** A tenth of slack: what a sweep does once weighs more on few keys, and a heap is never exact. */
const LINEAR = { ratio: 1.1 };

interface Swept {
  readonly calls: number;
  readonly seconds: number;
  readonly megabytes: number;
  readonly throttled: number;
  readonly mostInFlight: number;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The highest heap while the work lasts, beyond what lived before it. */
async function heapOf(work: () => Promise<unknown>): Promise<number> {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  let most = before;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().heapUsed);
  }, 1);
  await work();
  clearInterval(timer);
  return (Math.max(most, process.memoryUsage().heapUsed) - before) / 1_000_000;
}

async function sweepTimed(world: World): Promise<Swept> {
  world.aws.resetCalls();
  const begun = world.aws.clock.now().getTime();
  const megabytes = await heapOf(() => world.lifecycleHandler({}));
  const { calls, clock, mostInFlight } = world.aws;
  return {
    calls: calls.length,
    seconds: (clock.now().getTime() - begun) / 1000,
    megabytes,
    throttled: calls.filter(({ error }) => error?.includes('Throttl')).length,
    mostInFlight,
  };
}

/** The first sweep writes of every key; the last finds nothing to do. */
async function sweepsOf(keys: number): Promise<{ first: Swept; quiet: Swept }> {
  const world = await createWorld();
  try {
    world.amplitude.generate(KEYS.fourth);
    for (let at = 1; at < keys; at += 1) {
      world.seedKey(`key-${at}`, { value: documentOf(KEYS.fourth) });
    }
    world.aws.limits.enable();
    world.aws.takeTime(CALL_MS);
    const first = await sweepTimed(world);
    world.aws.clock.advance(DAY / 24);
    return { first, quiet: await sweepTimed(world) };
  } finally {
    await world.close();
  }
}

const UNITS = { calls: 'calls', seconds: 's', megabytes: 'MB' } as const;

/** Each size against ten times the one before. */
function growth(which: string, swept: readonly Swept[], figure: keyof typeof UNITS): Row[] {
  return swept.map((one, at) => {
    const smaller = swept[at - 1];
    const what = `${which}, ${SIZES[at]?.toLocaleString('en-US')} keys`;
    const row = { what, measured: one[figure], unit: UNITS[figure] };
    if (!smaller) return row;
    const peer = { what: `10 × that of ${SIZES[at - 1]}`, measured: 10 * smaller[figure] };
    return { ...row, peer, bar: LINEAR };
  });
}

async function measure({ progress }: Options): Promise<readonly Row[]> {
  const all: Awaited<ReturnType<typeof sweepsOf>>[] = [];
  for (const keys of SIZES) {
    progress(`${keys} keys`);
    all.push(await sweepsOf(keys));
  }
  const first = all.map((one) => one.first);
  const quiet = all.map((one) => one.quiet);
  const largest = [...first.slice(-1), ...quiet.slice(-1)];
  const timeout = { what: 'its time-out', measured: TIMEOUT_SECONDS.lifecycle };
  return [
    ...growth('first', first, 'calls'),
    ...growth('quiet', quiet, 'calls'),
    ...growth('first', first, 'seconds'),
    ...growth('quiet', quiet, 'seconds'),
    ...growth('heap', first, 'megabytes'),
    {
      what: 'slowest, 1,000 keys',
      measured: Math.max(...largest.map(({ seconds }) => seconds)),
      unit: 's',
      peer: timeout,
      bar: { ratio: 0.5 },
    },
    {
      what: 'throttled, 1,000 keys',
      measured: largest.reduce((sum, { throttled }) => sum + throttled, 0),
      unit: 'calls',
      bar: { most: 0 },
    },
    {
      what: 'most under way, 1,000 keys',
      measured: Math.max(...largest.map(({ mostInFlight }) => mostInFlight)),
      unit: 'at once',
      bar: { most: AT_ONCE },
    },
  ];
}

export const sweep: Part = {
  name: 'sweep',
  about: `Sweep of many keys on the fakes, with AWS's quotas and ${CALL_MS} ms a call`,
  measure,
};
