import type { GuardRules } from '../../../contract.ts';
import { asKeysError } from '../../errors.ts';
import type { Judged } from '../judge.ts';
import type { Knowledge } from '../knowledge.ts';
import type { Known } from '../known.ts';
import type { Trouble } from '../trouble.ts';
import type { Turn } from '../turn.ts';
import type { Answer } from './answer.ts';
import { type Begun, begin, eventsOf, wouldBegin } from './begin.ts';
import { type EnforcePorts, enforce } from './enforce.ts';
import { type ExaminePorts, type Excused, examine, isExcused, type Suspect } from './examine.ts';
import { readersIn } from './quarantine-plan.ts';
import { leaksIn, type RevocationPorts, revokeLeaks } from './revocation.ts';
import { type Assessed, stepOf } from './step.ts';

export interface AnswerPorts extends ExaminePorts, EnforcePorts, RevocationPorts {
  readonly knowledge: Knowledge;
  readonly rules: GuardRules;
}

type Answers = ReadonlyMap<string, Answer>;

/**
 * Does what the risk of each use asks for: records, notifies, quarantines, revokes. Never throws: what
 * failed is among the trouble, and told.
 */
export async function answerAll(
  ports: AnswerPorts,
  judged: readonly Judged[],
  turn: Turn,
  trouble: Trouble,
): Promise<readonly Judged[]> {
  const grave = judged.filter(
    (one): one is Assessed => stepOf(one, ports.rules).to === 'quarantine',
  );
  const answers =
    grave.length === 0 ? new Map<string, Answer>() : await answerGrave(ports, grave, turn, trouble);
  return judged.map((one) => ({
    ...one,
    answer: answers.get(one.case.call.id) ?? plainAnswer(one, ports.rules),
  }));
}

/** A finding is told whatever its score. */
function plainAnswer(judged: Judged, rules: GuardRules): Answer {
  const step = stepOf(judged, rules);
  if (step.to === 'notify') return { word: 'notified', why: step.why };
  return { word: judged.findings.length > 0 ? 'notified' : 'recorded' };
}

async function answerGrave(
  ports: AnswerPorts,
  grave: readonly Assessed[],
  turn: Turn,
  trouble: Trouble,
): Promise<Answers> {
  try {
    const times = grave.map(({ case: { call } }) => call.at.getTime());
    const known = await ports.knowledge.since(new Date(Math.max(...times)), turn.now);
    if (!known) throw ports.knowledge.failure;
    const examined = await examine(ports, grave, known, turn.now, trouble);
    const suspects = examined.filter((one): one is Suspect => !isExcused(one));
    const acts = ports.rules.answer === 'quarantine' ? act : observe;
    const done = await acts(ports, suspects, known, turn, trouble);
    return new Map(examined.map((one) => [one.judged.case.call.id, answerTo(one, done)]));
  } catch (error) {
    const events = grave.map(({ case: { call } }) => call.id);
    trouble.add(error, events);
    const { code } = asKeysError(error);
    const why = `not all that it takes could be asked (${code}), which is tried again within minutes`;
    return new Map(events.map((event) => [event, { word: 'notified', why }]));
  }
}

/** By the id of the event. */
interface Done {
  readonly quarantined: Answers;
  readonly revoked: ReadonlyMap<string, Pick<Answer, 'isRevoked' | 'besides'>>;
}

async function act(
  ports: AnswerPorts,
  suspects: readonly Suspect[],
  known: Known,
  turn: Turn,
  trouble: Trouble,
): Promise<Done> {
  const begun = await begin(ports, readersIn(suspects), turn.now, trouble);
  const enforced = await enforce(ports, begun, known, turn, trouble);
  const revoked = await revokeLeaks(ports, suspects, turn, trouble);
  return { quarantined: byEvent(enforced), revoked };
}

async function observe(
  { rules }: AnswerPorts,
  suspects: readonly Suspect[],
  _: Known,
  { now }: Turn,
): Promise<Done> {
  const leaks = leaksIn(suspects, rules).flatMap(({ events }) => events);
  const besides = ["were answer: 'quarantine', the key would have been revoked too"];
  return {
    quarantined: byEvent(wouldBegin(readersIn(suspects), rules, now)),
    revoked: new Map(leaks.map((event) => [event, { besides }])),
  };
}

const byEvent = (begun: readonly Begun[]): Answers =>
  new Map(
    begun.flatMap(({ reader, answer }) => eventsOf(reader).map((id) => [id, answer] as const)),
  );

function answerTo(one: Suspect | Excused, { quarantined, revoked }: Done): Answer {
  if (isExcused(one)) return { word: 'notified', why: one.why };
  const { judged, proof, spared } = one;
  const { id } = judged.case.call;
  const answer = quarantined.get(id) ?? {
    word: 'notified',
    why: ['nothing of it may be denied', ...spared].join('; '),
  };
  const { besides: more = [], ...revocation } = revoked.get(id) ?? {};
  const besides = [
    ...(answer.besides ?? []),
    ...(answer.quarantine ? spared : []),
    ...(proof ? [proof] : []),
    ...more,
  ];
  return { ...answer, ...revocation, ...(besides.length > 0 ? { besides } : {}) };
}
