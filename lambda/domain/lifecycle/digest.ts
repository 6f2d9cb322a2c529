import type { Notice } from '../ports.ts';
import type { KeyNotice, NoticeKind } from './action.ts';

/** A chat shows 8,000 characters of a message. */
const MOST_PER_MESSAGE = 20;

/** A message and the keys it speaks of: none of them may be acted on unless it was sent. */
export interface Message {
  readonly notice: Notice;
  readonly keys: readonly string[];
}

export interface OfKey {
  readonly key: string;
  readonly notice: KeyNotice;
}

/** One message per kind of notice, so that a hundred keys of one age don't write a hundred mails. */
export function digest(environment: string, notices: readonly OfKey[]): Message[] {
  const byKind = Map.groupBy(notices, ({ notice }) => notice.kind);
  return [...byKind].flatMap(([kind, all]) =>
    chunks(withoutRepeats(all)).map((some) => messageOf(environment, kind, some)),
  );
}

/** A notice, and all keys at which it was found. */
interface Told {
  readonly keys: readonly string[];
  readonly notice: KeyNotice;
}

/** What all keys depend on is found at each of them, and told once. */
function withoutRepeats(all: readonly OfKey[]): Told[] {
  const same = Map.groupBy(all, ({ notice }) => `${notice.happened}${notice.todo}`);
  return [...same.values()].flatMap((some) => {
    const [first] = some;
    return first ? [{ keys: some.map(({ key }) => key), notice: first.notice }] : [];
  });
}

function chunks(all: readonly Told[]): Told[][] {
  const count = Math.ceil(all.length / MOST_PER_MESSAGE);
  return Array.from({ length: count }, (_, at) =>
    all.slice(at * MOST_PER_MESSAGE, (at + 1) * MOST_PER_MESSAGE),
  );
}

const HEADLINE: Readonly<Record<NoticeKind, string>> = {
  revoke: 'to be revoked at Amplitude',
  'still-accepted': 'still not revoked at Amplitude',
  retired: 'retired',
  stage: 'next key to be staged',
  healed: 'dead rotations cleared',
  adopted: 'given their retention',
  finding: 'worth a look',
  readers: 'readers worth a look',
};

function messageOf(environment: string, kind: NoticeKind, some: readonly Told[]): Message {
  const keys = [...new Set(some.flatMap((one) => one.keys))];
  const [first] = some;
  const subject =
    some.length === 1 && first
      ? first.notice.subject
      : `${whoseOf(environment, some)}: ${HEADLINE[kind]}`;
  const parts = some.map(({ notice: { happened, details = [], todo } }) => ({
    happened: [happened, ...details],
    ...(todo ? { todo } : {}),
  }));
  return { keys, notice: { subject, parts } };
}

function whoseOf(environment: string, some: readonly Told[]): string {
  if (some.some(({ notice }) => notice.ofAll)) return `Amplitude environment ${environment}`;
  const keys = new Set(some.flatMap((one) => one.keys));
  const [only] = keys;
  return keys.size === 1
    ? `Amplitude key ${environment}/${only}`
    : `${keys.size} Amplitude keys of ${environment}`;
}
