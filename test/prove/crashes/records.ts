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
const ABOUT_THE_FAULT = /needs a look: (cmk unknown|unreadable|version unreadable)$/;

/** Whoever is run again may say a thing once more, and never leaves it out. */
export function brokenRecords(
  found: Records,
  usual: Records,
  meanwhile: RegExp | undefined,
): Amiss[] {
  const isMeant = (subject: string) =>
    ABOUT_THE_FAULT.test(subject) || meanwhile?.test(subject) === true;
  return [
    ...differences(found.mail, usual.mail, isMeant).map((seen) => ({ promise: MAIL, seen })),
    ...differences(found.trail, usual.trail).map((seen) => ({ promise: TRAIL, seen })),
  ];
}

function differences(
  found: ReadonlyMap<string, number>,
  usual: ReadonlyMap<string, number>,
  isMeant: (one: string) => boolean = () => false,
): string[] {
  const all = [...new Set([...found.keys(), ...usual.keys()])];
  return all.flatMap((one) => {
    const [times, due] = [found.get(one) ?? 0, usual.get(one) ?? 0];
    const most = due > 0 || isMeant(one) ? due + 1 : 0;
    return times < due || times > most ? [`${times} times, ${due} in a quiet run: ${one}`] : [];
  });
}

/** Keys in whatever was printed, sent or written down. */
export function printedKeys(world: World): Amiss[] {
  const { printed, aws } = world;
  const sent = aws.sns.published.flatMap(({ subject = '', message }) => [subject, message]);
  const all = [...printed, ...sent, ...world.trail().map((line) => JSON.stringify(line))].join(
    '\n',
  );
  return Object.entries(KEYS)
    .filter(([, key]) => all.includes(key))
    .map(([seen]) => ({ promise: 'No key is printed', seen }));
}

const ASKED =
  /(?:The retention is over:|Compromised since \S+) key (\w+)|Key (\w+) \([^)]*\) of \S+ was declared/g;

/** Keys whose Revoke a message asks for: a sweep's or an emergency's. */
export const askedToRevoke = (message: string): KeyWord[] =>
  [...message.matchAll(ASKED)].map(([, over, declared]) => (over ?? declared) as KeyWord);
