import { type EventSourceMapping, isStopped } from '../operator/relay/mapping.ts';
import type { Replayed } from '../operator/relay/replay.ts';
import { wrap } from './layout.ts';
import type { View } from './terminal.ts';

export interface ReplayReport extends Replayed {
  readonly environment: string;
  /** ARN of the relay's queue. */
  readonly queue: string;
  readonly eventSourceMapping?: EventSourceMapping;
}

/** What was moved back, and what becomes of it. */
export function relayReplayPage(report: ReplayReport, view: View): string[] {
  return sentences(report).flatMap((line) => wrap(line, view.columns));
}

function sentences({
  environment,
  move,
  joined,
  queue,
  eventSourceMapping: mapping,
}: ReplayReport): string[] {
  const status = `npx keyctl relay status --env ${environment}`;
  if (!move) {
    return [
      `No event of ${environment} has failed, so there is nothing to move. (SQS may count one a minute late: ${status})`,
    ];
  }
  const { moved, to } = move;
  const others = joined ? ' by a move that was under way' : '';
  const count = `${moved.toLocaleString('en')} failed ${moved === 1 ? 'event' : 'events'}`;
  const done = `${count} of ${environment} ${moved === 1 ? 'was' : 'were'} moved back${others}.`;
  if (to !== undefined && to !== queue) {
    return [`${done} It named another queue than the relay's, where nothing sends them: ${to}`];
  }
  const becomes =
    mapping && isStopped(mapping)
      ? `The relay is held back, so they wait with the others: ${status}`
      : `The relay sends them within minutes. What Amplitude refuses again fails again: ${status}`;
  return [done, becomes];
}
