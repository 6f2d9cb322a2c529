import type { KeysError } from '../errors.ts';
import { faultOf } from '../key-state.ts';
import type { SweepPlan } from './action.ts';
import {
  compromisedCurrent,
  currentKey,
  putByHand,
  rejectedCurrent,
  unverifiedCurrent,
} from './current-findings.ts';
import { type Finding, planFindings } from './finding.ts';
import { grantEnded, grantEnds } from './grant-findings.ts';
import {
  extendedRetention,
  failedHandOver,
  isHandOverUndecided,
  missingService,
  unknownService,
} from './hand-over-findings.ts';
import {
  foreignLabels,
  labelLimit,
  lockdown,
  neverPromoted,
  overdue,
  schedule,
  unreadableVersions,
} from './secret-findings.ts';
import type { Sighting } from './sighting.ts';
import { isStagedUndecided, refusedStaged, STAGED_REFUSED } from './staged-findings.ts';
import { AROUND, CMK_UNUSABLE, isUnknownAround, watchSurroundings } from './surroundings.ts';

const RULES: readonly ((sighting: Sighting) => Finding | undefined)[] = [
  currentKey,
  rejectedCurrent,
  compromisedCurrent,
  unverifiedCurrent,
  putByHand,
  refusedStaged,
  schedule,
  overdue,
  neverPromoted,
  labelLimit,
  foreignLabels,
  unreadableVersions,
  lockdown,
  grantEnds,
  grantEnded,
  failedHandOver,
  missingService,
  unknownService,
  extendedRetention,
];

/** Everything that isn't as it should be. A key that can't be read is told as that and nothing else. */
export function planWatch(sighting: Sighting): SweepPlan {
  const fault = faultOf(sighting.facts);
  const around = watchSurroundings(sighting);
  const known =
    fault?.code === 'CMK_UNAVAILABLE' && around.some((one) => one?.code === CMK_UNUSABLE);
  const own = fault ? [known ? undefined : unreadable(fault)] : RULES.map((rule) => rule(sighting));
  const findings = [...own, ...around].filter((finding) => finding !== undefined);
  return planFindings(sighting, findings, (code) => isUndecided(sighting, code));
}

/** Who couldn't be asked now says nothing about what was found before. */
function isUndecided(sighting: Sighting, code: string): boolean {
  if (isUnknownAround(sighting, code)) return true;
  if (AROUND.has(code)) return false;
  if (faultOf(sighting.facts)) return code !== UNREADABLE;
  if (isHandOverUndecided(sighting, code)) return true;
  return code === STAGED_REFUSED && isStagedUndecided(sighting);
}

const UNREADABLE = 'unreadable';

const unreadable = ({ code, message }: KeysError): Finding => ({
  code: UNREADABLE,
  about: code,
  happened: message,
  todo: 'Nothing is rotated, retired or healed until it can be read again.',
});
