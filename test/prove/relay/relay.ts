import type { Outcome, Proof, ProofOptions, Violation } from '../proof.ts';
import { type Played, play } from './play.ts';

const EVENTS = { short: 5_000, long: 100_000 } as const;
/** A hundred thousand events would take several times that if they stayed; compiled code makes a few. */
const MOST_GROWTH_MB = 10;

export const relay: Proof = {
  name: 'relay',
  about: 'executions through intake, queue and sender, while Amplitude, AWS and keys fail',
  async run({ seed, size, progress }: ProofOptions): Promise<Outcome> {
    const played = await play({ events: EVENTS[size], seed, progress });
    const violations = violationsIn(played, seed, size);
    const { counts, deeds, heap } = played;
    const figures = { ...counts, ...deeds, ...heap };
    return { summary: told(played, violations.length), figures, violations };
  },
};

export function violationsIn(
  { counts, deeds, heap, faults, failed, waiting }: Played,
  seed: number,
  size: ProofOptions['size'],
): Violation[] {
  const again = `Again: npm run prove -- relay --seed ${seed}${size === 'short' ? ' --short' : ''}`;
  const growth = heap.end_mb - heap.first_tenth_mb;
  const { sent, accepted, lost, uncalledFor } = counts;
  const idle = Object.entries(deeds).filter(([, count]) => count === 0);
  const found: (readonly [isBroken: boolean, promise: string, how: string])[] = [
    [accepted !== sent, 'The intake takes every event.', `${sent - accepted} were not taken.`],
    [lost > 0, 'No event that was taken is lost.', `${lost} of ${accepted} never arrived.`],
    [uncalledFor > 0, 'Only what was taken arrives.', `${uncalledFor} came besides.`],
    [waiting > 0, 'Nothing waits for ever.', `${waiting} events were left in the queue.`],
    [failed > 0, 'Nothing fails that Amplitude takes.', `${failed} lie in the failed queue.`],
    [
      growth > MOST_GROWTH_MB,
      'Memory stays flat.',
      `The heap grew by ${growth.toFixed(1)} MB after the first tenth.`,
    ],
    [
      idle.length > 0,
      'All happens that is promised about.',
      `It never came to: ${idle.map(([deed]) => deed).join(', ')}.`,
    ],
    ...faults.map((fault) => [true, 'Each event arrives as it was sent.', fault] as const),
  ];
  return found
    .filter(([isBroken]) => isBroken)
    .map(([, promise, how]) => ({ promise, how: `${how}\n${again}` }));
}

function told({ counts, deeds, heap }: Played, violations: number): string {
  const number = (count: number) => count.toLocaleString('en-US');
  const { accepted, counted, lost, repeats, requests } = counts;
  const { kills, rotations, holds, by_event, by_wake } = deeds;
  return [
    `${number(accepted)} events taken in ${number(requests)} requests`,
    `${number(counted)} in Amplitude, each once (${number(repeats)} repeats of an insert_id), ${lost} lost`,
    `${kills} kills, ${rotations} rotations, ${holds} holds, gone on ${by_event}× by the event, ${by_wake}× by the wake`,
    `heap ${heap.first_tenth_mb.toFixed(1)} → ${heap.end_mb.toFixed(1)} MB`,
    `${violations} violations`,
  ].join('; ');
}
