import type { KeysError } from '../errors.ts';
import { faultOf } from '../key-state.ts';
import type { SweepPlan } from './action.ts';
import { compromisedCurrent, currentKey, putByHand, rejectedCurrent } from './current-findings.ts';
import { type Finding, planFindings } from './finding.ts';
import {
  foreignLabels,
  labelLimit,
  lockdown,
  overdue,
  schedule,
  unreadableVersions,
} from './secret-findings.ts';
import type { Sighting } from './sighting.ts';
import { refusedStaged } from './staged-findings.ts';
import { CMK_UNUSABLE, watchSurroundings } from './surroundings.ts';

const RULES: readonly ((sighting: Sighting) => Finding | undefined)[] = [
  currentKey,
  rejectedCurrent,
  compromisedCurrent,
  putByHand,
  refusedStaged,
  schedule,
  overdue,
  labelLimit,
  foreignLabels,
  unreadableVersions,
  lockdown,
];

/** Everything that isn't as it should be. A key that can't be read is told as that and nothing else. */
export function planWatch(sighting: Sighting): SweepPlan {
  const fault = faultOf(sighting.facts);
  const around = watchSurroundings(sighting);
  const known =
    fault?.code === 'CMK_UNAVAILABLE' && around.some((one) => one?.code === CMK_UNUSABLE);
  const own = fault ? [known ? undefined : unreadable(fault)] : RULES.map((rule) => rule(sighting));
  const findings = [...own, ...around];
  return planFindings(
    sighting,
    findings.filter((finding) => finding !== undefined),
  );
}

const unreadable = ({ code, message }: KeysError): Finding => ({
  code: 'unreadable',
  about: code,
  happened: message,
  todo: 'Nothing is rotated, retired or healed until it can be read again.',
});
