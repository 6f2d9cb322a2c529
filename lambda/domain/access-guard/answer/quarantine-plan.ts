import type { GuardRules } from '../../../contract.ts';
import type { QuarantineReport } from '../../../payloads.ts';
import { HOUR } from '../../key-state.ts';
import { type Denied, idOf, isOver, type Kept } from '../../quarantine/quarantine.ts';
import { wordsOf } from '../../quarantine/tags.ts';
import { reasonsOf } from '../risk/risk.ts';
import { principalTold, safe } from '../usage-line.ts';
import type { Suspect } from './examine.ts';

/** A suspect of whom something may be denied. */
export interface Deniable extends Suspect {
  readonly denied: Denied;
}

/** The uses of one reader, its most suspicious first. */
export type Reader = readonly [Deniable, ...Deniable[]];

/** One reader is answered once; of a role without a grant all sessions are one reader. The most suspicious comes first. */
export function readersIn(suspects: readonly Suspect[]): Reader[] {
  const deniable = suspects.filter((one): one is Deniable => one.denied !== undefined);
  const sorted = deniable.toSorted(
    ({ judged: one }, { judged: other }) =>
      other.risk.score - one.risk.score ||
      one.case.call.at.getTime() - other.case.call.at.getTime() ||
      (one.case.call.id < other.case.call.id ? -1 : 1),
  );
  return [...Map.groupBy(sorted, ({ denied }) => leadOf(denied)).values()] as unknown as Reader[];
}

/** Who is denied rather than from where, if that is known. */
const leadOf = ({ principal, session, address }: Denied) => principal ?? session ?? address;

/** As it would begin now. */
export function quarantineOf(
  { judged, denied, proof }: Deniable,
  { quarantineHours }: Pick<GuardRules, 'quarantineHours'>,
  now: Date,
): QuarantineReport {
  const {
    risk,
    case: { call, key },
  } = judged;
  const reasons = [...reasonsOf(risk), ...(proof ? [proof] : [])];
  return {
    id: idOf(denied),
    denied,
    principal: principalTold(call),
    ...(key === undefined ? {} : { key: safe(key) }),
    score: risk.score,
    reasons: reasons.map((reason) => safe(reason)),
    eventId: call.id,
    at: now.toISOString(),
    until: new Date(now.getTime() + quarantineHours * HOUR).toISOString(),
  };
}

/**
 * Who is denied already needs no quarantine for each address that it reads from; who was released
 * doesn't come back by another, nor does an address that was released with another reader.
 */
export function withoutKnown(
  wanted: QuarantineReport,
  kept: readonly Kept[],
  now: Date,
): QuarantineReport {
  const { address, ...who } = wanted.denied;
  const [lead] = wordsOf(who);
  if (lead === undefined || address === undefined) return wanted;
  const known = kept.filter((one) => !isOver(one, now));
  const isKnown = known.some(({ denied }) => wordsOf(denied).includes(lead));
  const isReleased = known.some((one) => one.releasedAt && one.denied.address === address);
  return isKnown || isReleased ? { ...wanted, denied: who, id: idOf(who) } : wanted;
}
