import { currentKey, holder } from '../sight.ts';
import type { Promised } from './promise.ts';

const HOUR = 3_600_000;
/** The current key is asked about once a day, and a clock may jump back some minutes. */
const ASKED_WITHIN = 24.5 * HOUR;

export const promotedAccepted: Promised = {
  name: 'A key is promoted only once Amplitude accepted it.',
  broken({ act, before, after }, { vendor }) {
    const [from, to] = [holder(before, 'AWSCURRENT'), holder(after, 'AWSCURRENT')];
    if (to === undefined) return 'the secret has no AWSCURRENT any more';
    if (act.by === 'hand' || from === to) return undefined;
    const key = after.keyOf(to);
    if (key === undefined) return `the ${act.by} promoted a version without a key`;
    if (vendor.isUp && vendor.accepts(key)) return undefined;
    return `the ${act.by} promoted a key that Amplitude ${vendor.isUp ? 'rejects' : 'gave no answer about'}`;
  },
};

export const neverComesBack: Promised = {
  name: 'A key that was replaced becomes current again by a rollback only.',
  broken({ act, before, after }, { keys }) {
    const [from, to] = [holder(before, 'AWSCURRENT'), holder(after, 'AWSCURRENT')];
    const isMeant = act.by === 'hand' || act.request?.action === 'rollback';
    if (isMeant || from === to) return undefined;
    const key = keys.get(after.keyOf(to) ?? '');
    if (key?.replacedAt === undefined || key.isHistoryLost) return undefined;
    return `the ${act.by} promoted key ${key.fingerprint}, which was replaced before`;
  },
};

/** A rotation that is under way has chosen its key already. */
export const neitherOfTwo: Promised = {
  name: 'Of two staged keys neither is promoted.',
  broken({ act, before, after }) {
    const moved = holder(before, 'AWSCURRENT') !== holder(after, 'AWSCURRENT');
    const isFree = act.request?.action !== 'rollback' && !holder(before, 'AWSPENDING');
    if (act.by === 'hand' || !moved || !isFree || before.staged < 2) return undefined;
    return `the ${act.by} promoted a key while ${before.staged} were staged`;
  },
};

export const rejectionTold: Promised = {
  name: 'A current key that Amplitude rejects is told within a day.',
  broken({ act, before, after, output }, { vendor }) {
    const key = currentKey(before);
    const isSweep = act.by === 'sweep' && !act.isHindered && before.isCmkOn && act.swept;
    if (!isSweep || key === undefined || act.swept?.keys.length === 0) return undefined;
    const from = vendor.rejectedFrom(key);
    const said = output.metrics.CurrentKeyAccepted;
    if (from === undefined || after.at - from < ASKED_WITHIN || said === 0) return undefined;
    return `a sweep published CurrentKeyAccepted ${said} of a key that Amplitude rejects since ${new Date(from).toISOString()}`;
  },
};
