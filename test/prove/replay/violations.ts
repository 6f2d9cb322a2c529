import type { Violation } from '../proof.ts';
import { type FalseAlarm, type Found, type Judgement, tellOf } from './judge.ts';

/** Of so many reads less than one false alarm is promised. */
export const PER_READS = 10_000;
/** Told in full, of more the number. */
const MOST_TOLD = 12;

/** What of a replayed day isn't as it is promised. */
export function complaintsOf(judgement: Judgement): Violation[] {
  const { found, falseAlarms, reads, quarantined, missing } = judgement;
  const missed = found.filter(({ isFound }) => !isFound);
  const complaints = [
    {
      promise: 'Every planted attack is found.',
      lines: missed.map(tellMissed),
    },
    {
      promise: `Less than one false alarm in ${PER_READS.toLocaleString('en')} reads.`,
      lines: falseAlarms.length * PER_READS < reads ? [] : falseAlarms.map(tellFalse),
    },
    {
      promise: 'Nobody who does nothing wrong is quarantined.',
      lines: quarantined,
    },
    {
      promise: 'Every read is in the usage record.',
      lines: missing.map(({ principal, at }) => `${principal} at ${new Date(at).toISOString()}`),
    },
  ];
  return complaints
    .filter(({ lines }) => lines.length > 0)
    .map(({ promise, lines }) => ({ promise, how: few(lines).join('\n') }));
}

const tellMissed = ({ planted: { kind, number, told }, score, answers }: Found) =>
  [`${kind} ${number}, highest score ${score}: ${told}`, ...answers].join('\n  ');

const tellFalse = ({ happening: { at, principal }, line }: FalseAlarm) =>
  `${new Date(at).toISOString()} ${principal}: ${tellOf(line)}`;

function few(lines: readonly string[]): readonly string[] {
  const more = lines.length - MOST_TOLD;
  return more > 0 ? [...lines.slice(0, MOST_TOLD), `and ${more} more`] : lines;
}
