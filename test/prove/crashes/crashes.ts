import '../powertools.ts';
import type { Outcome, Proof, ProofOptions, Violation } from '../proof.ts';
import { type CrashPoint, crashPoints, WAYS } from './calls.ts';
import { crash, type Setting, undisturbed } from './play.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import type { Broken } from './watch.ts';

export interface Searched {
  readonly points: number;
  readonly violations: readonly Violation[];
}

/** Lets every call of a scenario fail in every way, one world each; or only those that are picked. */
export async function searchCrashes(
  scenario: Scenario,
  setting: Setting,
  isPicked: (point: CrashPoint) => boolean = () => true,
): Promise<Searched> {
  const { calls, records, broken } = await undisturbed(scenario, setting);
  const told = (how: string) => (one: Broken) => violation(scenario.name, how, setting, one);
  const violations = broken.map(told('nothing fails'));
  const points = crashPoints(calls).filter(isPicked);
  for (const point of points) {
    for (const way of WAYS) {
      const found = await crash(scenario, setting, { point, way, usual: records });
      const { nth, name, lasting } = point;
      const how = `call ${nth} (${name}) ${way.name}${lasting ? ', and all later ones to Amplitude' : ''}`;
      violations.push(...found.map(told(how)));
    }
  }
  return { points: points.length, violations };
}

export const violation = (
  scenario: string,
  how: string,
  { takesPendingOff }: Setting,
  { promise, when, seen }: Broken,
): Violation => ({
  promise,
  how: `${scenario}: ${how}; ${when}: ${seen} (the service ${takesPendingOff ? 'takes' : 'leaves'} AWSPENDING ${takesPendingOff ? 'off' : 'on'})`,
});

export const crashes: Proof = {
  name: 'crashes',
  about: 'every AWS and Amplitude call fails once, in three ways, and it is run again',
  async run({ progress }: ProofOptions): Promise<Outcome> {
    let points = 0;
    const violations: Violation[] = [];
    for (const takesPendingOff of [false, true]) {
      for (const scenario of SCENARIOS) {
        progress(scenario.name);
        const found = await searchCrashes(scenario, { takesPendingOff });
        points += found.points;
        violations.push(...found.violations);
      }
    }
    return {
      summary: `${points} crash points × ${WAYS.length}, ${violations.length} violations`,
      figures: { crash_points: points, ways: WAYS.length },
      violations,
    };
  },
};
