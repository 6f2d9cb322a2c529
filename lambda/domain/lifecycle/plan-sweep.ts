import { tag } from '../../contract.ts';
import type { KeyFacts } from '../key-facts.ts';
import { faultOf } from '../key-state.ts';
import { plan, type SweepPlan, together } from './action.ts';
import { planCheck } from './check.ts';
import { planHandOver } from './hand-over.ts';
import { planHealing } from './heal.ts';
import { planReaders } from './monthly-readers.ts';
import { note } from './notes.ts';
import { planRecord } from './record.ts';
import { planRetirement } from './retire.ts';
import type { Sighting } from './sighting.ts';
import { planStandby } from './stand-by.ts';
import { planWatch } from './watch.ts';

/** Declared, never lifted, and yet not there: all else waits until it holds again. */
const isLockdownLost = ({ secret: { tags } }: KeyFacts) =>
  tags.has(note.lockdown) && tags.get(tag.lockdown) !== 'on';

function relock(sighting: Sighting): SweepPlan {
  const { name } = sighting.facts.managed;
  return together([planWatch(sighting), plan({ actions: [{ do: 'lock', key: name }] })]);
}

/**
 * What a sweep does to one key, whatever its state: of a key that is locked down or can't be read,
 * it can be told who read it.
 */
export const planSweep = (sighting: Sighting): SweepPlan =>
  together([planReaders(sighting), planKey(sighting)]);

/**
 * What moves the key along, from its versions, staged keys, Amplitude's verdicts, time and
 * settings alone. A key that can't be read is watched and left as it is; one locked down is watched and keeps its
 * current key; an incident goes on to its end.
 */
function planKey(sighting: Sighting): SweepPlan {
  const { facts } = sighting;
  if (isLockdownLost(facts)) return relock(sighting);
  const watch = planWatch(sighting);
  if (faultOf(facts)) return watch;
  if (facts.secret.tags.get(tag.lockdown) === 'on') {
    return together([planRecord(sighting), planRetirement(sighting), planCheck(sighting), watch]);
  }
  return together([
    planRecord(sighting),
    planRetirement(sighting),
    planStandby(sighting),
    planCheck(sighting),
    watch,
    planHandOver(sighting),
    // Last, since it may end with a rotation that AWS refuses
    planHealing(sighting),
  ]);
}
