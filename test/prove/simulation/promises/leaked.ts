import { isCompromised, isReaders, isRetained } from '../../../../lambda/domain/labels.ts';
import { note } from '../../../../lambda/domain/lifecycle/notes.ts';
import type { Key, Ledger } from '../ledger.ts';
import { type Moment, worked } from '../moment.ts';
import { currentKey, holder, labelsOfKey } from '../sight.ts';
import type { Promised } from './promise.ts';

export const leakedStaysOut: Promised = {
  name: 'A leaked key is never promoted, never retained, and leaves the reach of its readers.',
  broken(moment, { keys }) {
    for (const key of keys.values()) {
      const back = key.leakedAt === undefined || key.leakUndone ? undefined : backOf(moment, key);
      if (back) return `leaked key ${key.fingerprint} ${back}`;
    }
    return undefined;
  },
};

function backOf(moment: Moment, { value }: Key): string | undefined {
  const { act, before, after } = moment;
  const isCurrent = currentKey(after) === value;
  if (isCurrent && currentKey(before) !== value && act.by !== 'hand')
    return `was promoted by the ${act.by}`;
  const labels = labelsOfKey(after, value);
  const had = labelsOfKey(before, value);
  if (act.by !== 'hand' && labels.some((label) => isRetained(label) && !had.includes(label)))
    return `was given a retention by the ${act.by}`;
  // What can't be read then may hold it too: that is for the sweep
  const isRevoked = act.meant?.value === value && act.isDone && !act.isHindered && before.isCmkOn;
  const isSwept = worked(moment) && !before.tags[note.lockdown];
  if (!isCurrent && (isRevoked || isSwept) && labels.some(isReaders))
    return `is still read by ${labels.filter(isReaders).join(', ')} after the ${act.by}`;
  return undefined;
}

export const emergencyMeansIt: Promised = {
  name: 'A revocation turns on the key that leaked and on no other, and its answer is true.',
  broken(moment, ledger) {
    const { act } = moment;
    if (act.request?.action !== 'revoke') return marksNone(moment, ledger);
    return turnedOn(moment) ?? untrue(moment, ledger) ?? notReplaced(moment);
  },
};

const compromised = ({ labels }: Moment['after']) =>
  Object.entries(labels).flatMap(([id, own]) => (own.some(isCompromised) ? [id] : []));

function marksNone({ act, before, after }: Moment, ledger: Ledger): string | undefined {
  const isNew = (id: string) => ledger.find(after.keyOf(id))?.leakedAt === undefined;
  const fresh = compromised(after).filter((id) => !compromised(before).includes(id) && isNew(id));
  if (act.by === 'hand' || fresh.length === 0) return undefined;
  return `the ${act.by} marked version ${fresh.join(', ')} as compromised`;
}

function turnedOn({ act: { meant, report }, before, after }: Moment): string | undefined {
  if (!meant) return undefined;
  const { versionId, fingerprint } = report?.leaked ?? {};
  // What can't be read is named by its version alone
  const isMeant = fingerprint
    ? fingerprint === meant.fingerprint
    : after.keyOf(versionId) === meant.value;
  if (report && !isMeant)
    return `it names ${fingerprint ?? versionId} as leaked, and ${meant.fingerprint} was meant`;
  const fresh = compromised(after).filter((id) => !compromised(before).includes(id));
  if (fresh.some((id) => after.keyOf(id) !== meant.value))
    return `it marked another key than ${meant.fingerprint} as compromised`;
  const moved = holder(before, 'AWSCURRENT') !== holder(after, 'AWSCURRENT');
  if (moved && currentKey(before) !== meant.value)
    return `it replaced another key than ${meant.fingerprint}`;
  return undefined;
}

function untrue({ act, after }: Moment, { keys, vendor }: Ledger): string | undefined {
  const { report, isDone } = act;
  const leaked = [...keys.values()].find((key) => key.fingerprint === report?.leaked?.fingerprint);
  if (!report || !leaked) return undefined;
  const isAccepted = vendor.isInUse(leaked.value);
  const { revoked } = report.truth;
  if (revoked === 'yes' && isAccepted) return 'it says revoked of a key that Amplitude accepts';
  if (revoked === 'no' && !isAccepted) return 'it says not revoked of a key that Amplitude rejects';
  if (!isDone) return undefined;
  if (currentKey(after) === leaked.value) return 'it says that all is done, and the key is current';
  const { next } = report;
  if (next && after.keyOf(holder(after, 'AWSCURRENT')) !== after.keyOf(next.versionId))
    return `it says that ${next.fingerprint} is current, and it is not`;
  return undefined;
}

/** Of the current key, with one good standby key at hand and nothing in the way. */
function notReplaced({ act, after }: Moment): string | undefined {
  if (!act.isReady || act.isDone || currentKey(after) !== act.meant?.value) return undefined;
  return 'a good standby key was at hand, and the leaked key is current still';
}
