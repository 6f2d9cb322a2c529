import type { QuarantineReport } from '../../payloads.ts';
import { KeysError } from '../errors.ts';
import { HOUR } from '../key-state.ts';
import type { Quarantines } from './ports.ts';
import { type Desired, isInForce, isOver, type Kept } from './quarantine.ts';
import { slotFor, wordsOf, wordsTold } from './tags.ts';

export interface ChangePorts {
  readonly environment: string;
  readonly quarantines: Quarantines;
}

/** What became of a quarantine that was to begin. */
export type Added =
  /**
   * It is among the desired ones. `there already`: by that quarantine, whose tags may be missing
   * still if whoever added it has died.
   */
  | { readonly word: 'added' | 'there already'; readonly quarantine: Kept }
  /** Somebody ended it before its time, so that it doesn't begin again until then. */
  | { readonly word: 'released'; readonly quarantine: Kept }
  /** So many began within the last hour; or no tag has room for it. */
  | { readonly word: 'limit' | 'full' };

export interface Adding {
  readonly now: Date;
  /** So many may begin within an hour. */
  readonly mostAnHour: number;
}

/**
 * Adds a quarantine to the desired ones, unless its words are denied already.
 * @throws KeysError QUARANTINES_BUSY, or what the table's failure is called everywhere
 */
export const add = (
  ports: ChangePorts,
  quarantine: QuarantineReport,
  adding: Adding,
): Promise<Added> =>
  change<Added>(ports, ({ quarantines }) => planAdding(quarantines, quarantine, adding));

/** An item of a table has 400 KiB. */
const MOST_KEPT = 100;

function planAdding(
  all: readonly Kept[],
  quarantine: QuarantineReport,
  { now, mostAnHour }: Adding,
): Change<Added> {
  const before = still(all, now);
  const there = covering(before.filter(isNotReleased), quarantine);
  if (there) return { answer: { word: 'there already', quarantine: there } };
  const released = covering(
    before.filter((one) => !isNotReleased(one)),
    quarantine,
  );
  if (released) return { answer: { word: 'released', quarantine: released } };
  const begun = before.filter(({ at }) => now.getTime() - new Date(at).getTime() < HOUR);
  if (begun.length >= mostAnHour) return { answer: { word: 'limit' } };
  const slot = slotFor(quarantine.denied, before, now);
  if (!slot || before.length >= MOST_KEPT) return { answer: { word: 'full' } };
  const added: Kept = { ...quarantine, at: now.toISOString(), isAnnounced: false, slot };
  return { answer: { word: 'added', quarantine: added }, to: [...before, added] };
}

const isNotReleased = ({ releasedAt }: Kept) => releasedAt === undefined;

/** Those that still matter: to whom they deny, and to how many began lately. */
const still = (all: readonly Kept[], now: Date) =>
  all.filter((one) => !isOver(one, now) || now.getTime() - new Date(one.at).getTime() < HOUR);

/** One of these, if together they have all words of the other. */
function covering(some: readonly Kept[], { denied }: QuarantineReport): Kept | undefined {
  const words = wordsOf(denied);
  const theirs = some.map((one) => wordsOf(one.denied));
  const isAll = words.length > 0 && words.every((word) => theirs.flat().includes(word));
  return isAll ? some.find((_, at) => theirs[at]?.includes(words[0] ?? '')) : undefined;
}

/**
 * Ends a quarantine before its time; one that was ended already is answered again, since its tags
 * may still be there.
 * @throws KeysError QUARANTINE_NOT_FOUND naming those that there are, QUARANTINES_BUSY, or what the
 * table's failure is called everywhere
 */
export const release = (ports: ChangePorts, id: string, now: Date): Promise<Released> =>
  change<Released>(ports, ({ quarantines }) => {
    const before = still(quarantines, now);
    const found = before.find((one) => one.id === id && !isOver(one, now));
    if (!found) throw notFound(ports.environment, id, before, now);
    if (found.releasedAt) return { answer: releasedOf(found, before, now) };
    const released: Kept = { ...found, releasedAt: now.toISOString() };
    const to = before.map((one) => (one === found ? released : one));
    return { answer: releasedOf(released, to, now), to };
  });

export interface Released {
  readonly quarantine: Kept;
  /** Ids of those that still deny something of it. */
  readonly stillDeniedBy: readonly string[];
}

function releasedOf(quarantine: Kept, all: readonly Kept[], now: Date): Released {
  const words = wordsOf(quarantine.denied);
  const others = all.filter(
    (one) => isInForce(one, now) && wordsOf(one.denied).some((word) => words.includes(word)),
  );
  return { quarantine, stillDeniedBy: others.map(({ id }) => id) };
}

function notFound(environment: string, id: string, all: readonly Kept[], now: Date): KeysError {
  const there = all
    .filter((one) => isInForce(one, now))
    .map((one) => `${one.id} (${wordsTold(one.denied).join(', ')})`);
  return new KeysError(
    'QUARANTINE_NOT_FOUND',
    `There is no quarantine ${id} in environment ${environment}; nothing was changed. There are: ${there.join('; ') || 'none'}.`,
    { environment },
  );
}

/** Takes those away that are over, and answers the desired ones. */
export const dropExpired = (ports: ChangePorts, now: Date): Promise<Desired['quarantines']> =>
  change(ports, ({ quarantines }) => {
    const answer = still(quarantines, now);
    return answer.length < quarantines.length ? { answer, to: answer } : { answer };
  });

/** Keeps that the event bus was told of these. */
export const markAnnounced = (ports: ChangePorts, ids: readonly string[]): Promise<void> =>
  change<void>(ports, ({ quarantines }) => {
    const isNew = (one: Kept) => ids.includes(one.id) && !one.isAnnounced;
    if (!quarantines.some(isNew)) return { answer: undefined };
    const to = quarantines.map((one) => (isNew(one) ? { ...one, isAnnounced: true } : one));
    return { answer: undefined, to };
  });

interface Change<Answer> {
  readonly answer: Answer;
  /** Absent: nothing is to change. */
  readonly to?: readonly Kept[];
}

/** As often as others may come first. */
const TRIES = 10;

async function change<Answer>(
  { environment, quarantines }: ChangePorts,
  decide: (desired: Desired) => Change<Answer>,
): Promise<Answer> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const desired = await quarantines.all();
    const { answer, to } = decide(desired);
    if (!to || (await quarantines.change(to, desired.version))) return answer;
  }
  throw busy(environment);
}

export const busy = (environment: string) =>
  new KeysError(
    'QUARANTINES_BUSY',
    `Others changed the quarantines of environment ${environment} all the time. It is safe to run again in a minute; the hourly sweep sees to the tags.`,
    { environment },
  );
