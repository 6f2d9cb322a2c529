import { NOTE_TAG_PREFIX } from '../../contract.ts';
import type { VerdictWord } from '../../payloads.ts';

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
}

/** Of the characters that a tag's value may have. */
export function formatAwaiting({ since, asked, told, rejectedSince }: AwaitingNote): string {
  const rejected = rejectedSince ? [`rejected=${rejectedSince.toISOString()}`] : [];
  const words = [`since=${since.toISOString()}`, `asked=${asked ? 'yes' : 'no'}`, `told=${told}`];
  return [...words, ...rejected].join(' ');
}

/** Whatever can't be read counts as never written: the asking then begins again. */
export function awaitingIn(tags: Tags, versionId: string): AwaitingNote | undefined {
  const text = tags.get(note.awaiting(versionId)) ?? '';
  const words = new Map(text.split(' ').map((word) => split(word)));
  const since = dateIn(words.get('since'));
  const rejectedSince = dateIn(words.get('rejected'));
  if (!since) return undefined;
  return {
    since,
    asked: words.get('asked') === 'yes',
    told: Number(words.get('told')) || 0,
    ...(rejectedSince ? { rejectedSince } : {}),
  };
}

const split = (word: string): [string, string] => {
  const at = word.indexOf('=');
  return [word.slice(0, at), word.slice(at + 1)];
};

function dateIn(text: string | undefined): Date | undefined {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date;
}
