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
    chunks(all).map((some) => messageOf(environment, kind, some)),
  );
}

function chunks(all: readonly OfKey[]): OfKey[][] {
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
};

function messageOf(environment: string, kind: NoticeKind, some: readonly OfKey[]): Message {
  const keys = [...new Set(some.map(({ key }) => key))];
  const told = withoutRepeats(some.map(({ notice }) => notice));
  const [first] = told;
  const whose =
    keys.length === 1
      ? `Amplitude key ${environment}/${keys[0]}`
      : `${keys.length} Amplitude keys of ${environment}`;
  const subject = told.length === 1 && first ? first.subject : `${whose}: ${HEADLINE[kind]}`;
  const parts = told.map(({ happened, details = [], todo }) => ({
    happened: [happened, ...details],
    ...(todo ? { todo } : {}),
  }));
  return { keys, notice: { subject, parts } };
}

/** What all keys depend on is found at each of them, and told once. */
function withoutRepeats(notices: readonly KeyNotice[]): KeyNotice[] {
  return [
    ...new Map(notices.map((notice) => [`${notice.happened}${notice.todo}`, notice])).values(),
  ];
}
