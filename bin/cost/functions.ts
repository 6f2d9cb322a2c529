import { eachYear, type Group, type Line, line } from './line.ts';
import { PRICE } from './prices.ts';
import { type Resource, referred, rotationsAMonth, runsAMonth, type Stack } from './template.ts';
import {
  ASSUMED,
  ROTATION,
  STEPS_A_ROTATION,
  SWEEP,
  SWEPT_KEY,
  TRAIL_BYTES_A_ROTATION,
  type Usage,
} from './usage.ts';

/** A month of one function. */
interface Runs {
  readonly group: Group;
  readonly fn: Resource;
  readonly count: number;
  readonly seconds: number;
  readonly logBytes: number;
}

/** By who starts it: a schedule, Secrets Manager, or a person. */
function runsOf(fn: Resource, stack: Stack, { keys }: Usage): Runs[] {
  const sweeps = runsAMonth(stack, fn.id);
  const rotations = rotationsAMonth(stack, fn.id);
  if (sweeps > 0) {
    const swept = sweeps * keys;
    const base = { seconds: sweeps * ASSUMED.sweepSeconds, logBytes: sweeps * SWEEP.logBytes };
    const each = { seconds: swept * ASSUMED.sweptKeySeconds, logBytes: swept * SWEPT_KEY.logBytes };
    return [
      { group: 'base', fn, count: sweeps, ...base },
      { group: 'keys', fn, count: 0, ...each },
    ];
  }
  const steps = rotations * STEPS_A_ROTATION;
  if (steps > 0) {
    const seconds = steps * ASSUMED.runSeconds;
    return [{ group: 'keys', fn, count: steps, seconds, logBytes: rotations * ROTATION.logBytes }];
  }
  const { runsByHand: count, runSeconds, runLogBytes } = ASSUMED;
  const seconds = count * runSeconds;
  return [{ group: 'base', fn, count, seconds, logBytes: count * runLogBytes }];
}

const GROUPS: readonly Group[] = ['base', 'keys'];
const GIGABYTE = 1024 ** 3;
const sum = <Thing>(things: readonly Thing[], of: (thing: Thing) => number) =>
  things.reduce((total, thing) => total + of(thing), 0);

export function functions(found: readonly Resource[], stack: Stack, usage: Usage): Line[] {
  const all = found.flatMap((fn) => runsOf(fn, stack, usage));
  return GROUPS.flatMap((group) => {
    const runs = all.filter((one) => one.group === group);
    const arm = runs.filter(({ fn }) => [fn.properties.Architectures].flat().includes('arm64'));
    const others = runs.filter((one) => !arm.includes(one));
    const traced = runs.filter(({ fn }) => isTraced(fn));
    return [
      line(
        group,
        'Lambda runs',
        sum(runs, ({ count }) => count),
        PRICE.lambdaRequest,
      ),
      line(group, 'Lambda GB-seconds', gigabyteSeconds(arm), PRICE.lambdaGigabyteSecondArm),
      line(
        group,
        'Lambda GB-seconds (x86)',
        gigabyteSeconds(others),
        PRICE.lambdaGigabyteSecondX86,
      ),
      line(
        group,
        'X-Ray traces',
        sum(traced, ({ count }) => count),
        PRICE.trace,
      ),
    ].filter(({ counts: [count] }) => count > 0);
  });
}

const gigabyteSeconds = (runs: readonly Runs[]) =>
  sum(runs, ({ fn, seconds }) => (seconds * Number(fn.properties.MemorySize)) / 1024);

const isTraced = ({ properties }: Resource) =>
  (properties.TracingConfig as { Mode?: string } | undefined)?.Mode === 'Active';

/** The functions' groups, and the audit trail. */
export function logGroups(found: readonly Resource[], stack: Stack, usage: Usage): Line[] {
  const runs = stack.of('AWS::Lambda::Function').flatMap((fn) => runsOf(fn, stack, usage));
  const written = (group: Group, { id }: Resource) => {
    const own = runs.filter(({ fn }) => groupOf(fn) === id);
    const isTrail = !runs.some(({ fn }) => groupOf(fn) === id);
    const trail = isTrail && group === 'keys' ? usage.rotations * TRAIL_BYTES_A_ROTATION : 0;
    const bytes = sum(
      own.filter((one) => one.group === group),
      ({ logBytes }) => logBytes,
    );
    return (bytes + trail) / GIGABYTE;
  };
  return GROUPS.flatMap((group) => {
    const ingested = sum(found, (logGroup) => written(group, logGroup));
    const stored = eachYear((year) =>
      sum(found, (logGroup) => written(group, logGroup) * monthsKept(logGroup, year)),
    );
    return [
      line(group, 'GB of logs taken in', ingested, PRICE.logGigabyteIngested),
      line(group, 'GB of logs kept', stored, PRICE.logGigabyteStored),
    ];
  });
}

const groupOf = ({ properties }: Resource) =>
  referred((properties.LoggingConfig as { LogGroup?: unknown } | undefined)?.LogGroup);

/** At the end of a year, uncompressed; AWS bills what is left after compression. */
export function monthsKept({ properties }: Resource, year: number): number {
  const { RetentionInDays = Number.POSITIVE_INFINITY } = properties;
  return Math.min((year + 1) * 12, Number(RetentionInDays) / 30);
}
