import type { UsageLine } from '../../../lambda/domain/access-guard/usage-line.ts';
import { ATTACK_KINDS, type AttackKind, type AttackName } from './attacks.ts';
import type { Happening, Planted } from './happening.ts';

/** What the guard wrote of a use. */
export type Line = Pick<
  UsageLine,
  'event_id' | 'verdict' | 'reasons' | 'risk' | 'risk_reasons' | 'answer'
>;

/** What came of a replay. */
export interface Replayed {
  readonly attacks: readonly Planted[];
  /** Everything that happened on the replayed day. */
  readonly happenings: readonly Happening[];
  /** What was played of the days before. */
  readonly before: readonly Happening[];
  /** Of the usage record, by event id. */
  readonly lines: ReadonlyMap<string, Line>;
  /** Sent to people on the replayed day. */
  readonly messages: number;
  /** Whether the guard had a database of countries. */
  readonly hasCountries: boolean;
}

/** What the guard made of one attack on the replayed day. */
export interface Found {
  readonly planted: Planted;
  readonly isFound: boolean;
  /** The highest of its events. */
  readonly score: number;
  /** The worst that was done, and why: for whoever wonders. */
  readonly answers: readonly string[];
}

/** An event of which nobody wants to hear, and what the guard said. */
export interface FalseAlarm {
  readonly happening: Happening;
  readonly line: Line;
}

export interface Judgement {
  readonly events: number;
  readonly reads: number;
  readonly found: readonly Found[];
  /** Likewise of those that nobody can be sure to find. */
  readonly beyond: readonly Found[];
  readonly falseAlarms: readonly FalseAlarm[];
  /**
   * Reads of a consumer on whose own machine something reads besides, told since then for how many
   * there are: the consumer's own are no others.
   */
  readonly besideScrapers: readonly FalseAlarm[];
  /** Likewise of what was played of the days before. */
  readonly earlierAlarms: readonly FalseAlarm[];
  readonly earlierReads: number;
  /** Principals who did nothing wrong, and would have been denied the keys. */
  readonly quarantined: readonly string[];
  /** Denied reads and changed trails that were told, as the guard promises of whoever does them. */
  readonly promised: number;
  /** Reads that the usage record doesn't have. */
  readonly missing: readonly Happening[];
  readonly messages: number;
}

const isUsual = ({ origin }: Happening) => origin.is === 'usual';
const isQuarantine = ({ answer }: Line) =>
  answer === 'would-quarantine' || answer === 'quarantined';
/** Whatever a person is told of, by a rule or by the risk. */
const isAlarm = (line: Line) =>
  line.verdict === 'suspicious' || line.answer === 'notified' || isQuarantine(line);

export function judge(replayed: Replayed): Judgement {
  const { attacks, happenings, before, lines, messages } = replayed;
  const lineOf = (happening: Happening) => lines.get(happening.idOf());
  const alarmsIn = (some: readonly Happening[]) =>
    some.flatMap((happening): FalseAlarm[] => {
      const line = lineOf(happening);
      return line && isAlarm(line) ? [{ happening, line }] : [];
    });
  const good = happenings.filter(({ origin }) => origin.is !== 'attack');
  const alarms = alarmsIn(good);
  const isDenied = ({ line }: FalseAlarm) => isQuarantine(line);
  const usual = alarms.filter(({ happening }) => isUsual(happening));
  const all = attacks.map((planted) => foundOf(planted, replayed, lineOf));
  const isBeside = besideScrapers(happenings);
  return {
    events: happenings.length,
    reads: good.filter(({ isRead }) => isRead).length,
    found: all.filter(({ planted }) => !planted.isBeyond),
    beyond: all.filter(({ planted }) => planted.isBeyond),
    falseAlarms: usual.filter((one) => !isBeside(one)),
    besideScrapers: usual.filter(isBeside),
    earlierAlarms: alarmsIn(before.filter(isUsual)),
    earlierReads: before.filter((one) => isUsual(one) && one.isRead).length,
    quarantined: [...new Set(alarms.filter(isDenied).map(({ happening }) => happening.principal))],
    promised: alarms.filter(({ happening }) => !isUsual(happening)).length,
    missing: happenings.filter((one) => one.isRead && !lineOf(one)),
    messages,
  };
}

function besideScrapers(happenings: readonly Happening[]): (one: FalseAlarm) => boolean {
  const begun = new Map<string, number>();
  for (const { origin, principal, at } of happenings) {
    if (origin.is !== 'attack' || origin.planted.kind !== 'scraper inside') continue;
    begun.set(principal, Math.min(at, begun.get(principal) ?? at));
  }
  return ({ happening: { principal, at }, line }) =>
    at >= (begun.get(principal) ?? Number.POSITIVE_INFINITY) && !isQuarantine(line);
}

function foundOf(
  planted: Planted,
  { happenings, hasCountries }: Replayed,
  lineOf: (one: Happening) => Line | undefined,
): Found {
  const theirs = happenings.filter(
    ({ origin }) => origin.is === 'attack' && origin.planted === planted,
  );
  const lines = theirs.flatMap((one) => lineOf(one) ?? []);
  const is = atLeast(planted.kind, hasCountries) === 'quarantined' ? isQuarantine : isAlarm;
  return {
    planted,
    isFound: lines.some(is),
    score: Math.max(0, ...lines.map(({ risk = 0 }) => risk)),
    answers: [...new Set(lines.map(tellOf))],
  };
}

/** Its words, for whoever asks why. */
export const tellOf = ({ risk, answer, verdict, reasons, risk_reasons = [] }: Line) =>
  [`risk ${risk}`, answer ?? verdict, ...reasons, ...risk_reasons].join('; ');

/**
 * As it was written down before any rule. Nobody can tell a far country without a database of them: a
 * new network alone is as well the owner's next home, and is told.
 */
function atLeast(kind: AttackName, hasCountries: boolean): AttackKind['atLeast'] {
  if (kind === 'far country' && !hasCountries) return 'notified';
  const found = ATTACK_KINDS.find(({ name }) => name === kind);
  if (!found) throw new Error(`No attack is a ${kind}.`);
  return found.atLeast;
}
