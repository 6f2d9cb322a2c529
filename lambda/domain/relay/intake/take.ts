import { KeysError } from '../../errors.ts';
import { keyedDigestOf } from '../../secret-value.ts';
import { executionsIn } from './execution.ts';
import type { IntakePorts } from './ports.ts';
import { readPosted } from './posted.ts';
import { refusedEventsTold } from './refused-events.ts';
import { type Shaping, shapeExecution } from './shape.ts';
import type { Spans } from './span.ts';

type TakePorts = Pick<IntakePorts, 'settings' | 'tokens' | 'models' | 'queue' | 'atOnce' | 'clock'>;

/** What became of a request, in numbers. */
export interface Taken {
  /** Put into the queue. */
  readonly events: number;
  /** Traces whose models were kept for an event that came before or will come. */
  readonly models: number;
  /** Spans that will never be taken. */
  readonly rejected: number;
  /** Fields that were left out. */
  readonly scrubbed: number;
}

/** Of a table that answers in milliseconds; a request has 10,000 spans at most. */
const MODELS_AT_ONCE = 20;

/** @throws KeysError unless all was taken; some may have been, and comes again with the same insert_id */
export async function takeTraces(ports: TakePorts, spans: Spans): Promise<Taken> {
  const { executions, calls, scrubbed } = executionsIn(spans);
  if (executions.length > 0) {
    const shaping = await shapingOf(ports);
    await ports.queue.put(executions.map((execution) => shapeExecution(execution, shaping)));
  }
  // Afterwards, since no event must wait for them: the queue keeps each from the sender for ten seconds
  const call = ports.atOnce(MODELS_AT_ONCE);
  const ends = await Promise.allSettled(
    [...calls].map(([trace, group]) => call(() => ports.models.add(trace, group))),
  );
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return { events: executions.length, models: calls.size, rejected: spans.rejected, scrubbed };
}

/** @throws KeysError likewise, and EVENTS_UNREADABLE, API_KEY_POSTED, EVENTS_REFUSED with nothing taken */
export async function takePosted(
  ports: TakePorts,
  body: Uint8Array,
  requestId: string,
): Promise<Taken> {
  const { events, refused, scrubbed } = readPosted(body, requestId, await shapingOf(ports));
  if (refused.length > 0) {
    throw new KeysError(
      'EVENTS_REFUSED',
      `Nothing was taken, since some events can't be. ${refusedEventsTold(refused)}. Mend these or leave them out, and send all others again.`,
    );
  }
  if (events.length > 0) await ports.queue.put(events);
  return { events: events.length, models: 0, rejected: 0, scrubbed };
}

async function shapingOf({ settings, tokens, clock }: TakePorts): Promise<Shaping> {
  const key = await tokens.digestKey();
  const digest = (text: string) => keyedDigestOf(key, text);
  return { settings, digest, receivedAt: clock.now() };
}
