import type { GuardRules } from '../../../contract.ts';
import { asKeysError, type KeysError } from '../../errors.ts';
import type { AtOnce } from '../../ports.ts';
import type { Denied } from '../../quarantine/quarantine.ts';
import { deniable } from '../../quarantine/tags.ts';
import { WRITING } from '../count-reads.ts';
import { grantOf } from '../grant.ts';
import { type Known, keyMeant } from '../known.ts';
import type { OwnRoles, Place } from '../place.ts';
import type { AddressRanges } from '../ports.ts';
import type { Baselines } from '../risk/ports.ts';
import type { Trouble } from '../trouble.ts';
import { type Declared, isDeclared } from './declared.ts';
import { proofOf } from './mfa.ts';
import { once } from './once.ts';
import type { SecondFactors } from './ports.ts';
import type { Assessed } from './step.ts';
import { isExempt, type ReaderFacts, type Target, targetOf } from './target.ts';
import { tellsKey } from './tells-key.ts';

export interface ExaminePorts {
  readonly secondFactors: SecondFactors;
  readonly baselines: Baselines;
  readonly ranges: AddressRanges;
  readonly atOnce: AtOnce;
  readonly roles: OwnRoles;
  readonly rules: GuardRules;
  readonly place: Place;
}

/** A use that asks for a quarantine by its score and by whose it is. */
export interface Suspect {
  readonly judged: Assessed;
  /** Absent: nothing of it may be denied. */
  readonly denied?: Denied;
  /** What is known of its MFA, and what of it is spared and why: in words. */
  readonly proof?: string;
  readonly spared: readonly string[];
}

/** A use that is only told of, and why, in words. */
export interface Excused {
  readonly judged: Assessed;
  readonly why: string;
}

export const isExcused = (one: Suspect | Excused): one is Excused => 'why' in one;

/** What is asked about readers, each thing once in a batch. */
interface Asking extends Pick<ExaminePorts, 'ranges' | 'roles' | 'rules' | 'place'> {
  readonly secondFactors: SecondFactors;
  isKept(address: string): Promise<boolean | KeysError>;
}

/** Asks of each of these uses whether its reader may be quarantined, and what of it. */
export function examine(
  { secondFactors, baselines, atOnce, ...ports }: ExaminePorts,
  candidates: readonly Assessed[],
  known: Known,
  now: Date,
  trouble: Trouble,
): Promise<(Suspect | Excused)[]> {
  const asking: Asking = {
    ...ports,
    secondFactors: { has: once((userName) => secondFactors.has(userName)) },
    isKept: once((address) => baselines.isKept(address, now).catch(asKeysError)),
  };
  const limit = atOnce(WRITING);
  return Promise.all(
    candidates.map((judged) => limit(() => examineOne(asking, judged, known, trouble))),
  );
}

async function examineOne(
  asking: Asking,
  judged: Assessed,
  known: Known,
  trouble: Trouble,
): Promise<Suspect | Excused> {
  const {
    risk,
    case: { call },
  } = judged;
  const declared = isDeclared(call, known);
  const excuse = excuseOf(asking, judged, known, declared);
  if (excuse) return { judged, why: excuse };
  const { isProved, told } = await proofOf(call, asking.secondFactors);
  if (isProved) return { judged, why: told };
  const isKeyToldBySession = tellsKey(call, known);
  const reader = { call, risk, declared, isKeyToldBySession };
  const { denied, spared } = await targetNow(asking, reader, trouble);
  const possible = deniable(denied);
  return {
    judged,
    ...(possible ? { denied: possible } : {}),
    ...(told ? { proof: told } : {}),
    spared: [...spared, ...unsayable(denied, possible)],
  };
}

/** What can be told without asking anybody. */
function excuseOf(
  { roles, rules, place }: Asking,
  { case: { call, subject, report }, risk }: Assessed,
  known: Known,
  declared: Declared,
): string | undefined {
  if (isExempt(call, roles)) return 'it is a role of this stack';
  const wasUngranted = subject.of === 'read' && grantOf(call, report).is === 'none';
  if (wasUngranted && grantOf(call, keyMeant(known, subject.secretId, place)).is === 'granted') {
    return 'it is a consumer of the key, which was not known yet when the read was judged';
  }
  if (declared === 'no' || !risk.isLearning) return undefined;
  return `it has been seen on fewer than ${rules.learningDays} days, too few to know what is usual for it`;
}

/** The table is asked about an address only if nothing else spares it. */
async function targetNow(
  { isKept, ranges, rules }: Asking,
  reader: Omit<ReaderFacts, 'isAddressKept'>,
  trouble: Trouble,
): Promise<Target> {
  const around = { rules, isWithin: ranges.isWithin };
  const target = targetOf({ ...reader, isAddressKept: false }, around);
  const { address } = target.denied;
  if (address === undefined) return target;
  const kept = await isKept(address);
  if (kept === false) return target;
  if (kept === true) return targetOf({ ...reader, isAddressKept: true }, around);
  const careful = targetOf({ ...reader, isAddressKept: undefined }, around);
  // The rest is denied at once; without any the message has to come again
  trouble.add(kept, Object.keys(careful.denied).length > 0 ? [] : [reader.call.id]);
  return careful;
}

const TOLD: Readonly<Record<keyof Denied, string>> = {
  session: 'its session',
  principal: 'its ARN',
  address: 'its address',
};

/** A role that is denied needs no word for its session. */
const unsayable = (wanted: Denied, possible: Denied = {}) =>
  (['session', 'principal', 'address'] as const)
    .filter((name) => wanted[name] !== undefined && possible[name] === undefined)
    .filter((name) => name !== 'session' || possible.principal === undefined)
    .map((name) => `${TOLD[name]} does not fit into a tag, by which it would be denied`);
