import type { KeyReport, VersionReport } from '../../lambda/payloads.ts';
import type { View } from './terminal.ts';

export interface Mark {
  readonly kind: 'promoted' | 'today' | 'due' | 'staged' | 'retained' | 'awaiting' | 'rejected';
  readonly glyph: string;
  readonly label: string;
  readonly at: Date;
  readonly paint: (text: string) => string;
}

const plain = (text: string) => text;

/** What happened to a key and what will, earliest first; nothing while it has no promoted key. */
export function marksOf(key: KeyReport, { now, paint }: View): Mark[] {
  const { promotedAt, dueAt, versions, staged } = key;
  if (promotedAt === undefined) return [];
  const overdue = dueAt !== undefined && new Date(dueAt) < now;
  const marks = [
    mark('promoted', '●', 'promoted', promotedAt, paint.green),
    ...versions.flatMap(marksOfVersion),
    ...staged.flatMap(({ stagedAt }) => mark('staged', '◆', 'staged', stagedAt, paint.cyan)),
    overdue
      ? mark('due', '○', 'overdue since', dueAt, paint.red)
      : mark('due', '○', 'due', dueAt, plain),
    mark('today', '▲', 'today', now.toISOString(), paint.bold),
  ].flat();
  return marks.sort((a, b) => a.at.getTime() - b.at.getTime());
}

/** A finishSecret that died before the move leaves a deadline on the current key; it means nothing. */
function marksOfVersion({ state, ...version }: VersionReport): Mark[] {
  const { retainedUntil, awaitingSince, rejectedSince } = version;
  if (state === 'retained') return mark('retained', '◇', 'retained until', retainedUntil, plain);
  if (state !== 'awaiting-revocation') return [];
  return [
    ...mark('awaiting', '□', 'awaiting revocation', awaitingSince, plain),
    ...mark('rejected', '■', 'rejected', rejectedSince, plain),
  ];
}

/** Nothing when the time isn't known. */
function mark(
  kind: Mark['kind'],
  glyph: string,
  label: string,
  at: string | undefined,
  paint: Mark['paint'],
): Mark[] {
  return at === undefined ? [] : [{ kind, glyph, label, at: new Date(at), paint }];
}
