import type { GuardRules } from '../../contract.ts';
import { digestOf } from '../secret-value.ts';
import type { RecordedCall } from './call.ts';
import type { Marks } from './ports.ts';

type Limit = Pick<GuardRules, 'mostReads' | 'withinMinutes'>;

/** Marks of reads to be added to one set. */
export interface Window {
  readonly set: string;
  readonly marks: readonly string[];
  readonly expires: Date;
}

const MINUTE = 60_000;
const KEPT_MS = 24 * 60 * MINUTE;

/**
 * The sets that count reads of one kind. Each is of twice the minutes and begins a half after the
 * one before, so that every stretch of so many minutes, wherever it begins, lies within one of them.
 */
export function windowsOf(
  of: string,
  calls: readonly RecordedCall[],
  { withinMinutes }: Limit,
): Window[] {
  const length = withinMinutes * MINUTE;
  const starts = new Map<number, string[]>();
  for (const { id, at } of calls) {
    const half = Math.floor(at.getTime() / length);
    for (const start of [half - 1, half]) {
      const marks = starts.get(start) ?? [];
      marks.push(markOf(id, at.getTime() - start * length));
      starts.set(start, marks);
    }
  }
  return [...starts].map(([start, marks]) => ({
    set: `reads ${of} ${withinMinutes}m ${start}`,
    marks,
    expires: new Date((start + 2) * length + KEPT_MS),
  }));
}

/** The second within the set and a hash of the event: the same event is counted once. */
const markOf = (id: string, offset: number) =>
  `${Math.floor(offset / 1000).toString(36)}.${digestOf(id).slice(0, 10)}`;

const secondOf = (mark: string) => Number.parseInt(mark, 36);

/** A set of two halves that holds more than this has too many in one of them. */
export const mostMarks = ({ mostReads }: Limit) => 2 * mostReads;

/** The most reads within so many minutes. Of a full set it is known that they were too many. */
export function mostWithin(marks: Marks, { mostReads, withinMinutes }: Limit): number {
  if (marks === 'full') return mostReads + 1;
  const seconds = marks.map(secondOf).sort((one, other) => one - other);
  let most = 0;
  let first = 0;
  for (const [index, second] of seconds.entries()) {
    while (second - (seconds[first] ?? second) >= withinMinutes * 60) first += 1;
    most = Math.max(most, index - first + 1);
  }
  return most;
}
