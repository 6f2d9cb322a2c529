import type { KeysError } from '../../errors.ts';
import type { Kept } from '../../quarantine/quarantine.ts';
import type { Known } from '../known.ts';
import type { Memory } from '../ports.ts';
import type { Trouble } from '../trouble.ts';
import { isLeftTo, type Turn } from '../turn.ts';
import type { Answer } from './answer.ts';
import { type Begun, eventsOf } from './begin.ts';
import { type CarriedOut, type CarryOutPorts, carryOut, secretsOf } from './carry-out.ts';

export interface EnforcePorts extends CarryOutPorts {
  readonly memory: Memory;
}

/**
 * Carries out the quarantines in force. What was done once isn't done again for each late event of a
 * reader; what failed is done again, since its messages come again.
 */
export async function enforce(
  ports: EnforcePorts,
  begun: readonly Begun[],
  known: Known,
  turn: Turn,
  trouble: Trouble,
): Promise<readonly Begun[]> {
  const due = await dueIn(ports.memory, begun, turn, trouble);
  if (due.length === 0) return begun;
  const done = await carryOut(ports, due, known, turn.now);
  for (const kept of due) {
    const failures = failuresOf(kept, done);
    const theirs = begun.filter((one) => one.kept?.id === kept.id);
    const events = theirs.flatMap(({ reader }) => eventsOf(reader));
    for (const failure of failures) trouble.add(failure, events);
    if (failures.length > 0) continue;
    const settled = ports.memory.settle(workOf(kept), new Date(kept.until));
    // It is only done again then
    await settled.catch((error) => trouble.add(error, []));
  }
  if (done.unmarked) trouble.add(done.unmarked, []);
  const secrets = secretsOf(known, ports.environment).length;
  return begun.map((one) =>
    due.some(({ id }) => id === one.kept?.id)
      ? { ...one, answer: answerBy(one.answer, done, secrets) }
      : one,
  );
}

/** Those that nobody has carried out yet. Without an answer of the table better twice than never. */
async function dueIn(
  memory: Memory,
  begun: readonly Begun[],
  turn: Turn,
  trouble: Trouble,
): Promise<Kept[]> {
  const inForce = new Map(begun.flatMap(({ kept }) => (kept ? [[kept.id, kept] as const] : [])));
  const claimed = [...inForce.values()].map(async (kept) => {
    const isLeft = await isLeftTo(turn, workOf(kept), memory).catch((error) => {
      trouble.add(error, []);
      return true;
    });
    return isLeft ? [kept] : [];
  });
  return (await Promise.all(claimed)).flat();
}

const workOf = ({ id, at }: Kept) => `quarantine ${id} ${at}`;

const failuresOf = ({ id }: Kept, { untagged, unannounced }: CarriedOut): KeysError[] =>
  [...untagged.values(), unannounced.get(id)].filter((failure) => failure !== undefined);

const MOST_NAMED = 5;

function answerBy(answer: Answer, { untagged, unannounced }: CarriedOut, secrets: number): Answer {
  const { quarantine } = answer;
  const codes = [...new Set([...untagged.values()].map(({ code }) => code))].join(', ');
  const bus = unannounced.get(quarantine?.id ?? '');
  const besides = bus ? [`the event bus was not told yet (${bus.code})`] : [];
  if (untagged.size === 0) return { ...answer, hasBegun: true, besides };
  if (untagged.size === secrets) {
    const why = `no tag of a secret could be set (${codes}), which is tried again within minutes`;
    return { word: 'notified', why, besides };
  }
  const more = untagged.size > MOST_NAMED ? ` and ${untagged.size - MOST_NAMED} more` : '';
  const named = [...untagged.keys()].slice(0, MOST_NAMED).join(', ');
  const open = `${named}${more} can be read until their tags are set (${codes}), which is tried again within minutes`;
  return { ...answer, hasBegun: true, besides: [open, ...besides] };
}
