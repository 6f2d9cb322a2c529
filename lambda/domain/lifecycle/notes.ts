import { handOverNote, NOTE_TAG_PREFIX } from '../../contract.ts';
import type { VerdictWord } from '../../payloads.ts';
import type { Fingerprint } from '../secret-value.ts';

export const AWAITING = `${NOTE_TAG_PREFIX}awaiting-`;
export const FINDING = `${NOTE_TAG_PREFIX}finding-`;

/** Tags in which a sweep keeps what it first saw and what it said, so that it says a thing once. */
export const note = {
  /** The AWSPENDING first sighted: version and time. */
  pending: `${NOTE_TAG_PREFIX}pending`,
  /** The reminder sent last: due date and step. */
  reminder: `${NOTE_TAG_PREFIX}reminder`,
  /** Fingerprints of the staged keys that the audit trail knows of. */
  staged: `${NOTE_TAG_PREFIX}staged`,
  /** The current version that the audit trail knows of. */
  promoted: `${NOTE_TAG_PREFIX}promoted`,
  /** What Amplitude said of the current key last. */
  checked: `${NOTE_TAG_PREFIX}checked`,
  /** Since when reads are to be locked down: the sweep puts a lost lockdown tag back. */
  lockdown: `${NOTE_TAG_PREFIX}lockdown`,
  /** The version that was current when it was declared compromised last, and when. */
  leak: `${NOTE_TAG_PREFIX}leak`,
  /** A rollback under way: the wrong version, the right one, and when it began. */
  rollback: `${NOTE_TAG_PREFIX}rollback`,
  /** What came of asking who reads the key, and when. */
  readers: `${NOTE_TAG_PREFIX}readers`,
  ...handOverNote,
  awaiting: (versionId: string) => `${AWAITING}${versionId.slice(0, 8)}`,
  finding: (code: string) => `${FINDING}${code}`,
} as const;

type Tags = ReadonlyMap<string, string>;

/** A name and when it was first seen or last told. */
export interface Mark {
  readonly id: string;
  readonly at: Date;
}

/** Whatever can't be read counts as never written. */
export function markIn(tags: Tags, tag: string): Mark | undefined {
  const [id = '', time] = (tags.get(tag) ?? '').split(' ');
  const at = dateIn(time);
  return at ? { id, at } : undefined;
}

export const formatMark = ({ id, at }: Mark) => `${id} ${at.toISOString()}`;

/** What Amplitude said of a key when it gave an answer last. */
export interface LastCheck extends Mark {
  readonly word: VerdictWord;
}

export function lastCheckIn(tags: Tags): LastCheck | undefined {
  const mark = markIn(tags, note.checked);
  const word = tags.get(note.checked)?.split(' ')[2];
  return mark && (word === 'accepted' || word === 'rejected') ? { ...mark, word } : undefined;
}

export const formatLastCheck = (check: LastCheck) => `${formatMark(check)} ${check.word}`;

/** What is remembered of a version that awaits its revocation. */
export interface AwaitingNote {
  /** When its retention was over. */
  readonly since: Date;
  /** A person was asked to press Revoke. */
  readonly asked: boolean;
  /** Days after `since` of the latest escalation; 0 before the first. */
  readonly told: number;
  /** Since when Amplitude has rejected it at every check. */
  readonly rejectedSince?: Date;
  /** All of a revocation by command was done. @default false */
  readonly revoked?: boolean;
  /** Of a key that must not be promoted again, told here since its value may be unreadable. */
  readonly fingerprint?: Fingerprint;
}

/** Of the characters that a tag's value may have. */
export function formatAwaiting({ since, asked, told, ...more }: AwaitingNote): string {
  const { rejectedSince, revoked, fingerprint } = more;
  return [
    `since=${since.toISOString()}`,
    `asked=${asked ? 'yes' : 'no'}`,
    `told=${told}`,
    ...(rejectedSince ? [`rejected=${rejectedSince.toISOString()}`] : []),
    ...(revoked ? ['revoked=yes'] : []),
    ...(fingerprint ? [`fingerprint=${fingerprint}`] : []),
  ].join(' ');
}

/** Keys that leaked or were rolled back and whose end isn't proved yet. */
export function barredIn(tags: Tags): Fingerprint[] {
  return [...tags.keys()]
    .filter((tag) => tag.startsWith(AWAITING))
    .flatMap((tag) => awaitingIn(tags, tag.slice(AWAITING.length))?.fingerprint ?? []);
}

const A_DAY = 86_400_000;

/** A rollback that began and hasn't ended; after a day it counts as given up. */
export function rollbackIn(tags: Tags, now: Date): { wrong: string; right: string } | undefined {
  const [wrong = '', right = '', time] = (tags.get(note.rollback) ?? '').split(' ');
  const at = dateIn(time);
  return at && now.getTime() - at.getTime() < A_DAY ? { wrong, right } : undefined;
}

/** Whatever can't be read counts as never written: the asking then begins again. */
export function awaitingIn(tags: Tags, versionId: string): AwaitingNote | undefined {
  const text = tags.get(note.awaiting(versionId)) ?? '';
  const words = new Map(text.split(' ').map((word) => split(word)));
  const since = dateIn(words.get('since'));
  const rejectedSince = dateIn(words.get('rejected'));
  const fingerprint = words.get('fingerprint');
  if (!since) return undefined;
  return {
    since,
    asked: words.get('asked') === 'yes',
    told: daysIn(words.get('told')),
    ...(rejectedSince ? { rejectedSince } : {}),
    ...(words.get('revoked') === 'yes' ? { revoked: true } : {}),
    ...(fingerprint ? { fingerprint } : {}),
  };
}

const split = (word: string): [string, string] => {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
};

/** As a sweep wrote it: of a time that was cut short, an earlier one could be read. */
function dateIn(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '');
  return !Number.isNaN(date.getTime()) && date.toISOString() === text ? date : undefined;
}

const daysIn = (text = '') => (/^\d{1,5}$/.test(text) ? Number(text) : 0);
