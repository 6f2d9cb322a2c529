import { KEYS, type World } from '../../lambda/world.ts';
import { inWords, type KeyWord, keyOf } from './sight.ts';

/** How often each message was sent and each transition written down. */
export interface Records {
  readonly mail: ReadonlyMap<string, number>;
  readonly trail: ReadonlyMap<string, number>;
}

export interface Amiss {
  readonly promise: string;
  readonly seen: string;
}

export const MAIL = 'No message is missing or doubled beyond one';
export const TRAIL = 'The audit trail has each transition, doubled once at most';

export function recordsOf(world: World): Records {
  const subjects = world.aws.sns.published.map(({ subject = '' }) => inWords(subject));
  const lines = world.trail().map(({ transition, fingerprint = '', versionId }) => {
    // A line about a version that couldn't be read has no fingerprint
    const key = fingerprint ? inWords(fingerprint) : keyOf(world, versionId ?? '');
    return `${transition} ${key}`;
  });
  return { mail: counted(subjects), trail: counted(lines) };
}

export const counted = (all: readonly string[]) =>
  new Map([...Map.groupBy(all, (one) => one)].map(([one, { length }]) => [one, length]));

/** Told because a call really failed: AWS didn't answer, or didn't let it read. */
const ABOUT_THE_FAULT =
  /needs a look: (cmk unknown|unreadable|version unreadable|service unknown)$/;

/** Whoever is run again may say a thing once more, and never leaves it out. */
export function brokenRecords(
  found: Records,
  quiet: Records,
  meanwhile: RegExp | undefined,
): Amiss[] {
  const isMeant = (subject: string) =>
    ABOUT_THE_FAULT.test(subject) || meanwhile?.test(subject) === true;
  const once = (_: string, due: number) => (due > 0 ? 1 : 0);
  const mailMore = (subject: string, due: number) => (isMeant(subject) ? 1 : once(subject, due));
  return differences(found, quiet, { mail: mailMore, trail: once });
}

/** When nothing fails, nothing is said once more either. */
export function unlikeQuiet(found: Records, quiet: Records): Amiss[] {
  const none = () => 0;
  return differences(found, quiet, { mail: none, trail: none });
}

/** How often something may be there beyond what is due. */
type More = (one: string, due: number) => number;

const differences = (found: Records, quiet: Records, more: Record<'mail' | 'trail', More>) => [
  ...differing(found.mail, quiet.mail, more.mail).map((seen) => ({ promise: MAIL, seen })),
  ...differing(found.trail, quiet.trail, more.trail).map((seen) => ({ promise: TRAIL, seen })),
];

function differing(
  found: ReadonlyMap<string, number>,
  quiet: ReadonlyMap<string, number>,
  more: More,
): string[] {
  const all = [...new Set([...found.keys(), ...quiet.keys()])];
  return all.flatMap((one) => {
    const [times, due] = [found.get(one) ?? 0, quiet.get(one) ?? 0];
    const isRight = times >= due && times <= due + more(one, due);
    return isRight ? [] : [`${times} times, ${due} in a quiet run: ${one}`];
  });
}

/** Of one event, and named in its subject or, of a rotation, in its text. */
const OF_AN_EVENT = /^Revoke |^EMERGENCY: |is retired$| rotated$/;

/**
 * Two at the same time may both say a thing, and nobody says it a third time, but the operator who
 * repeats a revocation writes down once more what became of the leaked key.
 */
export function saidTooOften(world: World, leaked: readonly KeyWord[]): Amiss[] {
  const most = (one: string) => (leaked.some((key) => one.includes(` ${key}`)) ? 3 : 2);
  const told = world.aws.sns.published
    .filter(({ subject = '' }) => OF_AN_EVENT.test(subject))
    .map(({ subject = '', message }) => inWords(`${subject}${promotedIn(message)}`));
  return [
    ...beyond(() => 2, counted(told)).map((seen) => ({ promise: MAIL, seen })),
    ...beyond(most, recordsOf(world).trail).map((seen) => ({ promise: TRAIL, seen })),
  ];
}

const promotedIn = (message: string) => message.match(/ is now \w+/)?.[0] ?? '';

const beyond = (most: (one: string) => number, found: ReadonlyMap<string, number>) =>
  [...found]
    .filter(([one, times]) => times > most(one))
    .map(([one, times]) => `${times} times: ${one}`);

/** Keys in whatever was printed, sent or written down. */
export function printedKeys(world: World): Amiss[] {
  const { printed, aws } = world;
  const sent = aws.sns.published.flatMap(({ subject = '', message }) => [subject, message]);
  const told = [...world.trail(), ...aws.events.taken].map((line) => JSON.stringify(line));
  const all = [...printed, ...sent, ...told].join('\n');
  return Object.entries(KEYS)
    .filter(([, key]) => all.includes(key))
    .map(([seen]) => ({ promise: 'No key is printed', seen }));
}

const ASKED =
  /(?:The retention is over:|Compromised since \S+) key (\w+)|Key (\w+) \([^)]*\) of \S+ was declared/g;

/** Keys whose Revoke a message asks for: a sweep's or an emergency's. */
export const askedToRevoke = (message: string): KeyWord[] =>
  [...message.matchAll(ASKED)].map(([, over, declared]) => (over ?? declared) as KeyWord);
