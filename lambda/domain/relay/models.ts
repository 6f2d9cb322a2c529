import type { ModelCall } from './ports.ts';

/** Calls of each trace, in the order in which they ended. */
export type CallsByTrace = ReadonlyMap<string, readonly ModelCall[]>;

/** A run that calls a model a hundred times in a loop tells of it a few times only. */
const SLOT_MS = 5_000;
/** Of clocks of several processes. */
const TOLERANCE_MS = 1_000;
/** Of one execution; one with more is somebody's mistake, and a message of the queue has 1 MiB. */
const MOST_MODELS = 20;

/** @param endedMs 0: nobody says */
export const slotOf = (endedMs: number) => Math.floor(endedMs / SLOT_MS) * SLOT_MS;

/** Each once, in the order in which they ended. */
export function inOrder(calls: readonly ModelCall[]): ModelCall[] {
  const named = new Map(calls.map((call) => [`${call.slotMs} ${call.model}`, call]));
  return [...named.values()].sort((one, other) => one.slotMs - other.slotMs);
}

/**
 * Models whose calls ended while an execution ran. A trace alone doesn't tell them apart: whoever
 * calls Dify's API may give several runs one trace, and a run that is another's tool is in its trace.
 * @param execution times of 0 are unknown, and then any time is as good; of a call likewise
 * @param calls in the order in which they ended
 */
export function modelsDuring(
  { startedMs, endedMs }: { readonly startedMs: number; readonly endedMs: number },
  calls: readonly ModelCall[],
): string[] {
  const models = new Set<string>();
  const add = (from: number, to: number) => {
    for (const { model } of calls.slice(from, to)) {
      if (models.size === MOST_MODELS) return;
      models.add(model);
    }
  };
  if (startedMs > 0 && endedMs > 0) {
    const first = slotOf(startedMs - TOLERANCE_MS);
    add(0, indexFrom(calls, 1));
    add(indexFrom(calls, first), indexFrom(calls, endedMs + TOLERANCE_MS + 1));
  } else add(0, calls.length);
  return [...models].sort();
}

/** Of the first that ended then or later. */
function indexFrom(calls: readonly ModelCall[], slotMs: number): number {
  let [from, to] = [0, calls.length];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if ((calls[middle]?.slotMs ?? 0) < slotMs) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Several models that answered one execution are told in one property, each once, in alphabetical order. */
export const modelsTold = (models: readonly string[]) => [...new Set(models)].sort().join(', ');
