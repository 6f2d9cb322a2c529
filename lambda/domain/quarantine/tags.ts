import { QUARANTINE_MARK, QUARANTINE_TAGS, tag } from '../../contract.ts';
import { keyless, mayHoldKey } from '../keyless.ts';
import { type Denied, isInForce, type Kept } from './quarantine.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Tag.html */
const MOST_CHARACTERS = 256;
const WORD = /^[\w+=.:/@-]+$/;

/** What policies put in place of what a request doesn't have. */
const NOTHING = 'none';

/**
 * ECS names the session of a task by the task's id, which looks like a key: without it nothing but
 * the address of a stolen one could be denied. It is told nowhere.
 * https://github.com/aws/amazon-ecs-agent/issues/3498
 */
const TASK = /^[A-Z\d]+:[\da-f]{32}$/;

/** Whether a tag can name it. A session's name is its caller's choice, a comma or a key among it. */
const isWord = (text: string | undefined): text is string =>
  text !== undefined &&
  WORD.test(text) &&
  (TASK.test(text) || !mayHoldKey(text)) &&
  ![NOTHING, QUARANTINE_MARK].includes(text);

/** A path makes an ARN long: better all sessions of a role are denied than its address too. */
const TARGETS: readonly (readonly (keyof Denied)[])[] = [
  ['session', 'principal', 'address'],
  ['session', 'principal'],
  ['session', 'address'],
  ['address'],
];

/** As much of a target as a tag can name; undefined: nothing of it. */
export function deniable(denied: Denied): Denied | undefined {
  const possible = TARGETS.map((names) => pick(denied, names));
  return possible.find((one) => wordsOf(one).length > 0 && fits(wordsOf(one)));
}

const pick = (denied: Denied, names: readonly (keyof Denied)[]): Denied =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = denied[name];
      return isWord(text) ? [[name, text]] : [];
    }),
  );

/** A role that is denied needs no word for its session. */
export function wordsOf({ session, principal, address }: Denied): string[] {
  const [who] = [principal, session].filter(isWord);
  return [who, address].filter(isWord);
}

/** As people are told. */
export const wordsTold = (denied: Denied) => wordsOf(denied).map(keyless);

/** Of all that are in force. */
const wordsInForce = (quarantines: readonly Kept[], now: Date): ReadonlySet<string> =>
  new Set(
    quarantines.filter((one) => isInForce(one, now)).flatMap(({ denied }) => wordsOf(denied)),
  );

/** The tag that has room for a target; undefined: none has. */
export function slotFor(
  denied: Denied,
  quarantines: readonly Kept[],
  now: Date,
): number | undefined {
  const words = wordsOf(denied);
  if (words.length === 0) return undefined;
  return SLOTS.find((slot) => fits([...wordsIn(slot, quarantines, now), ...words]));
}

/** Numbers of the tags. */
export const SLOTS: readonly number[] = Array.from(
  { length: QUARANTINE_TAGS },
  (_, index) => index + 1,
);

const wordsIn = (slot: number, quarantines: readonly Kept[], now: Date) =>
  wordsInForce(
    quarantines.filter((one) => one.slot === slot),
    now,
  );

const textOf = (words: Iterable<string>) =>
  [QUARANTINE_MARK, ...new Set(words), QUARANTINE_MARK].join(' ');

const fits = (words: readonly string[]) => textOf(words).length <= MOST_CHARACTERS;

export type Tags = Readonly<Record<string, string>>;

/** The tags by which every secret denies those in force; what isn't among them is to be off. */
export function tagsFor(quarantines: readonly Kept[], now: Date): Tags {
  const all = SLOTS.map((slot) => [slot, wordsIn(slot, quarantines, now)] as const);
  return Object.fromEntries(
    all.flatMap(([slot, words]) => (words.size > 0 ? [[tag.quarantine(slot), textOf(words)]] : [])),
  );
}

export interface TagChange {
  readonly set: Tags;
  readonly off: readonly string[];
}

/** What makes these tags as they are wanted, whatever a secret has now. */
export function settingOf(slots: readonly number[], wanted: Tags): TagChange {
  const names = slots.map(tag.quarantine);
  const set = Object.entries(wanted).filter(([name]) => names.includes(name));
  return { set: Object.fromEntries(set), off: names.filter((name) => !(name in wanted)) };
}

/** What a secret lacks of the wanted tags, and has beyond them; undefined: nothing. */
export function differenceOf(
  present: ReadonlyMap<string, string>,
  wanted: Tags,
): TagChange | undefined {
  const all = settingOf(SLOTS, wanted);
  const set = Object.fromEntries(
    Object.entries(all.set).filter(([name, value]) => present.get(name) !== value),
  );
  const off = all.off.filter((name) => present.has(name));
  return Object.keys(set).length + off.length > 0 ? { set, off } : undefined;
}
