import type { GuardRules } from '../../../contract.ts';
import { asKeysError, type KeysError } from '../../errors.ts';
import { type Added, add, type ChangePorts } from '../../quarantine/change.ts';
import type { Kept } from '../../quarantine/quarantine.ts';
import type { Trouble } from '../trouble.ts';
import type { Answer } from './answer.ts';
import { quarantineOf, type Reader, withoutKnown } from './quarantine-plan.ts';

/** What became of the quarantine of one reader. */
export interface Begun {
  readonly reader: Reader;
  readonly answer: Answer;
  /** As it is kept, if it is in force. */
  readonly kept?: Kept;
}

export interface BeginPorts extends ChangePorts {
  readonly rules: GuardRules;
}

/** What would begin, as far as that can be told without beginning it. */
export function wouldBegin(readers: readonly Reader[], rules: GuardRules, now: Date): Begun[] {
  return readers.map((reader, index) => {
    const [first] = reader;
    if (index >= rules.mostQuarantinesAnHour) {
      return { reader, answer: { word: 'notified', why: limitTold(rules) } };
    }
    const quarantine = quarantineOf(first, rules, now);
    return { reader, answer: { word: 'would-quarantine', quarantine } };
  });
}

/**
 * Adds a quarantine of each reader to the desired ones, one after the other. Where the table gives no
 * answer the messages come again.
 */
export async function begin(
  ports: BeginPorts,
  readers: readonly Reader[],
  now: Date,
  trouble: Trouble,
): Promise<Begun[]> {
  const { rules } = ports;
  const begun: Begun[] = [];
  let failure: KeysError | undefined;
  for (const reader of readers) {
    // What has failed once would only cost the others their time
    const added = failure ?? (await addOne(ports, reader, now).catch(asKeysError));
    if (added instanceof Error) {
      failure = added;
      trouble.add(added, eventsOf(reader));
      const why = `it could not be kept (${added.code}), which is tried again within minutes`;
      begun.push({ reader, answer: { word: 'notified', why } });
    } else begun.push({ reader, ...begunBy(added, rules) });
  }
  return begun;
}

async function addOne(ports: BeginPorts, [first]: Reader, now: Date): Promise<Added> {
  const { rules } = ports;
  const { quarantines } = await ports.quarantines.all();
  const wanted = withoutKnown(quarantineOf(first, rules, now), quarantines, now);
  return add(ports, wanted, { now, mostAnHour: rules.mostQuarantinesAnHour });
}

export const eventsOf = (reader: Reader) => reader.map(({ judged }) => judged.case.call.id);

function begunBy(added: Added, rules: GuardRules): Omit<Begun, 'reader'> {
  if (!('quarantine' in added)) return { answer: heldBack(added.word, rules) };
  const { word, quarantine } = added;
  if (word === 'released') {
    const { id, releasedAt, until } = quarantine;
    const why = `its quarantine ${id} was ended at ${releasedAt} by hand, so that none begins again before ${until}`;
    return { answer: { word: 'notified', why } };
  }
  return { answer: { word: 'quarantined', quarantine }, kept: quarantine };
}

const limitTold = ({ mostQuarantinesAnHour }: GuardRules) =>
  `${mostQuarantinesAnHour} quarantines began within the hour, and no more may (mostQuarantinesAnHour)`;

const heldBack = (word: 'limit' | 'full', rules: GuardRules): Answer => ({
  word: 'notified',
  isHeldBack: true,
  why:
    word === 'limit'
      ? limitTold(rules)
      : 'the tags of the secrets, by which readers are denied, have no room for it; npx keyctl quarantine list tells who is',
});
