import type { Violation } from '../proof.ts';
import { interleave } from './at-once.ts';
import { type CrashPoint, crashPoints, WAYS, type Way } from './calls.ts';
import type { Pair } from './pairs.ts';
import { crash, type Setting, undisturbed } from './play.ts';
import type { Scenario } from './scenario.ts';
import type { Calls } from './schedules.ts';
import type { Schedule } from './turns.ts';
import type { Broken } from './watch.ts';

export interface Searched {
  /** Crash points, or schedules. */
  readonly count: number;
  readonly violations: readonly Violation[];
}

/** Lets every call of a scenario fail in every way, one world each; or only those that are picked. */
export async function searchCrashes(
  scenario: Scenario,
  setting: Setting,
  isPicked: (point: CrashPoint) => boolean = () => true,
): Promise<Searched> {
  const { calls, broken } = await undisturbed(scenario, setting);
  const violations = broken.map(violation(`${scenario.name}, nothing fails`, setting));
  const points = crashPoints(calls).filter(isPicked);
  for (const point of points) {
    for (const way of WAYS) {
      const found = await crash(scenario, setting, { point, way });
      violations.push(...found.map(violation(`${scenario.name}, ${fault(point, way)}`, setting)));
    }
  }
  return { count: points.length, violations };
}

const fault = ({ nth, name, lasting }: CrashPoint, way: Way) =>
  `call ${nth} (${name}) ${way.name}${lasting ? ', and what Amplitude is asked after it too' : ''}`;

/** Does two things at once by every schedule that is chosen for them, one world each. */
export async function searchTogether(
  pair: Pair,
  setting: Setting,
  schedulesFor: (calls: Calls) => readonly Schedule[],
): Promise<Searched> {
  const oneFirst = await interleave(pair, setting, []);
  const otherFirst = await interleave(pair, setting, [0]);
  const schedules = schedulesFor({ one: oneFirst.made.one, other: otherFirst.made.other });
  const violations: Violation[] = [];
  for (const schedule of schedules) {
    const { broken } = await interleave(pair, setting, schedule);
    violations.push(...broken.map(violation(`${pair.name}, ${turns(pair, schedule)}`, setting)));
  }
  return { count: schedules.length, violations };
}

const turns = ({ one, other }: Pair, schedule: Schedule) =>
  [
    ...schedule.map((calls, index) => `${(index % 2 === 0 ? one : other).name} ${calls} calls`),
    `then ${(schedule.length % 2 === 0 ? one : other).name} to its end`,
  ].join(', ');

const violation =
  (how: string, { takesPendingOff }: Setting) =>
  ({ promise, when, seen }: Broken): Violation => {
    const service = `Secrets Manager ${takesPendingOff ? 'takes AWSPENDING off itself' : 'leaves AWSPENDING on'}`;
    return { promise, how: `${how} (${service}): ${seen}, ${when}` };
  };
