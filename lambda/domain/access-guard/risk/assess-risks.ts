import type { GuardRules } from '../../../contract.ts';
import { DAY } from '../../key-state.ts';
import type { AtOnce } from '../../ports.ts';
import { WRITING } from '../count-reads.ts';
import type { Judged } from '../judge.ts';
import type { Place } from '../place.ts';
import type { AddressRanges } from '../ports.ts';
import type { Trouble } from '../trouble.ts';
import { principalTold } from '../usage-line.ts';
import { highRisk } from './high-risk.ts';
import { isMuch, lessonsOf, NOTHING, outdatedIn, taughtBy, usualAddresses } from './learn.ts';
import type { Baseline, Baselines, Countries } from './ports.ts';
import type { Risk } from './risk.ts';
import { dayOf } from './traits.ts';
import type { Weighing } from './use.ts';
import { type Doing, doingOf, doingsOf, type Weighed, weigh } from './weigh.ts';

export interface RiskPorts {
  readonly baselines: Baselines;
  readonly countries: Countries;
  readonly ranges: AddressRanges;
  readonly rules: GuardRules;
  readonly place: Place;
  readonly atOnce: AtOnce;
}

/** Since the last time. */
const KEPT_MS = 60 * DAY;

/**
 * Gives each use its risk, and a finding to what is to be told of. Of a principal whose baseline
 * can't be had nothing is weighed: its messages come again.
 */
export async function assessRisks(
  ports: RiskPorts,
  judged: readonly Judged[],
  now: Date,
  trouble: Trouble,
): Promise<readonly Judged[]> {
  const weighing: Weighing = { ...ports, now };
  const doings = judged.flatMap((one) => {
    const isKnown = !trouble.has(one.case.call.id);
    return (isKnown && doingOf(one, weighing)) || [];
  });
  const limit = ports.atOnce(WRITING);
  const byPrincipal = Map.groupBy(doings, (one) => principalTold(one.judged.case.call));
  const assessed = [...byPrincipal].map(([principal, theirs]) =>
    limit(() => assess(ports.baselines, principal, theirs, weighing, trouble)),
  );
  const weighed = (await Promise.all(assessed)).flat();
  const risks = new Map(weighed.map((one) => [one.judged.case.call.id, one.risk]));
  return judged.map((one) => {
    const { id } = one.case.call;
    const risk = risks.get(id);
    if (risk) return withRisk(one, risk, ports.rules);
    return trouble.has(id) && one.verdict === 'ok' ? { ...one, verdict: 'unjudged' } : one;
  });
}

function withRisk(one: Judged, risk: Risk, rules: GuardRules): Judged {
  const finding = highRisk(risk, rules);
  if (!finding) return { ...one, risk };
  return { ...one, risk, verdict: 'suspicious', findings: [...one.findings, finding] };
}

/** One call for all that a batch has of a principal, and one more if there is something to learn. */
async function assess(
  baselines: Baselines,
  principal: string,
  theirs: readonly Doing[],
  weighing: Weighing,
  trouble: Trouble,
): Promise<readonly Weighed[]> {
  const { now } = weighing;
  const expires = new Date(now.getTime() + KEPT_MS);
  let baseline: Baseline;
  try {
    baseline = await baselines.note(principal, doingsOf(theirs, now), expires);
  } catch (error) {
    const events = theirs.map(({ judged }) => judged.case.call.id);
    trouble.add(error, events);
    return [];
  }
  const weighed = weigh(theirs, baseline, weighing);
  try {
    await learn(baselines, principal, baseline, weighed, weighing, expires);
  } catch (error) {
    // What isn't learned now is learned with the next use
    trouble.add(error, []);
  }
  return weighed;
}

async function learn(
  baselines: Baselines,
  principal: string,
  baseline: Baseline,
  weighed: readonly Weighed[],
  { now, rules }: Weighing,
  expires: Date,
): Promise<void> {
  const lessons = lessonsOf(
    baseline,
    weighed.flatMap((one) => taughtBy(one, rules.notifyAt)),
  );
  const learned = lessons.flatMap(({ traits }) => traits);
  let outdated = outdatedIn(baseline, now, learned);
  if (lessons.length === 0 && isMuch(outdated)) lessons.push({ day: dayOf(now), traits: [] });
  for (const { day, traits } of lessons) {
    await baselines.learn(principal, traits, day, outdated);
    outdated = NOTHING;
  }
  for (const address of usualAddresses(weighed, learned)) {
    await baselines.keepAddress(address, expires);
  }
}
