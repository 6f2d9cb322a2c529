import type { KeysError } from '../errors.ts';
import type { Clock, Notifier } from '../ports.ts';
import { type Active, activeNow, NOBODY, withDenied } from './active.ts';
import { type AnswerPorts, answerAll } from './answer/answer-all.ts';
import { caseOf, isRead, isStrange, type Message, type Ours, signsIn, sortOut } from './cases.ts';
import { countReads } from './count-reads.ts';
import { type Judged, judge, unseen } from './judge.ts';
import type { Knowledge } from './knowledge.ts';
import type { Known } from './known.ts';
import type { OwnRoles } from './place.ts';
import type { UsageRecord } from './ports.ts';
import { assessRisks, type RiskPorts } from './risk/assess-risks.ts';
import { isSignInWithoutMfa } from './risk/steps.ts';
import { privateSignIns, type SignInPorts } from './sign-ins.ts';
import type { Foreign } from './subject.ts';
import { type TellPorts, tell } from './tell.ts';
import { idsOf, Trouble } from './trouble.ts';
import { isWritten, usageLine, type Writing } from './usage-line.ts';

export interface GuardPorts extends SignInPorts, TellPorts, RiskPorts, AnswerPorts {
  readonly knowledge: Knowledge;
  readonly record: UsageRecord;
  readonly notifier: Notifier;
  readonly clock: Clock;
  readonly roles: OwnRoles;
}

/** What became of a batch. */
export interface Guarded {
  /** Ids of the messages that have to come again. */
  readonly failed: ReadonlySet<string>;
  readonly errors: readonly KeysError[];
  /** How many events were of this environment and account. */
  readonly seen: number;
  /** How many of them were reads of keys. */
  readonly reads: number;
  readonly judged: readonly Judged[];
  /** How many were passed over, by the reason. */
  readonly foreign: ReadonlyMap<Foreign, number>;
}

/**
 * Judges a batch of events. All is written down whatever else fails, and what failed comes again
 * with its message: a use may be written twice, never not at all.
 */
export async function guard(
  ports: GuardPorts,
  messages: readonly Message[],
  writing: Writing,
): Promise<Guarded> {
  const now = ports.clock.now();
  const { ours, foreign } = sortOut(messages, ports.place, now);
  const trouble = new Trouble(ours);
  const strange = ours.filter(isStrange(ports.roles));
  const [hidden, active] = await Promise.all([
    privateSignIns(ports, ours, now, trouble),
    strange.length > 0 ? activeNow(ports) : NOBODY,
  ]);
  const current = { ...ports, rules: withDenied(ports.rules, active, now, ports.ranges) };
  const found = await judgeAll(current, ours, hidden, active, now, trouble);
  const assessed = await assessRisks(current, found, now, trouble);
  // Only now: what is known is enough to weigh and to answer by, and its messages come again
  if (active.failure) trouble.add(active.failure, idsOf(strange));
  const shown = assessed.filter(
    ({ case: { call }, risk }) => !hidden.has(call.id) || risk?.sequence !== undefined,
  );
  const turn = { now, owner: writing.traceId };
  const judged = await answerAll(ports, shown, turn, trouble);
  await write(ports, judged, writing, trouble);
  await tell(ports, judged, turn, trouble);
  const reads = ours.filter(isRead);
  await see(ports, reads, now, trouble);
  const { failed, errors } = trouble;
  return { failed, errors, seen: ours.length, reads: reads.length, judged, foreign };
}

async function judgeAll(
  ports: GuardPorts,
  ours: readonly Ours[],
  hidden: ReadonlySet<string>,
  { failure }: Active,
  now: Date,
  trouble: Trouble,
): Promise<Judged[]> {
  const { place, roles, rules, ranges } = ports;
  const strange = ours.filter(isStrange(roles));
  const known = await knownOf(ports, ours, strange, now, trouble);
  const reads = strange.filter(({ call }) => !call.error).map((one) => caseOf(one, known, place));
  const counts = await countReads(ports, reads, trouble);
  const judging = { place, roles, rules, isWithin: ranges.isWithin };
  return ours.flatMap((one) => {
    if (hidden.has(one.call.id)) {
      return isSignInWithoutMfa(one.call) ? [unseen(caseOf(one, known, place))] : [];
    }
    const its = counts.get(one.call.id);
    const found = { ...caseOf(one, known, place), ...(its ? { counts: its } : {}) };
    return judge(found, judging, !failure && !trouble.has(one.call.id));
  });
}

/** Asked only for strangers, so that what `inspect` reads to answer leads to no further question. */
async function knownOf(
  { knowledge, place }: GuardPorts,
  ours: readonly Ours[],
  strange: readonly Ours[],
  now: Date,
  trouble: Trouble,
): Promise<Known | undefined> {
  const signs = signsIn(ours, strange, place);
  knowledge.heed(signs);
  if (strange.length === 0) return knowledge.last(now);
  const known = await knowledge.at(now, signs);
  const { failure } = knowledge;
  // What was known before is judged by; without anything the message has to come again
  if (failure) trouble.add(failure, known ? [] : idsOf(strange));
  return known;
}

async function write(
  { record }: GuardPorts,
  judged: readonly Judged[],
  writing: Writing,
  trouble: Trouble,
): Promise<void> {
  const lines = judged
    .filter(isWritten)
    .map((one) => ({ at: one.case.call.at, line: usageLine(one, writing) }));
  if (lines.length === 0) return;
  await record.write(lines).catch((error) =>
    trouble.add(
      error,
      judged.map((one) => one.case.call.id),
    ),
  );
}

/**
 * Of reads alone: a trail that records none tells of sign-ins and changes all the same. The next
 * batch makes up for one that fails.
 */
async function see(
  { memory }: GuardPorts,
  reads: readonly Ours[],
  now: Date,
  trouble: Trouble,
): Promise<void> {
  if (reads.length === 0) return;
  const latest = Math.max(...reads.map(({ call }) => call.at.getTime()));
  const at = new Date(Math.min(latest, now.getTime()));
  await memory.see(at).catch((error) => trouble.add(error, []));
}
