import { tag } from '../../../../lambda/contract.ts';
import { note } from '../../../../lambda/domain/lifecycle/notes.ts';
import type { Key } from '../ledger.ts';
import { type Moment, worked } from '../moment.ts';
import { labelsOfKey, readableUntil } from '../sight.ts';
import type { Promised } from './promise.ts';

/** Labels state whole seconds. */
const SECOND = 1_000;

export const retained: Promised = {
  name: 'A replaced key that did not leak stays readable for its whole retention.',
  broken(moment, { keys }) {
    for (const key of keys.values()) {
      const lost = lostOf(moment, key);
      if (lost) return `key ${key.fingerprint} ${lost}`;
    }
    return undefined;
  },
};

function lostOf(moment: Moment, key: Key): string | undefined {
  const { after } = moment;
  if (key.toBeAdopted) return unadopted(moment, key);
  if (key.owedUntil === undefined || key.owedUntil <= after.at) return undefined;
  const until = readableUntil(after, key.value);
  if (until > key.owedUntil - SECOND) return undefined;
  const seen = until ? `only until ${new Date(until).toISOString()}` : 'by no label of its own';
  return `is readable ${seen}, and was promised until ${new Date(key.owedUntil).toISOString()}`;
}

function unadopted(moment: Moment, key: Key): string | undefined {
  const { before, after } = moment;
  const labels = labelsOfKey(after, key.value);
  if (!labels.includes('AWSPREVIOUS')) return 'was replaced by hand and is not readable any more';
  const isLeft = before.tags[tag.lockdown] === 'on' || before.tags[note.lockdown];
  // Whatever a rotation holds is not taken from it
  if (labelsOfKey(before, key.value).includes('AWSPENDING')) return undefined;
  if (!worked(moment) || isLeft || before.tags[note.rollback]) return undefined;
  return 'was replaced by hand, and a sweep gave it no retention';
}

const SIX_HOURS = 6 * 3_600_000;

export const retiredRejected: Promised = {
  name: 'Retired means that Amplitude rejected it at every check for six hours.',
  broken({ after, output }, { keys, vendor }) {
    for (const { transition, fingerprint } of output.transitions) {
      if (transition !== 'retired') continue;
      const key = [...keys.values()].find((one) => one.fingerprint === fingerprint);
      if (!key) return 'a key was retired that nobody knows';
      if (vendor.isInUse(key.value)) return `${fingerprint} is retired, and Amplitude accepts it`;
      const { rejectedSince } = key;
      if (rejectedSince === undefined || after.at - rejectedSince < SIX_HOURS)
        return `${fingerprint} is retired, and sweeps saw it rejected since ${rejectedSince === undefined ? 'never' : new Date(rejectedSince).toISOString()}`;
    }
    return undefined;
  },
};
